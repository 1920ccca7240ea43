//! Toolchains that are not for each system: where a job runs on others, too, their steps ask for the system.

use std::sync::Arc;

use crate::catalog::library;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0746_toolchain_of_another_system::toolchain_of_another_system;
use crate::expr::{CompareOp, Expr};
use crate::hir::machines::systems;
use crate::hir::{Condition, Job, Pipeline, Toolchain};
use crate::source::Span;

/// Toolchains of the library and the systems that they are for, as `runner.os` has them.
const SYSTEMS: [(&str, &[&str]); 2] = [("apt", &["Linux"]), ("brew", &["Linux", "macOS"])];

/// Looks at every job. One that runs on no such system does without what the file says of all.
pub(super) fn fit(pipeline: &mut Pipeline) -> Vec<Diag> {
    let mut diags = Vec::new();
    let is_bound = |job: &Job| SYSTEMS.iter().any(|(name, _)| job.toolchains.contains_key(*name)) && job.container.is_none();
    let bound: Vec<String> = pipeline.jobs.values().filter(|job| is_bound(job)).map(|job| job.id.clone()).collect();
    for id in bound {
        let Some(mut job) = pipeline.jobs.get(&id).cloned() else { continue };
        let found = systems(pipeline, &job);
        for (name, systems) in SYSTEMS {
            let Some(toolchain) = job.toolchains.get(name).filter(|it| is_of_library(it)).cloned() else { continue };
            let fits = |system: Option<&'static str>| system.is_none_or(|system| systems.contains(&system));
            if found.iter().copied().all(fits) {
                continue;
            }
            let job = Arc::make_mut(&mut job);
            if found.iter().copied().any(fits) {
                job.toolchains.insert(name.to_owned(), Arc::new(only_on(systems, &toolchain)));
            } else if job.whole.start <= toolchain.origin.span.start && toolchain.origin.span.end <= job.whole.end {
                let other = found.iter().flatten().next().copied().unwrap_or_default();
                diags.push(toolchain.origin.explain(toolchain_of_another_system(name, systems, other, toolchain.origin.span)));
            } else {
                job.toolchains.shift_remove(name);
            }
        }
        pipeline.jobs.insert(id, job);
    }
    diags
}

fn is_of_library(toolchain: &Toolchain) -> bool {
    toolchain.steps().next().is_some_and(|step| library::holds(step.origin.span))
}

fn only_on(systems: &[&str], toolchain: &Toolchain) -> Toolchain {
    let mut toolchain = toolchain.clone();
    for step in toolchain.setup.iter_mut().chain(&mut toolchain.install) {
        let span = Span::default();
        let is = |op, system: &str| Expr::compare(op, Expr::path(["runner", "os"], span), Expr::string(system, span));
        let expr = match systems {
            [only] => is(CompareOp::Eq, only),
            _ => is(CompareOp::Ne, "Windows"),
        };
        step.when = Condition::both(Some(Condition::derived(expr, step.origin.clone())), step.when.take());
    }
    toolchain
}
