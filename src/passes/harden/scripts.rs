//! Run-time expressions leave scripts: GitHub writes their values into the script as code, a variable's value is never code.

use std::sync::Arc;

use crate::hir::scripts::{Found, expressions};
use crate::hir::{Job, Pipeline, Step, StepKind};
use crate::plan::{Role, Work, text};
use crate::text::Text;

/// Gives the expressions of a work's scripts to variables, where the shell would do the same with these. How many there were.
pub(super) fn move_to_variables(pipeline: &Pipeline, work: &mut Work) -> usize {
    let Work { job, prologue, .. } = work;
    let mut moved = 0;
    // Most jobs have no expression in a script, and need no copy of their own.
    if job.steps.iter().any(asks) {
        let job = Arc::make_mut(job);
        let mut steps = std::mem::take(&mut job.steps);
        moved += steps.iter_mut().map(|step| in_step(pipeline, job, step)).sum::<usize>();
        job.steps = steps;
    }
    let foreign = job.shell.as_ref().or(pipeline.defaults.shell.as_ref()).is_some();
    for derived in prologue.iter_mut().filter(|derived| matches!(derived.role, Role::Setup | Role::Install)) {
        let step = &mut derived.step;
        // What the library's scripts are written for, whatever the author's are.
        let own = step.shell.is_none() && foreign;
        if own {
            step.shell = Some(Text::verbatim("bash", step.origin.span));
        }
        moved += in_step(pipeline, job, step);
        if own {
            step.shell = None;
        }
    }
    moved
}

fn asks(step: &Step) -> bool {
    match &step.kind {
        StepKind::Run(script) => script.contains("${{"),
        StepKind::Parallel(steps) => steps.iter().any(asks),
        _ => false,
    }
}

fn in_step(pipeline: &Pipeline, job: &Job, step: &mut Step) -> usize {
    if let StepKind::Parallel(steps) = &mut step.kind {
        return steps.iter_mut().map(|step| in_step(pipeline, job, step)).sum();
    }
    let found = expressions(pipeline, job, step);
    let StepKind::Run(script) = &step.kind else { return 0 };
    let mut rewritten = Text::default();
    let (mut at, mut moved) = (0, 0);
    for Found { range, variable: (name, is_new), edit, .. } in &found {
        let Some(edit) = edit else { continue };
        if at < edit.range.start {
            rewritten.extend(script, at..edit.range.start);
        }
        rewritten.push(&edit.text, script.source(range.clone()));
        at = edit.range.end;
        moved += 1;
        if *is_new {
            let value = text(&script[range.clone()], &step.origin);
            step.env.entry(name.clone()).or_insert(value);
        }
    }
    if moved > 0 {
        if at < script.len() {
            rewritten.extend(script, at..script.len());
        }
        step.kind = StepKind::Run(rewritten);
    }
    moved
}
