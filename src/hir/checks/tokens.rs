//! Commands that ask GitHub, and have no token.

use crate::catalog::{actions, gh, runners};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0751_gh_without_token::gh_without_token;
use crate::hir::{Job, Map, Pipeline, Runner, StepKind};

/// Looks at the first of each job.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let jobs = pipeline.jobs.values().filter(|job| is_on_githubs(pipeline, job));
    diags.extend(jobs.filter_map(|job| without_token(pipeline, job)));
}

fn without_token(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let gives = |env: &Map| env.keys().any(|name| gh::is_token(name));
    let (_, rows) = job.written_rows();
    if gives(&pipeline.defaults.env) || gives(&job.env) || rows.iter().any(|row| gives(&row.job.env)) {
        return None;
    }
    for step in job.each_step() {
        match &step.kind {
            // For this step, or for all that follow.
            StepKind::Run(script) if gh::is_told(script) => return None,
            StepKind::Run(script) if !gives(&step.env) => {
                if let Some(at) = gh::asks(script) {
                    let name = &script.as_str()[at.clone()];
                    return Some(step.origin.explain(gh_without_token(name, script.source(at.clone()))));
                }
            }
            // What others set is not known.
            StepKind::Uses { action, .. } if !is_harmless(action) => return None,
            _ => {}
        }
    }
    None
}

/// Whether an action gives no variables to later steps but those of its tool.
fn is_harmless(action: &str) -> bool {
    action.starts_with("actions/") || action.starts_with("docker/") || actions::goes_along(action)
}

/// Whether a job runs on a machine of GitHub's, where nobody has logged in.
fn is_on_githubs(pipeline: &Pipeline, job: &Job) -> bool {
    match job.runner.as_ref().or(pipeline.defaults.runner.as_ref()) {
        None => true,
        Some(Runner::Label(label)) => runners::find(label).is_some() || label.contains("matrix."),
        Some(Runner::Auto(_)) => pipeline.runners.is_empty(),
        Some(Runner::Data(_)) => false,
    }
}
