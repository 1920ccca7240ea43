//! Ids: of the form that GitHub takes, and each step's its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0207_said_twice::defined_twice;
use crate::diagnostics::codes::e0212_bad_id::bad_id;
use crate::hir::{Pipeline, Step, StepKind};
use crate::source::Span;
use crate::workflow::is_id;

/// Checks the ids of jobs and steps.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut jobs: BTreeMap<String, Span> = BTreeMap::new();
    // A loop makes many of one name: its fault is said once, at the place of the name.
    let mut said = BTreeSet::new();
    for job in pipeline.jobs.values() {
        // To GitHub `Build` and `build` are one job.
        if let Some(before) = jobs.insert(job.id.to_lowercase(), job.origin.span) {
            diags.push(job.origin.explain(defined_twice("job", &job.id, job.origin.span, before)));
        }
        if !is_id(&job.id) && said.insert(job.origin.span) {
            diags.push(job.origin.explain(bad_id("job", &job.id, job.origin.span)));
        }
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let derived = job.toolchains.values().flat_map(|toolchain| toolchain.steps());
        derived.chain(&job.steps).for_each(|step| step_ids(step, &mut seen, &mut said, diags));
    }
}

fn step_ids(step: &Step, seen: &mut BTreeMap<String, Span>, said: &mut BTreeSet<Span>, diags: &mut Vec<Diag>) {
    if let Some((id, span)) = &step.id {
        if !is_id(id) && said.insert(*span) {
            diags.push(step.origin.explain(bad_id("step", id, *span)));
        }
        // Case does not count where they are asked for.
        if let Some(before) = seen.insert(id.to_lowercase(), *span) {
            diags.push(step.origin.explain(defined_twice("step", id, *span, before)));
        }
    }
    if let StepKind::Parallel(steps) = &step.kind {
        steps.iter().for_each(|step| step_ids(step, seen, said, diags));
    }
}
