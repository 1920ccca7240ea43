//! Chooses which jobs share a machine, which come apart, into how many shards a job is split, on which machine it runs, and what files travel in: one search
//! over all of it, since each changes what the others are worth.
//!
//! A machine takes time before it works: to start, to check out, to install. Jobs that follow each other anyway, or that nobody waits for, are cheaper on
//! one; what decides how long a run takes is better alone. Nothing is chosen for a job of which it is not known how long it takes.

mod alike;
mod alternatives;
mod apply;
mod asked;
mod clash;
mod effects;
pub mod evaluate;
mod fuse;
mod grounds;
mod limits;
mod neighbours;
mod numbers;
pub mod objective;
pub mod problem;
mod relaxed;
mod repeat;
mod scenarios;
pub mod search;
mod split;
mod transfers;
mod worth;

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use super::{Context, Pass};
use crate::cost::estimate::{Estimate, estimate};
use crate::cost::machine::visibility;
use crate::cost::{Leg, Model, PartKind, Resources, auto};
use crate::diagnostics::codes::w0347_unknown_time::unknown_time;
use crate::hir::{Objective, Runner};
use crate::plan::{Plan, Role};
pub use effects::{alone_for, could_share};
use limits::Limits;
use objective::Goal;
use problem::{Choice, Outcome};
use repeat::{Found, Way};
use worth::Reason;

pub(super) static PASS: Pass = Pass {
    name: "place",
    summary: "chooses which jobs share a machine, which come apart, how many shards there are, and on which machine a job runs",
    required: false,
    // What a run may come to is said even where nothing is chosen.
    asked: |plan| Limits::of(plan).any(),
    run,
};

/// The settings of `optimize` that say what it may choose, and within which limits.
pub const SETTINGS: &[&str] =
    &["deadline", "budget", "concurrency", "public", "fuse", "parallel", "split", "repeat", "shard", "size", "handover"];

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    if context.asked_only {
        let model = context.model(plan);
        return Limits::of(plan).check((plan, &model), &estimate(&model), plan, context);
    }
    unknown(plan, context);
    needed(plan, context);
    let limits = Limits::of(plan);
    let has_others = plan.pipeline.optimize.by.is_some();
    if !has_choice(plan, context) && !limits.any() && !has_others {
        return;
    }
    let before = context.model(plan);
    let as_allowed = limits.any().then(|| plan.clone());
    // Many runs are played only where something is decided by them.
    let old = LazyCell::new(|| estimate(&before));
    let open = if let Some(Placed { plan: placed, open, notes, model, estimate }) = chosen(plan, &before, &old, &limits, context)
    {
        *plan = placed;
        for Reason { note, why, grounds } in notes {
            context.ledger.note(PASS.name, Some(&note.job), note.what, why).on(grounds);
        }
        if let Some(as_allowed) = &as_allowed {
            limits.check((plan, &model), &estimate, as_allowed, context);
        }
        open
    } else {
        if limits.any() {
            limits.check((plan, &before), &old, plan, context);
        }
        has_others.then(|| plan.clone())
    };
    if let Some(open) = open {
        alternatives::decide(plan, &open, context);
    }
}

/// What was chosen, done.
struct Placed {
    plan: Plan,
    /// The same graph, where neither machines nor shards are chosen; only where others are made of it.
    open: Option<Plan>,
    notes: Vec<Reason>,
    model: Model,
    estimate: Estimate,
}

