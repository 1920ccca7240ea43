//! A workflow has an event and a job, and no command takes in a statement.

use crate::diagnostics::codes::e0311_no_job::{neither, no_event, no_job};
use crate::diagnostics::codes::w0310_statement_in_command::statement_in_command;
use crate::diagnostics::{Diag, has_errors};
use crate::hir::{Pipeline, Step, StepKind};

/// Statements that are no commands of a shell.
const STATEMENTS: [&str; 7] = ["run", "uses", "needs", "reads", "writes", "matrix", "runner"];

/// Checks all of it. A file of definitions alone, to be imported, has neither events nor jobs.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let job = pipeline.jobs.values().next();
    let has_jobs = job.is_some() || pipeline.raw.contains_key("jobs");
    let has_events = !pipeline.triggers.is_empty() || pipeline.raw.contains_key("on");
    match (has_events, has_jobs) {
        // What is missing may be there, and refused for another reason.
        _ if broken || pipeline.is_library() || has_errors(diags) => {}
        (true, false) => {
            diags.extend(pipeline.triggers.first().map(|trigger| trigger.origin.explain(no_job(trigger.origin.span))));
        }
        (false, true) => diags.extend(job.map(|job| job.origin.explain(no_event(job.origin.span)))),
        (false, false) => diags.push(neither(pipeline.whole.head())),
        (true, true) => {}
    }
    for job in pipeline.jobs.values() {
        job.steps.iter().for_each(|step| command(step, diags));
    }
}

fn command(step: &Step, diags: &mut Vec<Diag>) {
    match &step.kind {
        StepKind::Run(text) if !text.contains('\n') => {
            let stands = |(at, _): &(usize, &str)| {
                let word = text[at + 2..].split(' ').next().unwrap_or_default();
                STATEMENTS.contains(&word).then_some((at + 2, word))
            };
            if let Some((at, word)) = text.match_indices("; ").find_map(|found| stands(&found)) {
                let place = text.source(at..at + word.len());
                diags.push(step.origin.explain(statement_in_command(word, place)));
            }
        }
        StepKind::Parallel(steps) => steps.iter().for_each(|step| command(step, diags)),
        _ => {}
    }
}
