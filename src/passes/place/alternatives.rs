//! `optimize by`: other machines and shards for some of the runs. Which jobs share a machine, come apart or hand over what is the same in all of them: the graph
//! is one, and its checks have the same names.

use super::limits::Limits;
use super::worth::Reason;
use super::{PASS, Placed, chosen};
use crate::cost::event::Event;
use crate::cost::{Estimate, auto, estimate, timeline};
use crate::diagnostics::codes::w0739_never_chosen::never_chosen;
use crate::hir::{Job, Objective, Optimize, Origin, Pipeline, Runner, Shards, Value, ValueKind};
use crate::passes::Context;
use crate::plan::{Difference, Plan};

/// What all plans have in common.
const GRAPH: &[&str] = &["fuse", "parallel", "split", "repeat", "handover"];

/// Switches off what is decided for all plans at once.
fn fix_graph(optimize: &mut Optimize, origin: &Origin) {
    let off = || Value { kind: ValueKind::Bool(false), origin: origin.clone() };
    optimize.settings.extend(GRAPH.iter().map(|of_graph| ((*of_graph).to_owned(), off())));
}

/// Whether a setting is switched off for that, and not by the author, who writes it inside of what it belongs to.
pub(super) fn is_of_graph(optimize: &Optimize, setting: &str) -> bool {
    let places = optimize.settings.get(setting).map(|value| value.origin.span).zip(optimize.origin.as_ref());
    GRAPH.contains(&setting) && places.is_some_and(|(own, whole)| own == whole.span)
}

/// Decides them, by a plan of the same graph in which nothing is chosen of what may differ.
pub(super) fn decide(plan: &mut Plan, open: &Plan, context: &mut Context<'_>) {
    let Some(by) = plan.pipeline.optimize.by.clone() else { return };
    for (name, alternative) in &by.alternatives {
        let Some(event) = Event::where_holds(&plan.pipeline, &alternative.is) else {
            context.diags.push(never_chosen(name, alternative.origin.span));
            continue;
        };
        let mut own = open.clone();
        own.pipeline.optimize = plan.pipeline.optimize.under(alternative);
        fix_graph(&mut own.pipeline.optimize, &alternative.origin);
        // Judged by the runs that have it.
        let of_these = context.of(&event);
        let before = of_these.model(&own);
        let limits = Limits::of(&own);
        let found = chosen(&own, &before, &std::cell::LazyCell::new(|| estimate(&before)), &limits, &of_these);
        let (own, notes, expected) = match found {
            Some(Placed { plan, notes, estimate, .. }) => (plan, notes, estimate),
            None => (own, Vec::new(), estimate(&before)),
        };
        // What was found may be no better than what there is.
        let usual = estimate(&of_these.model(plan));
        let is_better = score(alternative.objective, &expected) < score(alternative.objective, &usual);
        if !is_better && limits.over(&usual) <= limits.over(&expected) {
            continue;
        }
        for (id, work) in &mut plan.works {
            let Some(other) = own.works.get(id) else { continue };
            let difference = difference(&plan.pipeline, &work.job, &other.job);
            if let Some(label) = unsayable(&plan.pipeline, &work.job, &other.job) {
                let what = format!("keeps `{id}` where it is in runs of `{name}`");
                let why = format!("`{label}` has labels that are known only when it runs");
                context.ledger.note(PASS.name, Some(id), what, why).under(name);
            }
            if difference == Difference::default() {
                continue;
            }
            let than_usual =
                timeline::difference(usual.wall.mean - expected.wall.mean, Some(usual.dollars.mean - expected.dollars.mean));
            note(id, (name, alternative.objective), &difference, (&notes, &than_usual), context);
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
    for (name, alternative) in &by.alternatives {
        let Some(event) = Event::where_holds(&plan.pipeline, &alternative.is) else { continue };
        let own = plan.under(name);
        let limits = Limits::of(&own);
        if limits.any() {
            let mut of_these = context.of(&event);
            let model = of_these.model(&own);
            let mut allowed = open.clone();
            allowed.pipeline.optimize = own.pipeline.optimize.clone();
            fix_graph(&mut allowed.pipeline.optimize, &alternative.origin);
            limits.check((&own, &model), &estimate(&model), &allowed, &mut of_these);
            let said = std::mem::take(&mut of_these.diags);
            context.diags.extend(said);
        }
    }
}

/// The less, the better in what an objective is about.
fn score(objective: Objective, estimate: &Estimate) -> f64 {
    match objective {
        Objective::Time => estimate.wall.mean,
        Objective::Cost => estimate.dollars.mean,
        Objective::Balanced | Objective::Off => estimate.wall.mean * estimate.dollars.mean,
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

/// A machine that a job would go to or come from, if an expression could say it.
fn unsayable(pipeline: &Pipeline, usual: &Job, other: &Job) -> Option<String> {
    let (usual, other) = (machine(pipeline, usual)?, machine(pipeline, other)?);
    let moves = usual != other;
    [usual, other].into_iter().find(|label| moves && !is_plain(pipeline, label))
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
fn note(
    id: &str,
    (name, objective): (&str, Objective),
    difference: &Difference,
    (reasons, than_usual): (&[Reason], &str),
    context: &mut Context<'_>,
) {
    let word = match objective {
        Objective::Time => "time",
        Objective::Cost => "cost",
        Objective::Balanced | Objective::Off => "balanced",
    };
    let mut say = |what: String, begins: &str| {
        let own = reasons.iter().find(|reason| reason.note.job == id && reason.note.what.starts_with(begins));
        let why = own.map_or_else(|| format!("{than_usual} than with the usual plan"), |reason| reason.why.clone());
        let (what, why) = (format!("{what} in runs of `{name}`"), format!("for `{word}`: {why}"));
        context
            .ledger
            .note(PASS.name, Some(id), what, why)
            .under(name)
            .on(own.map(|reason| reason.grounds.clone()).unwrap_or_default());
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