/// The best that is found for a plan, done; none where nothing is better than it is.
fn chosen(
    plan: &Plan,
    before: &Model,
    old: &dyn Deref<Target = Estimate>,
    limits: &Limits,
    context: &Context<'_>,
) -> Option<Placed> {
    let mut usual = Way::usual(plan, before, context);
    let as_written = usual.problem.written();
    let written = usual.problem.outcome(&as_written)?;
    let objective = plan.pipeline.optimize.objective;
    let shards = usual.problem.jobs.iter().any(|job| !job.shards.is_empty());
    let mut goal = Goal { objective, written, deadline: limits.deadline(), budget: limits.budget(), shards };
    let asked = goal;
    // What the numbers promise must hold for all that becomes of it, in the mean and for nine of ten runs.
    let is_good = |new: &Estimate| {
        let is_better = mends(old, new) || limits.over(new) < limits.over(old) || !is_worse(objective, shards, old, new);
        is_better && !fails_more(old, new)
    };
    let mut nearest: Option<Placed> = None;
    let mut seen: Vec<Choice> = Vec::new();
    // Again with what was not known before: that shared machines bring a gate, or that what was found takes more than its means.
    let attempts = if usual.problem.jobs.len() <= MANY { ATTEMPTS } else { ATTEMPTS / 2 };
    for attempt in 0..attempts {
        let without = usual.best(&goal);
        let repeating = repeat::best(&usual, &without, &goal, context);
        let (way, found) = repeating.as_ref().map_or((&usual, &without), |(way, found)| (way, found));
        let believed = found.outcome;
        seen.push(found.choice.clone());
        let mut tighten = |came: &Estimate| {
            goal.deadline = tighter((goal.deadline, limits.deadline()), (believed.wall, came.wall.mean));
            goal.budget = tighter((goal.budget, limits.budget()), (believed.dollars, came.dollars.mean));
            // At last, what is least of all in that.
            if attempt + 2 == attempts {
                let is_late = limits.deadline().is_some_and(|limit| came.wall.mean > limit);
                goal.objective = if is_late { Objective::Time } else { Objective::Cost };
            }
        };
        if repeating.is_none() && found.choice == as_written {
            if !limits.any() || limits.over(old) == 0.0 {
                break;
            }
            tighten(old);
            continue;
        }
        let found = done(plan, (way, found), &without, before, context);
        if is_good(&found.estimate) {
            let over = limits.over(&found.estimate);
            tighten(&found.estimate);
            if nearest.as_ref().is_none_or(|nearest| over < limits.over(&nearest.estimate)) {
                nearest = Some(found);
            }
            if over == 0.0 {
                break;
            }
            continue;
        }
        match judging(&found.model) {
            Some(sharing) if judging(before).is_none() && usual.problem.sharing == Outcome::default() => {
                usual.problem.sharing = sharing;
            }
            _ => break,
        }
    }
    // Of what was too long or too dear, some were one step from what is neither: minutes are billed as whole ones, and what is believed of them is wrong both ways.
    // What is ended for taking too long may be in time in more shards.
    let is_over = (goal.deadline, goal.budget) != (limits.deadline(), limits.budget());
    let is_late = || nearest.as_ref().map_or(old.late, |nearest| nearest.estimate.late) > CHANCE;
    if usual.problem.jobs.len() <= neighbours::FEW && (is_over || shards && is_late()) {
        let rank = |estimate: &Estimate| ((estimate.late / CHANCE).round(), limits.over(estimate), asked.score(&came(estimate)));
        for choice in seen.iter().flat_map(|choice| usual.problem.in_other_shards(choice)).take(STEPS_ASIDE) {
            let Some(found) = usual.as_chosen(choice, &asked) else { continue };
            let found = done(plan, (&usual, &found), &found, before, context);
            let is_nearer = nearest.as_ref().is_none_or(|nearest| rank(&found.estimate) < rank(&nearest.estimate));
            if is_good(&found.estimate) && is_nearer {
                nearest = Some(found);
            }
        }
    }
    // As it was written, where that alone keeps to them.
    let mut nearest = nearest
        .filter(|nearest| !limits.any() || limits.over(&nearest.estimate) <= limits.over(old) || mends(old, &nearest.estimate))?;
    if mends(old, &nearest.estimate) {
        for note in nearest.notes.iter_mut().filter(|reason| reason.note.what.starts_with("splits")) {
            note.why = format!("as it was, {:.0} % of runs are ended for taking too long; {}", old.late * 100.0, note.why);
        }
    }
    Some(nearest)
}

/// So often a plan is looked for, at most; of more jobs than these, half as often.
const ATTEMPTS: usize = 6;
const MANY: usize = 100;

/// So many choices beside those that were found are looked at, at most.
const STEPS_ASIDE: usize = 50;

/// A limit for what is played once, where what came of it is over the real one when many runs are played: of several machines, the slowest decides. What was
/// believed of it then is over the new one.
fn tighter((asked, limit): (Option<f64>, Option<f64>), (believed, came): (f64, f64)) -> Option<f64> {
    let (asked, limit) = asked.zip(limit)?;
    Some(if came > limit { asked.min(believed) * limit / came } else { asked })
}

