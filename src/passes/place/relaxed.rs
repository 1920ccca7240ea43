//! The nearest plan that would keep to the limits: what the spec does not allow, tried one thing at a time.

use std::cell::LazyCell;
use std::sync::Arc;

use super::choose::{Chosen, chosen};
use super::limits::Limits;
use super::{alternatives, standard};
use crate::cost::timeline::{duration, money};
use crate::cost::{Estimate, auto, estimate};
use crate::hir::{Job, Map, Objective, Runner, Value, ValueKind};
use crate::passes::Context;
use crate::plan::{Plan, Work};
use crate::text::Text;

/// What would have to be allowed to keep to all limits, and what a run comes to then; none where no one thing is enough.
pub(super) fn nearest(plan: &Plan, context: &Context<'_>) -> Option<String> {
    ways(plan).into_iter().find_map(|(what, other)| {
        let estimate = best(&other, context);
        let (wall, dollars) = (duration(estimate.wall.mean), money(estimate.dollars.mean));
        (Limits::of(&other).over(&estimate) <= 0.0).then(|| format!("{what}, a run takes {wall} and costs {dollars}"))
    })
}

/// What the nearest plan comes to that keeps to one of two limits, `deadline` or `budget`, whatever the other says; none where none does.
pub(super) fn alone(plan: &Plan, limit: &str, context: &Context<'_>) -> Option<Estimate> {
    let optimize = &plan.pipeline.optimize;
    if optimize.objective == Objective::Off || optimize.is_off("place") {
        return None;
    }
    let (other, objective) = if limit == "deadline" { ("budget", Objective::Cost) } else { ("deadline", Objective::Time) };
    let mut own = without(plan, other);
    // Of those that keep to it, the nearest has least of what the other limits.
    own.pipeline.optimize.objective = objective;
    let estimate = best(&own, context);
    (Limits::of(&own).over(&estimate) <= 0.0).then_some(estimate)
}

/// What is found for a plan, in numbers.
fn best(plan: &Plan, context: &Context<'_>) -> Estimate {
    let context = Context { asked_only: false, ..context.of(context.event) };
    let before = context.model(plan);
    let old = LazyCell::new(|| estimate(&before));
    let limits = Limits::of(plan);
    let found = chosen(plan, &before, &old, &limits, &context).map(|Chosen { plan, .. }| plan);
    standard::worst(found.as_ref().unwrap_or(plan), &limits, &context).map_or_else(|| old.clone(), |(_, estimate, _)| estimate)
}

/// Plans to which one thing more is allowed, each with what that is, those that ask least of the author first.
fn ways(plan: &Plan) -> Vec<(String, Plan)> {
    let mut ways = Vec::new();
    let optimize = &plan.pipeline.optimize;
    if optimize.is_off("place") {
        let mut other = plan.clone();
        let own = &mut other.pipeline.optimize;
        own.objective = if own.objective == Objective::Off { Objective::Balanced } else { own.objective };
        own.settings.shift_remove("place");
        let off = if optimize.objective == Objective::Off { "off" } else { "place off" };
        ways.push((format!("without `{off}`"), other));
    }
    // Of what the graph of all plans decides, nothing is allowed to one of them.
    let settings = ["fuse", "parallel", "split", "repeat", "shard", "size"];
    for of_search in settings.into_iter().filter(|name| !alternatives::is_of_graph(optimize, name)) {
        if optimize.settings.contains_key(of_search) && optimize.is_off(of_search) {
            ways.push((format!("without `{of_search} off`"), without(plan, of_search)));
        }
    }
    let shards = |job: &mut Job| {
        let shards = job.shards.as_mut().filter(|shards| shards.number().is_some());
        let fixed = shards.map(|shards| shards.count.kind = ValueKind::Text(Text::verbatim("auto", shards.origin.span)));
        fixed.is_some()
    };
    ways.extend(changed(plan, shards).map(|other| ("with `shards auto` where there is a number".to_owned(), other)));
    let is_auto = |job: &Job| matches!(job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref()), Some(Runner::Auto(_)));
    let runner = |job: &mut Job| {
        let fixed = !is_auto(job) && auto::is_usual(&plan.pipeline, job);
        if fixed {
            job.runner = Some(Runner::Auto(Map::default()));
        }
        fixed
    };
    ways.extend(changed(plan, runner).map(|other| ("with `runner auto`".to_owned(), other)));
    let any = |job: &mut Job| {
        let fixed = is_auto(job) || auto::is_usual(&plan.pipeline, job);
        if fixed {
            let any = Value { kind: ValueKind::Text(Text::verbatim("any", job.origin.span)), origin: job.origin.clone() };
            // All else that is wished for stays so.
            let mut wishes = match job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref()) {
                Some(Runner::Auto(wishes)) => wishes.clone(),
                _ => Map::default(),
            };
            wishes.insert("arch".to_owned(), any);
            job.runner = Some(Runner::Auto(wishes));
        }
        fixed
    };
    let what = "with `runner auto { arch: any }`, where the commands work on any processor";
    ways.extend(changed(plan, any).map(|other| (what.to_owned(), other)));
    ways
}

fn without(plan: &Plan, setting: &str) -> Plan {
    let mut other = plan.clone();
    other.pipeline.optimize.settings.shift_remove(setting);
    other
}

/// The plan with all jobs changed; none where none is.
fn changed(plan: &Plan, change: impl Fn(&mut Job) -> bool) -> Option<Plan> {
    let mut other = plan.clone();
    let mut any = false;
    let mut works: Vec<Work> = std::mem::take(&mut other.works).into_values().collect();
    for work in works.iter_mut().filter(|work| work.job.call.is_none()) {
        any |= change(Arc::make_mut(&mut work.job));
    }
    other.set(works);
    any.then_some(other)
}
