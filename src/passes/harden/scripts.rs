//! Run-time expressions leave scripts: GitHub writes their values into the script as code, a variable's value is never code.

use std::sync::Arc;

use crate::expr::text::has_hole;
use crate::hir::scripts::{Found, expressions};
use crate::hir::{Job, Pipeline, Step, StepKind};
use crate::plan::{Role, Work, text};
use crate::profile::display_name;
use crate::text::Text;

/// Gives the expressions of a work's scripts to variables, where the shell would do the same with these. How many there were.
pub(super) fn move_to_variables(pipeline: &Pipeline, work: &mut Work) -> usize {
    let Work { job, prologue, .. } = work;
    let mut moved = 0;
    // Most jobs have no expression in a script, and need no copy of their own.
    if job.each_step().any(asks) {
        let job = Arc::make_mut(job);
        let mut steps = std::mem::take(&mut job.steps);
        moved += steps.iter_mut().map(|step| in_step(pipeline, job, step)).sum::<usize>();
        job.steps = steps;
    }
    // The library's scripts are written for bash, whatever the author's are for.
    let written = job.shell.is_some() || pipeline.defaults.shell.is_some();
    for derived in prologue.iter_mut().filter(|derived| matches!(derived.role, Role::Setup | Role::Install)) {
        let step = &mut derived.step;
        let found = expressions(pipeline, job, step, (step.shell.is_none() && written).then_some("bash"));
        moved += rewrite(step, &found);
    }
    moved
}

fn asks(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Run(script) if has_hole(script))
}

fn in_step(pipeline: &Pipeline, job: &Job, step: &mut Step) -> usize {
    if let StepKind::Parallel(steps) = &mut step.kind {
        return steps.iter_mut().map(|step| in_step(pipeline, job, step)).sum();
    }
    let found = expressions(pipeline, job, step, None);
    rewrite(step, &found)
}

/// Puts variables in the place of what was found, as far as they will do. How many did.
fn rewrite(step: &mut Step, found: &[Found]) -> usize {
    let StepKind::Run(script) = &step.kind else { return 0 };
    let mut rewritten = Text::default();
    let (mut at, mut moved) = (0, 0);
    for Found { range, variable: (name, is_new), edit, .. } in found {
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
        let was = display_name(step);
        step.was = step.was.take().or_else(|| Some(Box::new(was)));
        if at < script.len() {
            rewritten.extend(script, at..script.len());
        }
        step.kind = StepKind::Run(rewritten);
    }
    moved
}
