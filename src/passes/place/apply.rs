//! A choice, done to the plan.

use std::collections::HashMap;
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::fuse;
use super::problem::{Choice, Problem};
use crate::hir::{Job, Runner, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{EdgeKind, Machine, Plan, Work, build};
use crate::text::Text;

/// What was done, and for which jobs.
pub(super) struct Note {
    /// The id of the job that it is about.
    pub(super) job: String,
    /// What was done.
    pub(super) what: String,
    /// The jobs that it concerns, by place.
    pub(super) jobs: Vec<usize>,
}

/// Does to a plan what was chosen.
pub(super) fn apply(plan: &mut Plan, problem: &Problem, choice: &Choice) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut evaluator = Evaluator::new(problem);
    let Some(order) = evaluator.order(choice) else { return notes };
    let old = plan.clone();
    let id = |place: usize| old.works.get_index(place).map_or("", |(id, _)| id.as_str());
    let mut names: HashMap<&str, String> = HashMap::new();
    let (mut works, mut tasks, mut machines) = (IndexMap::default(), Vec::new(), Vec::new());
    for &group in order {
        let mut own: Vec<usize> = (0..choice.group.len()).filter(|&job| choice.group[job] == group).collect();
        // Those that may be left out come last: nothing of the group waits for them that is not left out too.
        own.sort_by_key(|&job| (own_condition(problem, choice, job), job));
        let jobs: Vec<Arc<Job>> =
            own.iter().filter_map(|&job| old.works.get_index(job)).map(|(_, work)| work.job.clone()).collect();
        let [first, ..] = jobs.as_slice() else { continue };
        let mut work = if jobs.len() > 1 {
            let name = name(&old, &own.iter().map(|&job| id(job)).collect::<Vec<_>>());
            let (job, members) = fuse::fused(&old, &jobs, &name);
            let place = own.iter().filter_map(|&job| old.works.get_index(job)?.1.place).min();
            let all = members.iter().map(|member| format!("`{}`", member.id)).collect::<Vec<_>>().join(", ");
            notes.push(Note { job: name, what: format!("runs {all} on one machine"), jobs: own.clone() });
            Work { place, members, ..build::work(&Arc::new(job)) }
        } else {
            old.works.get_index(own[0]).map(|(_, work)| work.clone()).unwrap_or_default()
        };
        let (shards, machine) = (choice.shards[own[0]], choice.machine[own[0]]);
        // One shard is the job as it is.
        if !problem.jobs[own[0]].shards.is_empty() && shards > 1 {
            let origin = first.origin.clone();
            let job = Arc::make_mut(&mut work.job);
            if let Some(written) = &mut job.shards {
                written.count = Value { kind: ValueKind::Number(shards.to_string()), origin };
            }
            work = Work { place: work.place, members: work.members, ..build::work(&work.job) };
            if shards > 1 {
                notes.push(Note {
                    job: first.id.clone(),
                    what: format!("splits `{}` into {shards} shards", first.id),
                    jobs: own.clone(),
                });
            }
        }
        if machine > 0
            && let Some((chosen, _)) = problem.jobs[own[0]].machines.get(machine)
        {
            let span = first.origin.span;
            Arc::make_mut(&mut work.job).runner = Some(Runner::Label(Text::verbatim(chosen.label.clone(), span)));
            notes.push(Note {
                job: work.job.id.clone(),
                what: format!("runs `{}` on `{}`", work.job.id, chosen.label),
                jobs: own.clone(),
            });
        }
        own.iter().for_each(|&job| drop(names.insert(id(job), work.job.id.clone())));
        for task in build::tasks(&work.job) {
            machines.push(Machine { tasks: vec![tasks.len()] });
            tasks.push(task);
        }
        works.insert(work.job.id.clone(), work);
    }
    let new = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    plan.edges =
        old.edges.iter().cloned().map(|edge| crate::plan::Edge { from: new(&edge.from), to: new(&edge.to), ..edge }).collect();
    plan.edges.retain(|edge| edge.from != edge.to);
    // What was two edges for the same reason is one.
    let mut seen: Vec<(String, String, EdgeKind)> = Vec::new();
    plan.edges.retain(|edge| {
        let key = (edge.from.clone(), edge.to.clone(), edge.kind.clone());
        let is_new = !seen.contains(&key);
        if is_new {
            seen.push(key);
        }
        is_new
    });
    if let Some(gate) = &mut plan.pipeline.gate {
        gate.except.iter_mut().for_each(|(name, _)| *name = new(name));
        gate.except.dedup_by(|one, other| one.0 == other.0);
    }
    (plan.works, plan.tasks, plan.machines) = (works, tasks, machines);
    notes
}

/// Whether a job has a condition that others of its group do not have.
fn own_condition(problem: &Problem, choice: &Choice, job: usize) -> bool {
    let others = (0..choice.group.len()).filter(|&other| choice.group[other] == choice.group[job]);
    let differs = others.into_iter().any(|other| problem.jobs[other].condition != problem.jobs[job].condition);
    let inside = problem.jobs[job].skips.iter().any(|&skip| choice.group[skip] == choice.group[job]);
    differs && inside
}

/// The id of several jobs as one: all of theirs, as far as GitHub takes that.
fn name(plan: &Plan, ids: &[&str]) -> String {
    let all = ids.join("-");
    let all = if all.len() < 80 { all } else { format!("{}-and-{}-more", ids[0].get(..60).unwrap_or(ids[0]), ids.len() - 1) };
    // Of one name more than there are jobs, one is free.
    let numbered = (2..plan.works.len() + 2).map(|number| format!("{all}-{number}"));
    let free = std::iter::once(all.clone()).chain(numbered).find(|name| !plan.works.contains_key(name));
    free.unwrap_or(all)
}
