//! A workflow has an event and a job, and no command takes in a statement.

use crate::diagnostics::codes::e0311_no_job::{neither, no_event, no_job};
use crate::diagnostics::codes::w0310_statement_in_command::{command_of_statement, statement_in_command};
use crate::diagnostics::{Diag, has_errors};
use crate::hir::{Duration, Pipeline, Step, StepKind};

/// Statements that are no commands of a shell.
const STATEMENTS: [&str; 20] = [
    "run",
    "uses",
    "needs",
    "reads",
    "writes",
    "keep",
    "matrix",
    "runner",
    "locks",
    "toolchain",
    "permissions",
    "concurrency",
    "environment",
    "may-fail",
    "takes",
    "shards",
    "container",
    "outputs",
    "when",
    "allow",
];

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
            let word_at = |at: usize| text[at..].split(' ').next().unwrap_or_default();
            let first = word_at(0);
            if let Some((at, _)) = text.match_indices("; ").find(|(at, _)| is_statement(&text[at + 2..])) {
                let word = word_at(at + 2);
                let place = text.source(at + 2..at + 2 + word.len());
                diags.push(step.origin.explain(statement_in_command(word, place)));
            } else if let Some(at) = job_behind_brace(text) {
                diags.push(step.origin.explain(statement_in_command("job", text.source(at..at + 3))));
            } else if matches!(first, "run" | "uses") && first.len() < text.len() {
                diags.push(step.origin.explain(command_of_statement(first, text.source(0..first.len()))));
            }
        }
        StepKind::Parallel(steps) => steps.iter().for_each(|step| command(step, diags)),
        _ => {}
    }
}

/// Where a job begins behind the brace that was meant to end the block of this command: `make } job b { run x`.
fn job_behind_brace(text: &str) -> Option<usize> {
    let behind = ["} job ", "}; job "].iter().filter_map(|brace| text.find(brace).map(|at| at + brace.len() - "job ".len()));
    behind.min().filter(|at| text[*at..].contains(['{', ':']))
}

/// Whether a text begins as a statement, and not as a command; `timeout 5m` without a command is none.
fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("timeout"), Some(duration), None) => Duration::parse(duration).is_some(),
        (Some(word), ..) => STATEMENTS.contains(&word),
        _ => false,
    }
}
