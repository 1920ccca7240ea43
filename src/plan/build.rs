//! The resolved pipeline to the plan: effects become edges, rows become tasks, each task gets a machine.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::effects::Effects;
use super::{Derived, Edge, EdgeKind, Plan, Role, Task, Work, effects, shards, skips, task_id};
use crate::catalog::actions;
use crate::diagnostics::codes::e0204_endless_expansion::too_large;
use crate::diagnostics::codes::e0401_unknown_job::unknown_job;
use crate::diagnostics::codes::e0402_cycle::{Wait, Why, cycle};
use crate::diagnostics::{Diag, Outcome, nearest};
use crate::facts::Facts;
use crate::hir::rows;
use crate::hir::{Checkout, Condition, Job, Map, Need, Pipeline, Step, StepKind};
use crate::map::IndexMap;
use crate::source::Span;

/// Builds the plan. `broken`: parts of the spec were lost to syntax errors, so that a name which nothing defines may have been there.
pub fn build(pipeline: &Pipeline, facts: &Facts, broken: bool) -> Outcome<Plan> {
    let mut diags = Vec::new();
    let mut edges = Vec::new();
    named_edges(pipeline, broken, &mut edges, &mut diags);
    let effects = Effects::of(pipeline);
    effects::edges(pipeline, &effects, facts, broken, &mut edges, &mut diags);
    star_edges(pipeline, &mut edges, &mut diags);
    let order = sorted(pipeline, &mut edges, &mut diags);
    effects::races(pipeline, &effects, &edges, &order, &mut diags);
    let mut plan = Plan {
        pipeline: pipeline.without_jobs(),
        edges,
        concurrency: pipeline.defaults.concurrency.clone(),
        permissions: pipeline.defaults.permissions.clone(),
        ..Plan::default()
    };
    for id in order {
        let Some(job) = pipeline.jobs.get(&id) else { continue };
        shards::check(job, facts, &mut diags);
        plan.add(Work { place: pipeline.jobs.get_index_of(&id), ..work(job) });
    }
    if !broken {
        skips::check(&plan, &mut diags);
    }
    Outcome { value: plan, diags }
}

/// The tasks of a job: its rows.
pub(crate) fn tasks(job: &Job) -> Vec<Task> {
    let mut alike: HashMap<String, usize> = HashMap::new();
    let mut task = |row: IndexMap<String, String>| {
        let values: Vec<&str> = row.values().map(String::as_str).collect();
        let id = task_id(&job.id, &values);
        // GitHub runs a combination that `include` says twice, twice.
        let count = alike.entry(id.clone()).or_default();
        *count += 1;
        Task { id: if *count > 1 { format!("{id}#{count}") } else { id }, work: job.id.clone(), row }
    };
    rows::rows(job).into_iter().map(&mut task).collect()
}

/// Names beyond so many messages get no did-you-mean: each compares with every name.
pub(super) const MAX_NEAREST: usize = 100;

/// More edges are no pipeline.
pub(super) const MAX_EDGES: usize = 250_000;

/// `needs NAME`, and jobs whose outputs or results an expression asks for.
fn named_edges(pipeline: &Pipeline, broken: bool, edges: &mut Vec<Edge>, diags: &mut Vec<Diag>) {
    // As written, where case does not count.
    let ids: HashMap<String, &String> = pipeline.jobs.keys().rev().map(|id| (id.to_ascii_lowercase(), id)).collect();
    for job in pipeline.jobs.values() {
        for need in &job.needs {
            let Need::Job(name, origin) = need else { continue };
            if pipeline.jobs.contains_key(name) {
                edges.push(Edge { from: name.clone(), to: job.id.clone(), kind: EdgeKind::Order, origin: origin.span });
            } else if !broken {
                let names = others(pipeline, job).take_while(|_| diags.len() < MAX_NEAREST);
                let near = nearest(name, names);
                diags.push(origin.explain(unknown_job(name, near, origin.span)));
            }
        }
        let derived = !job.needs.iter().any(|need| matches!(need, Need::Off));
        for (name, span) in asked(job).into_iter().filter(|_| derived) {
            let found = ids.get(&name.to_ascii_lowercase()).copied();
            // An unknown name is the checker's to report.
            if let Some(id) = found.filter(|id| **id != job.id) {
                edges.push(Edge { from: id.clone(), to: job.id.clone(), kind: EdgeKind::Outputs, origin: span });
            }
        }
    }
}

