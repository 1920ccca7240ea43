//! `optimize by`: other machines and shards for some of the runs. Which jobs share a machine, come apart or hand over what is the same in all of them: the graph
//! is one, and its checks have the same names.

use super::choose::{Chosen, chosen};
use super::limits::Limits;
use super::worth::Reason;
use super::{PASS, judging};
use crate::cost::event::Event;
use crate::cost::machine::visibility;
use crate::cost::model::model_on;
use crate::cost::{Estimate, auto, estimate, timeline};
use crate::diagnostics::codes::w0739_never_chosen::never_chosen;
use crate::hir::{By, Gate, Job, Objective, Optimize, Origin, Pipeline, Runner, Shards, Value, ValueKind};
use crate::passes::{Context, Ground};
use crate::plan::{Difference, Plan, Work};
use crate::text::Text;

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
        if Event::where_holds(&plan.pipeline, &alternative.is).is_none() {
            context.diags.push(never_chosen(name, alternative.origin.span));
        }
    }
    let mut decided = decided(&by, plan, open, context);
    let mut with = with(plan, &decided);
    // What differs in shards brings a job that judges the others, which takes its time in all runs: is it still worth that?
    if judging(&context.model(&with)).is_some() && judging(&context.model(plan)).is_none() {
        decided = self::decided(&by, &judged(plan), &judged(open), context);
        with = self::with(plan, &decided);
    }
    *plan = with;
    for Decided { name, notes, .. } in decided {
        for Said { job, what, why, grounds } in notes {
            context.ledger.note(PASS.name, Some(&job), what, why).under(&name).on(grounds);
        }
    }
    // As it becomes, with all that differs in it.
    let becomes = (context.later)(plan);
    for (name, alternative) in &by.alternatives {
        let Some(event) = Event::where_holds(&plan.pipeline, &alternative.is) else { continue };
        let own = becomes.under(name);
        let limits = Limits::of(&own);
        if limits.any() {
            let mut of_these = context.of(&event);
            let model = model_on(&own, context.profile, visibility(&own), &event);
            let mut allowed = if judging(&model).is_some() { judged(open) } else { open.clone() };
            allowed.pipeline.optimize = own.pipeline.optimize.clone();
            fix_graph(&mut allowed.pipeline.optimize, &alternative.origin);
            limits.check_of((&own, "", &model), &estimate(&model), &allowed, &mut of_these);
            let said = std::mem::take(&mut of_these.diags);
            context.diags.extend(said);
        }
    }
}

/// What one of the plans has otherwise.
struct Decided {
    name: String,
    differences: Vec<(String, Difference)>,
    notes: Vec<Said>,
}

/// What is said of a decision.
struct Said {
    job: String,
    what: String,
    why: String,
    grounds: Vec<Ground>,
}

/// A plan with the job that judges the others.
fn judged(plan: &Plan) -> Plan {
    let mut judged = plan.clone();
    let origin = plan.pipeline.optimize.origin.clone().unwrap_or_default();
    let name = Text::verbatim("gate", origin.span);
    judged.pipeline.gate.get_or_insert(Gate { name, except: Vec::new(), origin });
    judged
}

/// A plan with what differs in others.
fn with(plan: &Plan, decided: &[Decided]) -> Plan {
    let mut plan = plan.clone();
    for Decided { name, differences, .. } in decided {
        for (id, difference) in differences {
            let work = plan.works.get_mut(id);
            work.into_iter().for_each(|work| drop(work.differences.insert(name.clone(), difference.clone())));
        }
    }
    // What has several shards in some run has a matrix in all.
    let is_split = |work: &Work| work.differences.values().any(|it| it.shards.is_some());
    let mut works: Vec<_> = std::mem::take(&mut plan.works).into_values().collect();
    for work in works.iter_mut().filter(|work| is_split(work)) {
        let job = std::sync::Arc::make_mut(&mut work.job);
        job.shards.iter_mut().filter(|shards| shards.number().is_none()).for_each(|shards| shards.set(1));
    }
    plan.set(works);
    plan
}

