//! A choice, done to the plan.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::fuse;
use super::problem::{Choice, Problem};
use super::split::{self, Split};
use crate::hir::{Job, Runner, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Edge, EdgeKind, Machine, Plan, Work, build};
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
pub(super) fn apply(plan: &mut Plan, splits: &[Split], problem: &Problem, choice: &Choice) -> Vec<Note> {
    let mut evaluator = Evaluator::new(problem);
    let Some(order) = evaluator.order(choice) else { return Vec::new() };
    let parts = Parts::of(plan, splits, choice);
    let mut notes: Vec<Note> = parts.split.iter().map(|split| parts.note(split, choice)).collect();
    let mut names: HashMap<&str, String> = HashMap::new();
    let (mut works, mut tasks, mut machines) = (IndexMap::default(), Vec::new(), Vec::new());
    for &group in order {
        // Of jobs in pieces that are none any more, the first piece stands for all.
        let mut own: Vec<&Part> = parts.all.iter().filter(|part| choice.group[part.first] == group).collect();
        // Those that may be left out come last: nothing of the group waits for them that is not left out too.
        own.sort_by_key(|part| (own_condition(problem, choice, part.first), part.first));
        let Some(first) = own.first().map(|part| part.first) else { continue };
        let items: Vec<usize> = (0..choice.group.len()).filter(|&item| choice.group[item] == group).collect();
        let members = parts.members(plan, &own);
        let jobs: Vec<Arc<Job>> = members.iter().map(|work| work.job.clone()).collect();
        let mut work = if let [only] = members.as_slice() {
            only.clone()
        } else {
            let name = name(&parts.plan, &jobs.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(), "");
            let (job, mut all) = fuse::fused(&parts.plan, &jobs, &name);
            let shown = all.iter().map(|member| format!("`{}`", member.id)).collect::<Vec<_>>().join(", ");
            notes.push(Note { job: name, what: format!("runs {shown} on one machine"), jobs: items.clone() });
            // What was measured of a piece is told of the job.
            for member in &mut all {
                if let Some(split) = parts.split.iter().find(|split| split.has(&member.id)) {
                    member.id.clone_from(&split.job);
                }
            }
            let place = members.iter().filter_map(|work| work.place).min();
            Work { place, members: all, ..build::work(&Arc::new(job)) }
        };
        let origin = jobs.first().map(|job| job.origin.clone()).unwrap_or_default();
        let (shards, machine) = (choice.shards[first], choice.machine[first]);
        // One shard is the job as it is.
        if !problem.jobs[first].shards.is_empty() && shards > 1 {
            let id = work.job.id.clone();
            let job = Arc::make_mut(&mut work.job);
            if let Some(written) = &mut job.shards {
                written.count = Value { kind: ValueKind::Number(shards.to_string()), origin: origin.clone() };
            }
            work = Work { place: work.place, members: work.members, ..build::work(&work.job) };
            notes.push(Note { what: format!("splits `{id}` into {shards} shards"), job: id, jobs: items.clone() });
        }
        if machine > 0
            && let Some((chosen, _)) = problem.jobs[first].machines.get(machine)
        {
            Arc::make_mut(&mut work.job).runner = Some(Runner::Label(Text::verbatim(chosen.label.clone(), origin.span)));
            let id = work.job.id.clone();
            notes.push(Note { what: format!("runs `{id}` on `{}`", chosen.label), job: id, jobs: items.clone() });
        }
        own.iter().for_each(|part| drop(names.insert(&part.id, work.job.id.clone())));
        for task in build::tasks(&work.job) {
            machines.push(Machine { tasks: vec![tasks.len()] });
            tasks.push(task);
        }
        works.insert(work.job.id.clone(), work);
    }
    let new = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let edges = parts.plan.edges.iter().map(|edge| Edge { from: new(&edge.from), to: new(&edge.to), ..edge.clone() });
    // What was two edges for the same reason is one.
    let mut seen: HashSet<(String, String, EdgeKind)> = HashSet::new();
    plan.edges = edges
        .filter(|edge| edge.from != edge.to && seen.insert((edge.from.clone(), edge.to.clone(), edge.kind.clone())))
        .collect();
    if let Some(gate) = &mut plan.pipeline.gate {
        let of = |id: &str| -> Vec<String> {
            let split = parts.split.iter().find(|split| split.job == id);
            split.map_or_else(|| vec![new(id)], |split| split.pieces.iter().map(|(piece, _)| new(piece)).collect())
        };
        let except = std::mem::take(&mut gate.except);
        gate.except = except.into_iter().flat_map(|(id, span)| of(&id).into_iter().map(move |id| (id, span))).collect();
        gate.except.dedup_by(|one, other| one.0 == other.0);
    }
    (plan.works, plan.tasks, plan.machines) = (works, tasks, machines);
    notes
}

