//! Commands that ask GitHub, and have no token.

use crate::catalog::gh;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0751_gh_without_token::gh_without_token;
use crate::hir::without::{first, is_on_githubs};
use crate::hir::{Job, Map, Pipeline, Step, StepKind};

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
    // For this step, or for all that follow.
    let is_told = |step: &Step| matches!(&step.kind, StepKind::Run(script) if gh::is_told(script));
    let asks = |step: &Step| match &step.kind {
        StepKind::Run(script) if !gives(&step.env) => {
            gh::asks(script).map(|at| gh_without_token(&script[at.clone()], script.source(at)))
        }
        _ => None,
    };
    first(job, is_told, asks).map(|(step, found)| step.origin.explain(found))
}
