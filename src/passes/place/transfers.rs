//! What is handed over, and how long that takes: as an artifact, and in a cache where that was measured.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use super::problem::{Data, Problem, Transfer};
use crate::cost::{Job, Model, Part, PartKind};
use crate::map::IndexMap;
use crate::passes::Context;
use crate::passes::carriers::{by_label, receives, sends};
use crate::plan::{Plan, Role};

/// The paths that are handed over, each with the place of its writer, in the order of their numbers.
pub(super) fn paths(plan: &Plan) -> IndexSet<(usize, &str)> {
    plan.handed().into_iter().map(|(from, _, path)| (from, path)).collect()
}

/// What is handed over, as artifacts: of what a job sends or receives, each path takes the same part.
pub(super) fn data(plan: &Plan, model: &Model) -> Vec<Data> {
    let parts = Parts::of(plan, model);
    let all = |place: usize, role: Role| {
        let of_role = parts.of_work(place).filter(|part| part.kind == PartKind::Step(role));
        of_role.map(|part| part.time.mean()).sum::<f64>()
    };
    let (edges, paths) = (plan.handed(), paths(plan));
    // How many paths each sends, and receives.
    let (mut makes, mut takes) = (vec![0.0; plan.works.len()], vec![0.0; plan.works.len()]);
    paths.iter().for_each(|&(from, _)| makes[from] += 1.0);
    edges.iter().for_each(|&(_, to, _)| takes[to] += 1.0);
    let one = |&(from, to, path): &(usize, usize, &str)| {
        let artifact = Transfer { send: all(from, Role::Send) / makes[from], receive: all(to, Role::Receive) / takes[to] };
        Data { from, to, path: paths.get_index_of(&(from, path)).unwrap_or_default(), artifact, cache: None }
    };
    edges.iter().map(one).collect()
}

/// Adds what it takes in a cache, where that may be and was measured on both sides: what an artifact takes says nothing of it.
pub(super) fn in_caches(plan: &Plan, context: &Context<'_>, problem: &mut Problem) {
    let paths = paths(plan);
    let machines = context.profile.jobs.values().flat_map(|machines| machines.values());
    let known: BTreeSet<&str> = machines.flat_map(|measured| measured.steps.keys()).map(String::as_str).collect();
    let optimize = &plan.pipeline.optimize;
    if optimize.is_off("handover")
        || optimize.carrier().is_some()
        || !paths.iter().any(|(_, path)| known.contains(sends(path).as_str()))
    {
        return;
    }
    let mut cached = plan.clone();
    for (from, path) in &paths {
        cached.works[*from].cached.push((*path).to_owned());
    }
    let model = context.model(&cached);
    let parts = Parts::of(plan, &model);
    let is_measured =
        |place: usize, name: &str| parts.of_work(place).any(|part| part.name == name && part.evidence.is_measured());
    // One cache is for all that read of it.
    let is_known = |data: &Data| {
        let path = paths.get_index(data.path).map_or("", |(_, path)| path);
        is_measured(data.from, &sends(path)) && is_measured(data.to, &receives(path))
    };
    // Of all machines that it may be given, or each of its shards would send its own.
    let is_offered_others = |job: usize| problem.jobs[job].machines.iter().any(|(machine, _)| by_label(&machine.label).is_none());
    let may_not = |data: &Data| {
        let is_split = !problem.jobs[data.from].shards.is_empty();
        is_split
            || problem.jobs[data.from].machines.len() > 1 && is_offered_others(data.from)
            || problem.jobs[data.to].machines.len() > 1 && is_offered_others(data.to)
    };
    let unknown = problem.data.iter().filter(|data| !is_known(data) || may_not(data));
    let unknown: BTreeSet<usize> = unknown.map(|data| data.path).collect();
    for (data, in_cache) in problem.data.iter_mut().zip(self::data(plan, &model)) {
        data.cache = (!unknown.contains(&data.path)).then_some(in_cache.artifact);
    }
}

/// What jobs do.
struct Parts<'a> {
    plan: &'a Plan,
    jobs: IndexMap<&'a str, &'a Job>,
}

impl<'a> Parts<'a> {
    fn of(plan: &'a Plan, model: &'a Model) -> Self {
        Self { plan, jobs: model.jobs.iter().map(|job| (job.id.as_str(), job)).collect() }
    }

    /// The parts of the first row of a work.
    fn of_work(&self, place: usize) -> impl Iterator<Item = &'a Part> {
        let leg = self.plan.works.get_index(place).and_then(|(id, _)| self.jobs.get(id.as_str())?.legs.first());
        leg.into_iter().flat_map(|leg| &leg.parts)
    }
}
