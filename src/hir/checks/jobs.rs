//! A workflow has a job, and no command takes in a statement.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0311_no_job::no_job;
use crate::diagnostics::codes::w0310_statement_in_command::statement_in_command;
use crate::hir::{Pipeline, Step, StepKind};

/// Statements that are no commands of a shell.
const STATEMENTS: [&str; 7] = ["run", "uses", "needs", "reads", "writes", "matrix", "runner"];

/// Checks both. A file of definitions alone, to be imported, has neither events nor jobs.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let empty = pipeline.jobs.is_empty() && !pipeline.raw.contains_key("jobs") && !broken;
    if let Some(trigger) = pipeline.triggers.first().filter(|_| empty) {
        diags.push(trigger.origin.explain(no_job(trigger.origin.span)));
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
