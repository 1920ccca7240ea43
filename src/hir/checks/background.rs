//! `wait` and `cancel` name background steps above them.

use crate::diagnostics::codes::e0308_unknown_background::{not_in_background, unknown_step};
use crate::diagnostics::{Diag, nearest};
use crate::hir::{Pipeline, Step, StepKind};
use crate::source::Span;

/// Checks what every `wait` and `cancel` names.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let mut above: Vec<(&str, Span, bool)> = Vec::new();
        for step in &job.steps {
            one(step, &above, diags);
            let inner: &[Step] = if let StepKind::Parallel(steps) = &step.kind { steps } else { &[] };
            let known = std::iter::once(step).chain(inner);
            above.extend(known.filter_map(|step| step.id.as_ref().map(|(id, at)| (id.as_str(), *at, step.background))));
        }
    }
}

fn one(step: &Step, above: &[(&str, Span, bool)], diags: &mut Vec<Diag>) {
    let (statement, ids) = match &step.kind {
        StepKind::Wait(ids) => ("wait", ids),
        StepKind::Cancel(ids) => ("cancel", ids),
        _ => return,
    };
    for id in ids {
        match above.iter().find(|(known, ..)| known.eq_ignore_ascii_case(id)) {
            Some((.., true)) => {}
            Some((_, at, false)) => diags.push(step.origin.explain(not_in_background(id, id.span(), *at))),
            None => {
                let near = nearest(id, above.iter().filter(|(.., background)| *background).map(|(id, ..)| *id));
                diags.push(step.origin.explain(unknown_step(statement, id, near, id.span())));
            }
        }
    }
}
