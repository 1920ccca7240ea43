//! `optimize by`: other machines and shards for some of the runs. Which jobs share a machine, come apart or hand over what is the same in all of them: the graph
//! is one, and its checks have the same names.

use super::limits::Limits;
use super::{PASS, Placed, Reason, chosen};
use crate::cost::machine::visibility;
use crate::cost::{auto, estimate, model};
use crate::hir::{Job, Objective, Pipeline, Runner, Shards, Value, ValueKind};
use crate::passes::Context;
use crate::plan::{Difference, Plan};

/// What all plans have in common.
const GRAPH: &[&str] = &["fuse", "parallel", "split", "repeat", "handover"];

/// Decides them, by a plan of the same graph in which nothing is chosen of what may differ.
pub(super) fn decide(plan: &mut Plan, open: &Plan, context: &mut Context<'_>) {
    let Some(by) = plan.pipeline.optimize.by.clone() else { return };
    for (name, alternative) in &by.alternatives {
        let mut own = open.clone();
        own.pipeline.optimize = plan.pipeline.optimize.under(alternative);
        let off = || Value { kind: ValueKind::Bool(false), origin: alternative.origin.clone() };
        own.pipeline.optimize.settings.extend(GRAPH.iter().map(|of_graph| ((*of_graph).to_owned(), off())));
        let before = model(&(context.later)(&own), context.profile, visibility(&own));
        let found = chosen(&own, &before, &std::cell::LazyCell::new(|| estimate(&before)), &Limits::of(&own), context);
        let (own, notes) = found.map_or((own, Vec::new()), |Placed { plan, notes, .. }| (plan, notes));
        for (id, work) in &mut plan.works {
            let Some(other) = own.works.get(id) else { continue };
            let difference = difference(&plan.pipeline, &work.job, &other.job);
            if difference == Difference::default() {
                continue;
            }
            note(id, (name, alternative.objective), &difference, &notes, context);
            work.differences.insert(name.clone(), difference);
        }
    }
    // What has several shards in some run has a matrix in all.
    let is_split = |differences: &crate::map::IndexMap<String, Difference>| differences.values().any(|it| it.shards.is_some());
    let mut works: Vec<_> = std::mem::take(&mut plan.works).into_values().collect();
    for work in works.iter_mut().filter(|work| is_split(&work.differences)) {
        let job = std::sync::Arc::make_mut(&mut work.job);
        job.shards.iter_mut().filter(|shards| shards.number().is_none()).for_each(|shards| shards.set(1));
    }
    plan.set(works);
    for name in by.alternatives.keys() {
        let own = plan.under(name);
        let limits = Limits::of(&own);
        if limits.any() {
            let model = model(&(context.later)(&own), context.profile, visibility(&own));
            limits.check(&own, &model, &estimate(&model), &mut context.diags);
        }
    }
}

/// What a job has in one plan otherwise than in the usual one.
fn difference(pipeline: &Pipeline, usual: &Job, other: &Job) -> Difference {
    let runner = machine(pipeline, usual)
        .zip(machine(pipeline, other))
        .and_then(|(usual, other)| (usual != other && is_plain(pipeline, &usual) && is_plain(pipeline, &other)).then_some(other));
    let count = |job: &Job| job.shards.as_ref().map(|shards| Shards::number(shards).unwrap_or(1));
    let shards = count(other).filter(|other| count(usual) != Some(*other));
    Difference { runner, shards, timeout: None }
}

/// The machine of a job that may be chosen.
fn machine(pipeline: &Pipeline, job: &Job) -> Option<String> {
    match job.runner.as_ref().or(pipeline.defaults.runner.as_ref())? {
        Runner::Label(label) => Some(label.as_str().to_owned()),
        Runner::Auto(wishes) => Some(auto::usual(pipeline, job, wishes)),
        Runner::Data(_) => None,
    }
}

/// Whether an expression can say it: groups and what only run time knows it cannot.
fn is_plain(pipeline: &Pipeline, label: &str) -> bool {
    let is_text = |value: &Value| matches!(&value.kind, ValueKind::Text(text) if !text.contains("${{"));
    pipeline.runners.get(label).is_none_or(|named| match &named.label.kind {
        ValueKind::List(labels) => labels.iter().all(is_text),
        _ => is_text(&named.label),
    })
}

/// Notes what differs, and why.
fn note(id: &str, (name, objective): (&str, Objective), difference: &Difference, reasons: &[Reason], context: &mut Context<'_>) {
    let word = match objective {
        Objective::Time => "time",
        Objective::Cost => "cost",
        Objective::Balanced | Objective::Off => "balanced",
    };
    let mut say = |what: String, begins: &str| {
        let own = reasons.iter().find(|reason| reason.note.job == id && reason.note.what.starts_with(begins));
        let why = own.map_or("nothing else is better", |reason| reason.why.as_str());
        let (what, why) = (format!("{what} in runs of `{name}`"), format!("for `{word}`: {why}"));
        context.ledger.note(PASS.name, Some(id), what, why).on(own.map(|reason| reason.grounds.clone()).unwrap_or_default());
    };
    if let Some(runner) = &difference.runner {
        say(format!("runs `{id}` on `{runner}`"), "runs");
    }
    match difference.shards {
        Some(1) => say(format!("leaves `{id}` in one shard"), "splits"),
        Some(shards) => say(format!("splits `{id}` into {shards} shards"), "splits"),
        None => {}
    }
}
