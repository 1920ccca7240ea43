//! Chooses which jobs share a machine, into how many shards a job is split, and on which machine it runs: one search over all of it, since each
//! changes what the others are worth.
//!
//! A machine takes time before it works: to start, to check out, to install. Jobs that follow each other anyway, or that nobody waits for, are cheaper on
//! one; what decides how long a run takes is better alone. Nothing is chosen for a job of which it is not known how long it takes.

mod apply;
mod fuse;
mod numbers;
pub mod objective;
pub mod problem;
pub mod search;

use super::{Context, Pass, never};
use crate::cost::estimate::{Estimate, estimate};
use crate::cost::machine::visibility;
use crate::cost::model;
use crate::cost::timeline::{duration, money};
use crate::diagnostics::codes::w0701_not_acted_on::not_acted_on;
use crate::hir::{Duration, Money, Objective, Runner, Value};
use crate::plan::Plan;
use objective::Goal;
use problem::{Choice, Outcome, Problem};

pub(super) static PASS: Pass = Pass {
    name: "place",
    summary: "chooses which jobs share a machine, how many shards there are, and on which machine a job runs",
    required: false,
    asked: never,
    run,
};

/// The settings of `optimize` that say what it may choose, and within which limits.
pub const SETTINGS: &[&str] = &["deadline", "budget", "concurrency", "public", "fuse", "shard", "size"];

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    unknown(plan, context);
    if !has_choice(plan, context) {
        return;
    }
    let written = (context.later)(plan);
    let before = model(&written, context.profile, visibility(plan));
    let problem = numbers::problem(plan, &before, context.profile);
    let Some(outcome) = problem.outcome(&problem.written()) else { return };
    let settings = &plan.pipeline.optimize.settings;
    let setting = |name: &str| settings.get(name).map(Value::spelled);
    let goal = Goal {
        objective: plan.pipeline.optimize.objective,
        written: outcome,
        deadline: setting("deadline").and_then(|text| Duration::parse(&text)).map(|time| time.0 as f64),
        budget: setting("budget").and_then(|text| Money::parse(&text)).map(Money::dollars),
    };
    let (choice, found) = search::best(&problem, &goal);
    if choice == problem.written() {
        return;
    }
    let mut placed = plan.clone();
    let notes = apply::apply(&mut placed, &problem, &choice);
    // What the numbers promise must hold for all that becomes of it, in the mean and for nine of ten runs.
    let after = (context.later)(&placed);
    let (old, new) = (estimate(&before), estimate(&model(&after, context.profile, visibility(plan))));
    if is_worse(goal.objective, &old, &new) {
        return;
    }
    *plan = placed;
    for note in notes {
        let why = worth(&problem, &choice, &found, &note.jobs);
        context.ledger.note(PASS.name, Some(&note.job), note.what, why);
    }
}

/// Says of which jobs too little is known to choose what they ask to be chosen.
fn unknown(plan: &Plan, context: &mut Context<'_>) {
    for work in plan.works.values() {
        let job = &work.job;
        let of_task = |id: &str| context.profile.jobs.contains_key(id);
        let of_shards = job.is_split() && (of_task(&job.id) || context.profile.shards(&job.id).is_some());
        let measured = of_shards || plan.tasks.iter().any(|task| task.work == job.id && of_task(&task.id));
        if job.takes.is_some() || measured {
            continue;
        }
        let auto = job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref());
        if matches!(auto, Some(Runner::Auto(_))) && job.call.is_none() {
            let instead = "nothing is known of how long the job takes: ubuntu-latest is taken";
            context.diags.push(job.origin.explain(not_acted_on("runner auto", instead, job.origin.span)));
        }
        if let Some(shards) = job.shards.as_ref().filter(|shards| shards.number().is_none()) {
            let instead = "nothing is known of how long the job takes: it is not split";
            context.diags.push(job.origin.explain(not_acted_on("shards auto", instead, shards.origin.span)));
        }
    }
}

/// Whether there is anything to choose from: a job of which something is known, or that asks for it.
fn has_choice(plan: &Plan, context: &Context<'_>) -> bool {
    let known = !context.profile.jobs.is_empty();
    let job = |job: &crate::hir::Job| job.takes.is_some() || matches!(job.runner, Some(Runner::Auto(_)));
    plan.works.len() <= MAX_JOBS && (known || plan.works.values().any(|work| job(&work.job)))
}

/// With more jobs than GitHub shows in a run there is no choice that could be looked at.
const MAX_JOBS: usize = 2_000;

/// Whether a plan takes longer or costs more, in what the objective is about.
fn is_worse(objective: Objective, old: &Estimate, new: &Estimate) -> bool {
    // What is played four hundred times is known to about one in a hundred.
    let worse = |old: f64, new: f64| new > old * 1.01 + 1.0;
    let time = worse(old.wall.mean, new.wall.mean) || worse(old.wall.p90, new.wall.p90);
    let money = worse(old.billed.mean, new.billed.mean) && new.dollars.mean > old.dollars.mean
        || new.dollars.p90 > old.dollars.p90 * 1.01 + 1e-3;
    match objective {
        Objective::Time => time,
        Objective::Cost => money,
        Objective::Balanced | Objective::Off => time || money,
    }
}

/// What one decision saves: the difference to the same choice without it.
fn worth(problem: &Problem, choice: &Choice, found: &Outcome, jobs: &[usize]) -> String {
    let mut without = choice.clone();
    let written = problem.written();
    for &job in jobs {
        (without.group[job], without.shards[job], without.machine[job]) =
            (written.group[job], written.shards[job], written.machine[job]);
    }
    let Some(other) = problem.outcome(&without) else { return "only together with the others".to_owned() };
    let time = match other.wall - found.wall {
        saved if saved >= 1.0 => format!("a run takes {} less", duration(saved)),
        lost if lost <= -1.0 => format!("a run takes {} more", duration(-lost)),
        _ => "a run takes as long".to_owned(),
    };
    let cost = match other.dollars - found.dollars {
        saved if saved > 5e-5 => format!("costs {} less", money(saved)),
        lost if lost < -5e-5 => format!("costs {} more", money(-lost)),
        _ => "costs as much".to_owned(),
    };
    format!("{time} and {cost}")
}
