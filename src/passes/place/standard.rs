//! What a plan is measured by: the plan as it was written, in all of its runs and in those of each event.
//!
//! Where nothing was measured, all conditions are taken to hold. But of some it is known in which runs they cannot: what seems to be for nothing behind a deployment
//! makes pull requests longer, which never deploy; and what push and pull request cost together no run costs.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::ops::Deref;

use super::choose::Placed;
use super::limits::Limits;
use crate::cost::estimate::{Estimate, estimate};
use crate::cost::event::Event;
use crate::cost::machine::visibility;
use crate::cost::model::{Model, model_on};
use crate::hir::Objective;
use crate::passes::Context;
use crate::plan::Plan;

/// The plan as it was written, and what is asked of another.
pub(super) struct Standard<'a> {
    context: &'a Context<'a>,
    limits: &'a Limits,
    objective: Objective,
    /// Whether shards are asked for, so that more may be paid for less time.
    shards: bool,
    written: &'a Plan,
    /// What it comes to in all runs.
    pub(super) old: &'a dyn Deref<Target = Estimate>,
    events: Vec<Event>,
    /// The same in the runs of each event.
    old_of_events: OnceCell<Vec<Estimate>>,
    /// Whether there are runs in which nothing is known to be left out.
    all_run: bool,
}

impl<'a> Standard<'a> {
    pub(super) fn of(
        written: &'a Plan,
        old: &'a dyn Deref<Target = Estimate>,
        (objective, shards): (Objective, bool),
        limits: &'a Limits,
        context: &'a Context<'a>,
    ) -> Self {
        let (events, all_run) = events(written, context);
        Self { context, limits, objective, shards, written, old, events, old_of_events: OnceCell::new(), all_run }
    }

    /// What is better than it was, and in no runs worse; or keeps to what the other did not.
    pub(super) fn is_met(&self, new: &Placed) -> bool {
        let keeps = || mends(self.old, &new.estimate) || self.over(new) < self.over_as_written();
        !fails_more(self.old, &new.estimate) && (self.harm(new) == 0.0 || keeps())
    }

    /// How much longer or dearer a plan is where it must not be, as a part of what it was, in all kinds of runs; nothing where it is not.
    pub(super) fn harm(&self, new: &Placed) -> f64 {
        let of_all = worse_by(self.objective, self.shards, self.old, &new.estimate);
        let of_events = self.old_of_events().iter().zip(self.of_events(new));
        of_all + of_events.map(|(old, new)| worse_by(self.objective, self.shards, old, new)).sum::<f64>()
    }

    /// How far a plan is over the limits, in the runs that are over them most.
    pub(super) fn over(&self, new: &Placed) -> f64 {
        if self.limits.any() { self.limits.over(self.worst(&new.estimate, self.of_events(new))) } else { 0.0 }
    }

    /// The same of the plan as it was written.
    pub(super) fn over_as_written(&self) -> f64 {
        if self.limits.any() { self.limits.over(self.worst_as_written()) } else { 0.0 }
    }

    /// What a plan comes to in the runs that are over the limits most.
    pub(super) fn came<'e>(&'e self, new: &'e Placed) -> &'e Estimate {
        if self.limits.any() { self.worst(&new.estimate, self.of_events(new)) } else { &new.estimate }
    }

    /// The same of the plan as it was written.
    pub(super) fn worst_as_written(&self) -> &Estimate {
        self.worst(self.old, self.old_of_events())
    }

    fn worst<'e>(&self, all: &'e Estimate, of_events: &'e [Estimate]) -> &'e Estimate {
        let kinds = of_events.iter().chain(self.all_run.then_some(all));
        kinds.max_by(|one, other| over_most(self.limits, one, other)).unwrap_or(all)
    }

    fn old_of_events(&self) -> &[Estimate] {
        self.old_of_events.get_or_init(|| self.in_events(self.written))
    }

    fn of_events<'e>(&self, new: &'e Placed) -> &'e [Estimate] {
        new.of_events.get_or_init(|| self.in_events(&new.plan))
    }

    fn in_events(&self, plan: &Plan) -> Vec<Estimate> {
        if self.events.is_empty() {
            return Vec::new();
        }
        models(plan, &self.events, self.context).iter().map(estimate).collect()
    }
}