/// The ids of all jobs but one, which cannot come before itself.
pub(super) fn others<'p>(pipeline: &'p Pipeline, job: &'p Job) -> impl Iterator<Item = &'p str> {
    pipeline.jobs.keys().map(String::as_str).filter(move |id| *id != job.id)
}

/// The jobs that a job's expressions name in `needs.NAME`.
fn asked(job: &Job) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    crate::hir::checks::expressions::naming("needs", job, &mut |expr, span| {
        for path in expr.paths() {
            if let [context, name, ..] = path.as_slice()
                && context.eq_ignore_ascii_case("needs")
            {
                names.push((name.clone(), span));
            }
        }
    });
    names
}

/// `needs *`: every job without one that does not come after this one.
fn star_edges(pipeline: &Pipeline, edges: &mut Vec<Edge>, diags: &mut Vec<Diag>) {
    let star = |job: &Job| job.needs.iter().find_map(|need| if let Need::All(origin) = need { Some(origin.span) } else { None });
    let mut after: IndexMap<&str, Vec<&str>> = IndexMap::default();
    for edge in edges.iter() {
        after.entry(edge.from.as_str()).or_default().push(edge.to.as_str());
    }
    let mut new = Vec::new();
    for job in pipeline.jobs.values() {
        let Some(span) = star(job) else { continue };
        if new.len() > MAX_EDGES {
            return diags.push(job.origin.explain(too_large("edges between jobs", MAX_EDGES, span)));
        }
        let mut later = BTreeSet::from([job.id.as_str()]);
        let mut open = vec![job.id.as_str()];
        while let Some(id) = open.pop() {
            for next in after.get(id).into_iter().flatten() {
                if later.insert(next) {
                    open.push(next);
                }
            }
        }
        for other in pipeline.jobs.values() {
            if star(other).is_none() && !later.contains(other.id.as_str()) {
                new.push(Edge { from: other.id.clone(), to: job.id.clone(), kind: EdgeKind::Order, origin: span });
            }
        }
    }
    edges.extend(new);
}

/// An edge as a message tells it.
fn wait<'a>(pipeline: &'a Pipeline, edge: &'a Edge) -> Wait<'a> {
    let why = match &edge.kind {
        EdgeKind::Order => Why::Needs,
        EdgeKind::Outputs => Why::Asks,
        EdgeKind::Data { path } => {
            let writer = pipeline.jobs.get(&edge.from).map(|job| effects::writes(job)).unwrap_or_default();
            let at = writer.iter().find(|effect| effect.text.as_str() == path).map(|effect| effect.text.span());
            Why::Reads { path, at: at.unwrap_or(edge.origin) }
        }
    };
    Wait { from: &edge.from, to: &edge.to, at: edge.origin, why }
}

