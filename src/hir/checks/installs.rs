//! Installs of toolchains where the checkout has put no files.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0755_install_without_files::install_without_files;
use crate::hir::{Job, Pipeline, StepKind, Value};

/// Looks at the first toolchain of each job whose only checkouts have a path.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    diags.extend(pipeline.jobs.values().filter_map(|job| away(job)));
}

fn away(job: &Job) -> Option<Diag> {
    let paths: Option<Vec<&Value>> = job
        .steps
        .iter()
        .filter(|step| step.fetches())
        .map(|step| match &step.kind {
            StepKind::Checkout(with) | StepKind::Uses { with, .. } => with.get("path"),
            _ => None,
        })
        .collect();
    let folder = |path: &Value| path.spelled().trim_start_matches("./").trim_end_matches('/').to_owned();
    let paths: Vec<(&Value, String)> = paths?.into_iter().map(|path| (path, folder(path))).collect();
    let is_known = |path: &str| !path.is_empty() && path != "." && !path.contains("${{");
    let (first, path) = paths.first().filter(|_| paths.iter().all(|(_, path)| is_known(path)))?;
    let is_inside = |dir: &str| {
        let dir = dir.trim_start_matches("./");
        paths.iter().any(|(_, path)| dir.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    job.toolchains.values().find_map(|toolchain| {
        // One that looks for no files needs none.
        let mut installs = toolchain.install.iter().filter(|_| !toolchain.reads.is_empty());
        let step = installs.find(|step| step.dir.as_ref().is_none_or(|dir| !is_inside(dir)))?;
        let StepKind::Run(command) = &step.kind else { return None };
        let command = command.lines().next()?;
        Some(job.origin.explain(install_without_files(command, &toolchain.name, path, toolchain.origin.span, first.origin.span)))
    })
}
