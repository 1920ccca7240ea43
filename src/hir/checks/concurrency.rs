//! A job in the `concurrency` group of its own workflow.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0317_deadlock::deadlock;
use crate::hir::{Pipeline, Switch};

/// Checks that no job waits for the run that it is part of.
pub fn check(pipeline: &Pipeline, _: bool, diags: &mut Vec<Diag>) {
    let Switch::Written(file) = &pipeline.defaults.concurrency else { return };
    let group = file.group.spelled();
    for job in pipeline.jobs.values() {
        if let Switch::Written(own) = &job.concurrency
            && own.group.spelled() == group
        {
            diags.push(own.group.origin.explain(deadlock(&group, own.group.origin.span, file.group.origin.span)));
        }
    }
}
