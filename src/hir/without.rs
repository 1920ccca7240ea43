//! The first step of a job that asks for what no step before it has given.

use crate::catalog::{actions, runners};
use crate::hir::local::each_step;
use crate::hir::{Job, Pipeline, Runner, Step, StepKind};

/// The first step that `asks`, where none before it `gives`; none behind an action that is not known, which may give anything.
pub(super) fn first<T>(job: &Job, gives: impl Fn(&Step) -> bool, asks: impl Fn(&Step) -> Option<T>) -> Option<(&Step, T)> {
    let mut steps = Vec::new();
    each_step(job, &mut |step| steps.push(step));
    for step in steps {
        if gives(step) {
            return None;
        }
        if let Some(found) = asks(step) {
            return Some((step, found));
        }
        if matches!(&step.kind, StepKind::Uses { action, .. } if !is_harmless(action)) {
            return None;
        }
    }
    None
}

/// Whether an action gives nothing to later steps but its tool.
fn is_harmless(action: &str) -> bool {
    ["actions/", "docker/", "crazy-max/ghaction-"].iter().any(|owner| action.starts_with(owner)) || actions::goes_along(action)
}

/// Whether a job runs on a machine of GitHub's, where nobody has logged in.
pub(super) fn is_on_githubs(pipeline: &Pipeline, job: &Job) -> bool {
    match job.runner.as_ref().or(pipeline.defaults.runner.as_ref()) {
        None => true,
        Some(Runner::Label(label)) => runners::find(label).is_some() || label.contains("matrix."),
        Some(Runner::Auto(_)) => pipeline.runners.is_empty(),
        Some(Runner::Data(_)) => false,
    }
}