/// The jobs that are put together: of those in pieces only what really comes apart.
struct Parts {
    /// In a plan of their own.
    plan: Plan,
    /// The jobs that come apart.
    split: Vec<Split>,
    all: Vec<Part>,
}

/// A job, or a piece of one.
struct Part {
    id: String,
    /// What stands for it in the choice.
    first: usize,
}

impl Parts {
    fn of(plan: &Plan, splits: &[Split], choice: &Choice) -> Self {
        // In the choice, the pieces of a job stand where it stood.
        let (mut all, mut split, mut next) = (Vec::new(), Vec::new(), 0);
        for id in plan.works.keys() {
            let first = next;
            let whole = || Part { id: id.clone(), first };
            let Some(own) = splits.iter().find(|split| split.job == *id) else {
                next += 1;
                all.push(whole());
                continue;
            };
            next += own.pieces.len();
            if choice.group[first..next].iter().all(|group| *group == choice.group[first]) {
                all.push(whole());
            } else {
                all.extend(own.pieces.iter().zip(first..).map(|((id, _), first)| Part { id: id.clone(), first }));
                split.push(own.clone());
            }
        }
        Self { plan: split::apart(plan, &split), split, all }
    }

    /// The jobs of a group, in order; pieces of one are one.
    fn members(&self, plan: &Plan, own: &[&Part]) -> Vec<Work> {
        let is_alone = |split: &Split| own.iter().all(|part| split.has(&part.id));
        let mut members = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for part in own {
            let Some(split) = self.split.iter().find(|split| split.has(&part.id)) else {
                members.extend(self.plan.works.get(&part.id).cloned());
                continue;
            };
            if !done.contains(&split.job.as_str()) {
                done.push(&split.job);
                let is_here = |id: &str| own.iter().any(|part| part.id == id);
                let places: Vec<usize> = (0..split.pieces.len()).filter(|&place| is_here(&split.pieces[place].0)).collect();
                let ids: Vec<&str> = places.iter().map(|&place| split.pieces[place].0.as_str()).collect();
                // By the id of the first, it is known what comes before it.
                let id = if is_alone(split) { name(&self.plan, &ids, &split.job) } else { ids[0].to_owned() };
                members.extend(plan.works.get(&split.job).map(|work| split::piece_of(work, &id, split, &places)));
            }
        }
        members
    }

    /// That a job comes apart, and into what.
    fn note(&self, split: &Split, choice: &Choice) -> Note {
        let first = self.all.iter().find(|part| split.has(&part.id)).map_or(0, |part| part.first);
        let mut groups: IndexMap<usize, Vec<&str>> = IndexMap::default();
        for ((_, piece), item) in split.pieces.iter().zip(first..) {
            groups.entry(choice.group[item]).or_default().push(&piece.name);
        }
        let shown: Vec<String> = groups.values().map(|names| format!("`{}`", names.join(", "))).collect();
        let what = format!("runs parts of `{}` on machines of their own: {}", split.job, shown.join(" and "));
        Note { job: split.job.clone(), what, jobs: (first..first + split.pieces.len()).collect() }
    }
}

/// Whether a job has a condition that others of its group do not have.
fn own_condition(problem: &Problem, choice: &Choice, job: usize) -> bool {
    let others = (0..choice.group.len()).filter(|&other| choice.group[other] == choice.group[job]);
    let differs = others.into_iter().any(|other| problem.jobs[other].condition != problem.jobs[job].condition);
    let inside = problem.jobs[job].skips.iter().any(|&skip| choice.group[skip] == choice.group[job]);
    differs && inside
}

/// The id of several jobs as one: all of theirs, as far as GitHub takes that; what they all begin with once.
fn name(plan: &Plan, ids: &[&str], common: &str) -> String {
    if let [only] = ids {
        return (*only).to_owned();
    }
    let rest = ids.iter().map(|id| id.strip_prefix(common).unwrap_or(id).trim_start_matches('-'));
    let all = std::iter::once(common).filter(|common| !common.is_empty()).chain(rest).collect::<Vec<_>>().join("-");
    let all = if all.len() < 80 { all } else { format!("{}-and-{}-more", ids[0].get(..60).unwrap_or(ids[0]), ids.len() - 1) };
    // Of one name more than there are jobs, one is free.
    let numbered = (2..plan.works.len() + 2).map(|number| format!("{all}-{number}"));
    let free = std::iter::once(all.clone()).chain(numbered).find(|name| !plan.works.contains_key(name));
    free.unwrap_or(all)
}
