//! Hardening: the token may only read the repository's contents, no credentials stay behind, and no run-time text is code.

mod credentials;
mod scopes;
mod scripts;
mod tokens;

use std::sync::Arc;

use super::{Context, Pass, Subject, never};
use crate::hir::{Map, Origin, Permissions, Step, StepKind, Value, ValueKind};
use crate::plan::{Plan, Role, text};

pub(super) static PASS: Pass = Pass {
    name: "harden",
    summary: "least rights, no credentials left behind, no run-time text as code",
    required: false,
    asked: never,
    run,
};

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let of_file = plan.permissions.as_ref();
    let works = plan.works.values().filter(|work| work.place.is_some());
    let lacking = works.filter_map(|work| {
        let written = work.job.permissions.as_ref().or(of_file)?;
        scopes::lacking(&plan.pipeline, &work.job, written)
    });
    context.diags.extend(lacking);
    if plan.permissions.is_none() {
        let scopes = Map::from_iter([("contents".to_owned(), text("read", &Origin::default()))]);
        plan.permissions = Some(Permissions::Scopes(scopes));
        let what = "lets the token only read the repository's contents";
        context.ledger.note(PASS.name, None, what, "nothing more is written").about(Subject::Rights);
        let works = plan.works.values().filter(|work| work.place.is_some());
        context.diags.extend(works.filter_map(|work| scopes::missing(&plan.pipeline, &work.job)));
    }
    let works = plan.works.values().filter(|work| work.place.is_some());
    let pipeline = &plan.pipeline;
    context.diags.extend(works.clone().filter_map(|work| credentials::missing(pipeline, &work.job)));
    context.diags.extend(scopes::unreadable(works, plan.permissions.as_ref()));
    let pipeline = &plan.pipeline;
    for (id, work) in &mut plan.works {
        let moved = scripts::move_to_variables(pipeline, work);
        if moved > 0 {
            let what = format!("gives expressions of its scripts to variables: {moved}");
            let why = "GitHub writes the value of an expression into a script as code";
            context.ledger.note(PASS.name, Some(id), what, why).about(Subject::Scripts);
        }
        let derived = work.prologue.iter_mut().filter(|derived| derived.role == Role::Checkout).map(|derived| &mut derived.step);
        // The statement, and not `uses actions/checkout`, whose inputs are the author's alone.
        let is_written = |step: &Step| matches!(step.kind, StepKind::Checkout(_));
        // The pipeline has the job too: few are to be changed, and only those are copied.
        let own = work.job.steps.iter().any(is_written).then(|| &mut Arc::make_mut(&mut work.job).steps);
        let written = own.into_iter().flatten().filter(|step| is_written(step));
        let mut forgets = false;
        for step in derived.chain(written) {
            if let StepKind::Uses { with, .. } | StepKind::Checkout(with) = &mut step.kind {
                forgets |= forget_credentials(with, &step.origin);
            }
        }
        if forgets {
            let what = "does not keep the credentials of the checkout";
            context.ledger.note(PASS.name, Some(id), what, "no later step can use or leak them").about(Subject::Credentials);
        }
    }
}

/// Says that a checkout keeps no credentials, where nothing is written about them.
fn forget_credentials(with: &mut Map, origin: &Origin) -> bool {
    let written = ["persist-credentials", "token", "ssh-key"].iter().any(|key| with.contains_key(*key));
    if !written {
        let off = Value { kind: ValueKind::Bool(false), origin: origin.clone() };
        with.insert("persist-credentials".to_owned(), off);
    }
    !written
}