fn models(plan: &Plan, events: &[Event], context: &Context<'_>) -> Vec<Model> {
    let becomes = (context.later)(plan);
    events.iter().map(|event| model_on(&becomes, context.profile, visibility(plan), event)).collect()
}

/// As [`Event::kinds`]; none where it was measured how often conditions hold, or some runs alone are meant.
fn events(plan: &Plan, context: &Context<'_>) -> (Vec<Event>, bool) {
    let is_known = !context.profile.jobs.is_empty() || !context.event.name.is_empty();
    if is_known { (Vec::new(), true) } else { Event::kinds(plan) }
}

/// The runs that are over the limits most: what a plan comes to in them, and their event where not all are meant.
pub(super) fn worst(plan: &Plan, limits: &Limits, context: &Context<'_>) -> Option<(Model, Estimate, String)> {
    let (events, all_run) = events(plan, context);
    let kinds = events.iter().zip(models(plan, &events, context)).map(|(event, model)| {
        let estimate = estimate(&model);
        (model, estimate, event.name.clone())
    });
    let all = (all_run || events.is_empty()).then(|| {
        let model = context.model(plan);
        let estimate = estimate(&model);
        (model, estimate, String::new())
    });
    kinds.chain(all).max_by(|one, other| over_most(limits, &one.1, &other.1))
}

/// Which is farther over the limits; of those that keep to them, which is dearer.
fn over_most(limits: &Limits, one: &Estimate, other: &Estimate) -> Ordering {
    let over = limits.over(one).total_cmp(&limits.over(other));
    over.then(one.dollars.mean.total_cmp(&other.dollars.mean))
}

/// Whether more of its runs fail: what is ended for taking too long is no quicker, nor cheaper. Of few, by chance: what shares a machine is drawn anew.
fn fails_more(old: &Estimate, new: &Estimate) -> bool {
    let fails = |it: &Estimate| it.failing.map_or(0.0, |failing| failing.share);
    fails(new) > fails(old) + CHANCE
}

/// Shares of runs that differ by less may do so by chance.
pub(super) const CHANCE: f64 = 0.05;

/// Whether fewer of its runs are ended for taking too long: what is, is no run.
pub(super) fn mends(old: &Estimate, new: &Estimate) -> bool {
    new.late + CHANCE < old.late
}

/// What of the one good may be lost for so many times as much of the other, and how much at most: a plan that is a thousandth longer for a quarter of the money is
/// what anybody would take, and p90 does not tell the two apart.
const WORTH: f64 = 50.0;
const MOST: f64 = 0.004;

/// How much longer a plan takes or more it costs, in what the objective is about; where shards are asked for, more may be paid for less time.
fn worse_by(objective: Objective, shards: bool, old: &Estimate, new: &Estimate) -> f64 {
    // Both are played with the same luck, part by part. What nine of ten of four hundred runs keep to is known to about one in a hundred.
    let worse = |old: f64, new: f64, part: f64, least: f64| {
        if new > old * (1.0 + part) + least { new / old.max(least) - 1.0 } else { 0.0 }
    };
    // What gains much of the one good may lose a little of the other.
    let spared = |old: f64, new: f64| {
        if objective == Objective::Balanced { (1.0 - new / old.max(f64::MIN_POSITIVE)).max(0.0) } else { 0.0 }
    };
    let mean = |old, new, gain: f64| worse(old, new, 0.001 + (gain / WORTH).min(MOST), 0.1);
    let p90 = |old, new, gain: f64| worse(old, new, 0.005 + (gain / WORTH).min(MOST), 0.1);
    let time = || {
        let gain = spared(old.dollars.mean, new.dollars.mean);
        mean(old.wall.mean, new.wall.mean, gain) + p90(old.wall.p90, new.wall.p90, gain)
    };
    let money = || {
        let gain = spared(old.wall.mean, new.wall.mean);
        let billed = if new.dollars.mean > old.dollars.mean { mean(old.billed.mean, new.billed.mean, gain) } else { 0.0 };
        billed + worse(old.dollars.p90, new.dollars.p90, 0.001, 1e-4)
    };
    match objective {
        Objective::Time => time(),
        Objective::Cost => money(),
        Objective::Balanced | Objective::Off => time() + if shards { 0.0 } else { money() },
    }
}