/// What each of them has otherwise than the usual one.
fn decided(by: &By, plan: &Plan, open: &Plan, context: &Context<'_>) -> Vec<Decided> {
    let mut all = Vec::new();
    for (name, alternative) in &by.alternatives {
        let Some(event) = Event::where_holds(&plan.pipeline, &alternative.is) else { continue };
        let mut own = open.clone();
        own.pipeline.optimize = plan.pipeline.optimize.under(alternative);
        fix_graph(&mut own.pipeline.optimize, &alternative.origin);
        // Judged by the runs that have it.
        let of_these = context.of(&event);
        let before = of_these.model(&own);
        let limits = Limits::of(&own);
        let found = chosen(&own, &before, &std::cell::LazyCell::new(|| estimate(&before)), &limits, &of_these);
        let (own, reasons, expected) = match found {
            Some(Chosen { plan, reasons, estimate, .. }) => (plan, reasons, estimate),
            None => (own, Vec::new(), estimate(&before)),
        };
        // What was found may be no better than what there is.
        let usual = estimate(&of_these.model(plan));
        let is_better = score(alternative.objective, &expected) < score(alternative.objective, &usual);
        if !is_better && limits.over(&usual) <= limits.over(&expected) {
            continue;
        }
        // What is in none of these runs costs nothing in them, wherever it is.
        let runs = |id: &str| before.jobs.iter().any(|job| job.id == id && before.holds(&job.guards) > 0.0);
        let (mut differences, mut notes) = (Vec::new(), Vec::new());
        for (id, work) in plan.works.iter().filter(|(id, _)| runs(id)) {
            let Some(other) = own.works.get(id) else { continue };
            let difference = difference(&plan.pipeline, &work.job, &other.job);
            if let Some(label) = unsayable(&plan.pipeline, &work.job, &other.job) {
                let what = format!("keeps `{id}` where it is in runs of `{name}`");
                let why = format!("`{label}` has labels that are known only when it runs");
                notes.push(Said { job: id.clone(), what, why, grounds: Vec::new() });
            }
            if difference == Difference::default() {
                continue;
            }
            let than_usual =
                timeline::difference(usual.wall.mean - expected.wall.mean, Some(usual.dollars.mean - expected.dollars.mean));
            notes.extend(said(id, (name, alternative.objective), &difference, (&reasons, &than_usual)));
            differences.push((id.clone(), difference));
        }
        all.push(Decided { name: name.clone(), differences, notes });
    }
    all
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

/// What is said of what differs, and why.
fn said(
    id: &str,
    (name, objective): (&str, Objective),
    difference: &Difference,
    (reasons, than_usual): (&[Reason], &str),
) -> Vec<Said> {
    let word = match objective {
        Objective::Time => "time",
        Objective::Cost => "cost",
        Objective::Balanced | Objective::Off => "balanced",
    };
    let say = |what: String, begins: &str| {
        let own = reasons.iter().find(|reason| reason.note.job == id && reason.note.what.starts_with(begins));
        let why = own.map_or_else(|| format!("{than_usual} than with the usual plan"), |reason| reason.why.clone());
        let (what, why) = (format!("{what} in runs of `{name}`"), format!("for `{word}`: {why}"));
        Said { job: id.to_owned(), what, why, grounds: own.map(|reason| reason.grounds.clone()).unwrap_or_default() }
    };
    let runner = difference.runner.iter().map(|runner| say(format!("runs `{id}` on `{runner}`"), "runs"));
    let shards = difference.shards.map(|shards| match shards {
        1 => say(format!("leaves `{id}` in one shard"), "splits"),
        _ => say(format!("splits `{id}` into {shards} shards"), "splits"),
    });
    runner.chain(shards).collect()
}