/// What is chosen, done.
fn done(plan: &Plan, (way, found): (&Way<'_>, &Found), without: &Found, before: &Model, context: &Context<'_>) -> Placed {
    let mut placed = way.plan.clone().into_owned();
    let notes = apply::apply(&mut placed, way, &found.choice);
    let open = plan.pipeline.optimize.by.is_some().then(|| {
        let mut open = way.plan.clone().into_owned();
        apply::apply(&mut open, way, &found.choice.of_graph());
        open
    });
    let model = context.model(&placed);
    let notes = worth::reasons(notes, (way, found), without, (before, &model), context.profile);
    Placed { plan: placed, open, notes, estimate: estimate(&model), model }
}

/// Says of which jobs too little is known to choose what they ask to be chosen.
fn unknown(plan: &Plan, context: &mut Context<'_>) {
    let of_task = |id: &str| context.profile.jobs.contains_key(id);
    let measured: BTreeSet<&str> = plan.tasks.iter().filter(|task| of_task(&task.id)).map(|task| task.work.as_str()).collect();
    for work in plan.works.values() {
        let job = &work.job;
        let of_shards = || job.shards.is_some() && !context.profile.wholes(&job.id).is_empty();
        if job.takes.is_some() || measured.contains(job.id.as_str()) || of_shards() {
            continue;
        }
        if let Some(wishes) = auto::wishes(&plan.pipeline, job) {
            let usual = auto::usual(&plan.pipeline, job, wishes);
            let said = unknown_time(&job.id, "runner auto", &format!("it runs on `{usual}`"), job.origin.span);
            context.diags.push(job.origin.explain(said));
        }
        if let Some(shards) = job.shards.as_ref().filter(|shards| shards.number().is_none()) {
            let said = unknown_time(&job.id, "shards auto", "it is not split", shards.origin.span);
            context.diags.push(job.origin.explain(said));
        }
    }
}

/// Notes which jobs run on another machine than the usual one because of what they need, whatever they take.
fn needed(plan: &Plan, context: &mut Context<'_>) {
    let visibility = visibility(plan);
    for job in plan.works.values().map(|work| &work.job) {
        let Some(wishes) = auto::wishes(&plan.pipeline, job) else { continue };
        let usual = auto::usual(&plan.pipeline, job, wishes);
        let Some(other) = auto::machines(&plan.pipeline, wishes, visibility).into_iter().next() else { continue };
        if other.label == usual {
            continue;
        }
        let why = match other.has.lacks(Resources::of(job)) {
            Some((has, asked)) => format!("`{}` has {has}, and it needs {asked}", other.label),
            None => format!("`{}` is {}", other.label, other.arch),
        };
        context.ledger.note(PASS.name, Some(&job.id), format!("runs `{}` on `{}`", job.id, usual), why);
    }
}

/// What the job that judges others comes to, where there is one.
fn judging(model: &Model) -> Option<Outcome> {
    let judges = |leg: &&Leg| leg.parts.iter().any(|part| part.kind == PartKind::Step(Role::Judge));
    let leg = model.jobs.iter().flat_map(|job| &job.legs).find(judges)?;
    let wall = model.mean(leg);
    Some(Outcome { wall, dollars: leg.machine.cost(wall), billed: leg.machine.billed_seconds(wall) })
}

/// Whether there is anything to choose from: a job of which something is known, or that asks for it.
fn has_choice(plan: &Plan, context: &Context<'_>) -> bool {
    let known = !context.profile.jobs.is_empty();
    let job = |job: &crate::hir::Job| job.takes.is_some() || matches!(job.runner, Some(Runner::Auto(_)));
    plan.works.len() <= MAX_JOBS && (known || plan.works.values().any(|work| job(&work.job)))
}

/// With more jobs than GitHub shows in a run there is no choice that could be looked at.
const MAX_JOBS: usize = 2_000;

/// What a plan comes to in the mean.
fn came(estimate: &Estimate) -> Outcome {
    Outcome { wall: estimate.wall.mean, dollars: estimate.dollars.mean, billed: estimate.billed.mean }
}

/// Whether more of its runs fail: what is ended for taking too long is no quicker, nor cheaper. Of few, by chance: what shares a machine is drawn anew.
fn fails_more(old: &Estimate, new: &Estimate) -> bool {
    let fails = |it: &Estimate| it.failing.map_or(0.0, |failing| failing.share);
    fails(new) > fails(old) + CHANCE
}

/// Shares of runs that differ by less may do so by chance.
const CHANCE: f64 = 0.05;

/// Whether fewer of its runs are ended for taking too long: what is, is no run.
fn mends(old: &Estimate, new: &Estimate) -> bool {
    new.late + CHANCE < old.late
}

/// Whether a plan takes longer or costs more, in what the objective is about; where shards are asked for, more may be paid for less time.
fn is_worse(objective: Objective, shards: bool, old: &Estimate, new: &Estimate) -> bool {
    // Both are played with the same luck, part by part.
    let worse = |old: f64, new: f64| new > old * 1.001 + 0.1;
    let time = worse(old.wall.mean, new.wall.mean) || worse(old.wall.p90, new.wall.p90);
    let money = worse(old.billed.mean, new.billed.mean) && new.dollars.mean > old.dollars.mean
        || new.dollars.p90 > old.dollars.p90 * 1.001 + 1e-4;
    match objective {
        Objective::Time => time,
        Objective::Cost => money,
        Objective::Balanced | Objective::Off => time || money && !shards,
    }
}