/// A topological order: of the jobs that could come next, the first written one. A cycle is reported, and cut where it closes.
fn sorted(pipeline: &Pipeline, edges: &mut Vec<Edge>, diags: &mut Vec<Diag>) -> Vec<String> {
    let index: IndexMap<&str, usize> = pipeline.jobs.keys().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut origins: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
    for edge in edges.iter() {
        origins.entry((index[edge.from.as_str()], index[edge.to.as_str()])).or_insert_with(|| edge.clone());
    }
    let mut after = vec![Vec::new(); index.len()];
    let mut before = vec![Vec::new(); index.len()];
    let mut missing = vec![0usize; index.len()];
    for &(from, to) in origins.keys() {
        after[from].push(to);
        before[to].push(from);
        missing[to] += 1;
    }
    let mut ready: BTreeSet<usize> = (0..index.len()).filter(|&at| missing[at] == 0).collect();
    let mut order = Vec::with_capacity(index.len());
    let mut done = vec![false; index.len()];
    loop {
        while let Some(at) = ready.pop_first() {
            done[at] = true;
            order.push(at);
            for &next in &after[at] {
                missing[next] = missing[next].saturating_sub(1);
                // A job at which a cycle was cut is settled, though not all that it waits for may be.
                if missing[next] == 0 && !done[next] {
                    ready.insert(next);
                }
            }
        }
        let Some(stuck) = done.iter().position(|done| !done) else { break };
        // Walk back from a stuck job to one seen before: that is a cycle.
        let mut path = vec![stuck];
        let mut places: HashMap<usize, usize> = HashMap::from([(stuck, 0)]);
        loop {
            let last = path[path.len() - 1];
            let before = before[last].iter().copied().find(|&from| !done[from]).unwrap_or(last);
            if let Some(&start) = places.get(&before) {
                path.drain(..start);
                break;
            }
            places.insert(before, path.len());
            path.push(before);
        }
        path.reverse();
        let name = |at: usize| pipeline.jobs.get_index(at).map_or("", |(id, _)| id.as_str());
        let mut steps = Vec::new();
        for (place, &at) in path.iter().enumerate() {
            let next = path[(place + 1) % path.len()];
            steps.extend(origins.get(&(at, next)).map(|edge| wait(pipeline, edge)));
        }
        diags.push(cycle(&steps));
        let cut = path[0];
        let into: BTreeSet<usize> = path.iter().copied().filter(|&from| origins.contains_key(&(from, cut))).collect();
        edges.retain(|edge| !(edge.to == name(cut) && into.contains(&index[edge.from.as_str()])));
        for from in into {
            if let Some(at) = after[from].iter().position(|&to| to == cut) {
                after[from].remove(at);
                missing[cut] = missing[cut].saturating_sub(1);
            }
        }
        if missing[cut] == 0 {
            ready.insert(cut);
        } else {
            // Other cycles hold it as well; they are found in turn, and this one is settled.
            done[cut] = true;
            order.push(cut);
            for &next in &after[cut] {
                missing[next] = missing[next].saturating_sub(1);
                if missing[next] == 0 && !done[next] {
                    ready.insert(next);
                }
            }
        }
    }
    order.into_iter().filter_map(|at| pipeline.jobs.get_index(at).map(|(id, _)| id.clone())).collect()
}

/// A job with what always goes with it: the checkout and its toolchains.
pub(crate) fn work(job: &Arc<Job>) -> Work {
    let mut work = Work { job: job.clone(), guard: super::rows::guard(job), ..Work::default() };
    if job.call.is_some() {
        return work;
    }
    let origin = job.origin.clone();
    if matches!(job.checkout, Checkout::Derived) && needs_files(job) && !job.steps.iter().any(Step::fetches) {
        let step = super::uses(actions::used::CHECKOUT, Map::default(), origin.clone());
        work.prologue.push(Derived { role: Role::Checkout, step, why: None });
    }
    let toolchains = super::toolchains(job);
    for role in [Role::Setup, Role::Install] {
        for (toolchain, when) in &toolchains {
            let steps = if role == Role::Setup { &toolchain.setup } else { &toolchain.install };
            work.prologue.extend(steps.iter().map(|step| {
                let when = Condition::both(when.clone(), step.when.clone());
                Derived { role, step: Step { when, ..step.clone() }, why: None }
            }));
        }
    }
    if let Some(shards) = job.shards.as_ref().filter(|shards| !shards.files.is_empty()) {
        work.prologue.push(Derived { role: Role::Split, step: shards::choose(shards), why: None });
    }
    work
}

fn needs_files(job: &Job) -> bool {
    job.each_step().any(|step| match &step.kind {
        StepKind::Run(_) => true,
        StepKind::Uses { action, .. } => actions::needs_files(action),
        _ => false,
    })
}
