//! Chooses which jobs share a machine, which come apart, into how many shards a job is split, on which machine it runs, and what files travel in: one search
//! over all of it, since each changes what the others are worth.
//!
//! A machine takes time before it works: to start, to check out, to install. Jobs that follow each other anyway, or that nobody waits for, are cheaper on
//! one; what decides how long a run takes is better alone. Nothing is chosen for a job of which it is not known how long it takes.

mod alike;
mod alternatives;
mod apply;
mod asked;
mod choose;
mod clash;
mod effects;
pub mod evaluate;
mod fuse;
mod grounds;
mod limits;
mod neighbours;
mod numbers;
pub mod objective;
mod polish;
pub mod problem;
mod products;
mod relaxed;
mod repeat;
mod scenarios;
pub mod search;
mod split;
mod standard;
mod thin;
mod transfers;
mod worth;

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::{Context, Pass};
use crate::cost::estimate::estimate;
use crate::cost::machine::visibility;
use crate::cost::{Leg, Model, PartKind, Resources, auto};
use crate::diagnostics::codes::w0347_unknown_time::unknown_time;
use crate::hir::Runner;
use crate::plan::{Plan, Role};
use choose::{Chosen, chosen};
pub use effects::{alone_for, could_share};
use limits::Limits;
use problem::Outcome;
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
        return Limits::of(plan).check(plan, plan, context);
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
    let open = if let Some(Chosen { plan: placed, open, reasons, .. }) = chosen(plan, &before, &old, &limits, context) {
        *plan = placed;
        for Reason { note, why, grounds } in reasons {
            context.ledger.note(PASS.name, Some(&note.job), note.what, why).on(grounds);
        }
        if let Some(as_allowed) = &as_allowed {
            limits.check(plan, as_allowed, context);
        }
        open
    } else {
        if limits.any() {
            limits.check(plan, plan, context);
        }
        has_others.then(|| plan.clone())
    };
    if let Some(open) = open {
        alternatives::decide(plan, &open, context);
    }
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
