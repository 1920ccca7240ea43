//! `gate … except` names jobs.

use crate::diagnostics::codes::e0401_unknown_job::unknown_job;
use crate::diagnostics::{Diag, nearest};
use crate::hir::Pipeline;

/// Checks the names behind `except`.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let Some(gate) = pipeline.gate.as_ref().filter(|_| !broken) else { return };
    for (name, at) in gate.except.iter().filter(|(name, _)| !pipeline.jobs.contains_key(name)) {
        let near = nearest(name, pipeline.jobs.keys().map(String::as_str));
        diags.push(gate.origin.explain(unknown_job(name, near, *at)));
    }
}
