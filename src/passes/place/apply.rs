//! A choice, done to the plan.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::fuse::{self, Level};
use super::problem::{Choice, Problem};
use super::repeat::{Repeat, Way};
use super::split::{self, Splits};
use crate::cost::Machine;
use crate::hir::{Job, Runner};
use crate::map::IndexMap;
use crate::plan::{Edge, EdgeKind, Plan, Work, build, free};
use crate::text::Text;

/// What was done, and for which jobs.
pub(super) struct Note {
    /// The id of the job that it is about.
    pub(super) job: String,
    /// What was done.
    pub(super) what: String,
    /// The jobs that it concerns, by place.
    pub(super) jobs: Vec<usize>,
    /// What it is about.
    pub(super) about: About,
}

/// What was decided of some jobs.
pub(super) enum About {
    /// With whom they share a machine.
    Sharing,
    /// Into how many shards they are split.
    Shards,
    /// On which machine they run, and which is the usual one.
    Machine { chosen: Arc<Machine>, usual: Arc<Machine> },
    /// That a path travels in a cache, by number.
    Cached(usize),
    /// That something is done again.
    Again,
}

/// Does to a plan what was chosen.
pub(super) fn apply(plan: &mut Plan, way: &Way<'_>, choice: &Choice) -> Vec<Note> {
    let Way { splits, problem, .. } = way;
    let mut evaluator = Evaluator::new(problem);
    let Some(order) = evaluator.order(choice) else { return Vec::new() };
    let parts = Parts::of(plan, splits, choice);
    let mut notes: Vec<Note> = parts.split.jobs().map(|(job, _)| parts.note(job, choice)).collect();
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut works: Vec<Work> = Vec::new();
    let mut given: HashSet<String> = HashSet::new();
    let before = LazyCell::new(|| parts.plan.order());
    for &group in order {
        // Of jobs in pieces that are none any more, the first piece stands for all.
        let mut own: Vec<&Part> = parts.all.iter().filter(|part| choice.group[part.first] == group).collect();
        // Those that may be left out come last: nothing of the group waits for them that is not left out too.
        let items: Vec<usize> = (0..choice.group.len()).filter(|&item| choice.group[item] == group).collect();
        let levels = levels(problem, choice, &items);
        own.sort_by_key(|part| {
            let level = levels.get(&part.first).copied().unwrap_or_default();
            (level.number, !level.background, own_condition(problem, choice, part.first), part.first)
        });
        let Some(first) = own.first().map(|part| part.first) else { continue };
        let members = parts.members(plan, &own, &given);
        let jobs: Vec<Arc<Job>> = members.iter().map(|work| work.job.clone()).collect();
        let mut work = if let [only] = members.as_slice() {
            only.clone()
        } else {
            let ids: Vec<&str> = jobs.iter().map(|job| way.whole(&job.id)).collect();
            let name = name(&parts.plan, &given, &ids, "");
            let level = |at: usize| own.get(at).and_then(|part| levels.get(&part.first)).copied().unwrap_or_default();
            let whole = |job: &Arc<Job>| if job.has_rows() { Arc::new(job.as_whole()) } else { job.clone() };
            let jobs: Vec<_> = jobs.iter().enumerate().map(|(at, job)| (whole(job), level(at))).collect();
            let (job, mut all) = fuse::fused((&parts.plan, &before), &jobs, &name);
            let quoted = |ids: Vec<&str>| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            let shown = quoted(all.iter().map(|member| way.whole(&member.id)).collect());
            // Those of a level begin together, when those before have ended; one of them may keep the machine busy meanwhile.
            let mut of_level: BTreeMap<Option<usize>, (Vec<&str>, bool)> = BTreeMap::new();
            for (job, level) in &jobs {
                let (ids, any) = of_level.entry(level.number).or_default();
                ids.push(&job.id);
                *any |= level.background;
            }
            let beside: Vec<String> = of_level.into_values().filter(|(_, any)| *any).map(|(ids, _)| quoted(ids)).collect();
            let beside = if beside.is_empty() { String::new() } else { format!(", {} side by side", beside.join(" and then ")) };
            let repeats: Vec<&Repeat> = jobs.iter().filter_map(|(job, _)| way.repeats.get(&job.id)).collect();
            for Repeat { job, reader } in &repeats {
                let what = format!("does `{job}` again on the machine of `{reader}`");
                notes.push(Note { job: name.clone(), what, jobs: Vec::new(), about: About::Again });
            }
            if jobs.len() - repeats.len() > 1 {
                let what = format!("runs {shown} on one machine{beside}");
                notes.push(Note { job: name, what, jobs: items.clone(), about: About::Sharing });
            }
            // What was measured of a piece is told of the job, and so is what was done again.
            for member in &mut all {
                let whole = parts.split.whole(&member.id).unwrap_or_else(|| way.whole(&member.id)).to_owned();
                member.id = whole;
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
                written.set(shards);
            }
            work = Work { place: work.place, members: work.members, ..build::work(&work.job) };
            let what = format!("splits `{id}` into {shards} shards");
            notes.push(Note { job: id, what, jobs: items.clone(), about: About::Shards });
        }
        if machine > 0
            && let Some((chosen, _)) = problem.jobs[first].machines.get(machine)
        {
            Arc::make_mut(&mut work.job).runner = Some(Runner::Label(Text::verbatim(chosen.label.clone(), origin.span)));
            let id = work.job.id.clone();
            let what = format!("runs `{id}` on `{}`", chosen.label);
            let about = About::Machine { chosen: chosen.clone(), usual: problem.jobs[first].machines[0].0.clone() };
            notes.push(Note { job: id, what, jobs: items.clone(), about });
        }
        for (number, (_, path)) in way.paths.iter().enumerate().filter(|(_, (from, _))| choice.group[*from] == group) {
            if choice.cached[number] && !work.cached.contains(path) {
                work.cached.push(path.clone());
                let (job, what) =
                    (work.job.id.clone(), format!("hands {path} over in a cache, as that was measured to be better"));
                notes.push(Note { job, what, jobs: Vec::new(), about: About::Cached(number) });
            }
        }
        own.iter().for_each(|part| drop(names.insert(&part.id, work.job.id.clone())));
        given.insert(work.job.id.clone());
        works.push(work);
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
            let pieces = parts.split.of(id);
            pieces.map_or_else(|| vec![new(id)], |pieces| pieces.iter().map(|(piece, _)| new(piece)).collect())
        };
        let except = std::mem::take(&mut gate.except);
        gate.except = except.into_iter().flat_map(|(id, span)| of(&id).into_iter().map(move |id| (id, span))).collect();
        gate.except.dedup_by(|one, other| one.0 == other.0);
    }
    plan.set(works);
    notes
}

/// The jobs that are put together: of those in pieces only what really comes apart.
struct Parts {
    /// In a plan of their own.
    plan: Plan,
    /// The jobs that come apart.
    split: Splits,
    all: Vec<Part>,
}

/// A job, or a piece of one.
struct Part {
    id: String,
    /// What stands for it in the choice.
    first: usize,
}

impl Parts {
    fn of(plan: &Plan, splits: &Splits, choice: &Choice) -> Self {
        // In the choice, the pieces of a job stand where it stood.
        let (mut all, mut apart, mut next) = (Vec::new(), HashSet::new(), 0);
        for id in plan.works.keys() {
            let (pieces, first) = (splits.of(id).unwrap_or_default(), next);
            next += pieces.len().max(1);
            if choice.group[first..next].iter().all(|group| *group == choice.group[first]) {
                all.push(Part { id: id.clone(), first });
            } else {
                all.extend(pieces.iter().zip(first..).map(|((id, _), first)| Part { id: id.clone(), first }));
                apart.insert(id.as_str());
            }
        }
        let split = splits.only(|job| apart.contains(job));
        Self { plan: split::apart(plan, &split), split, all }
    }

    /// The jobs of a group, in order; pieces of one are one.
    fn members(&self, plan: &Plan, own: &[&Part], given: &HashSet<String>) -> Vec<Work> {
        let mut members: IndexMap<&str, Vec<&str>> = IndexMap::default();
        for part in own {
            members.entry(self.split.whole(&part.id).unwrap_or(&part.id)).or_default().push(&part.id);
        }
        let is_alone = members.len() == 1;
        let work = |(job, ids): (&str, Vec<&str>)| {
            let (work, Some(pieces)) = (plan.works.get(job)?, self.split.of(job)) else { return plan.works.get(job).cloned() };
            let here: Vec<_> = pieces.iter().filter(|(id, _)| ids.contains(&id.as_str())).collect();
            // By the id of the first, it is known what comes before it.
            let id = if is_alone { name(&self.plan, given, &ids, job) } else { ids.first()?.to_string() };
            Some(split::piece_of(work, &id, &here))
        };
        members.into_iter().filter_map(work).collect()
    }

    /// That a job comes apart, and into what.
    fn note(&self, job: &str, choice: &Choice) -> Note {
        let pieces = self.split.of(job).unwrap_or_default();
        let first = self.all.iter().find(|part| self.split.whole(&part.id) == Some(job)).map_or(0, |part| part.first);
        let mut groups: IndexMap<usize, Vec<&str>> = IndexMap::default();
        for ((_, piece), item) in pieces.iter().zip(first..) {
            groups.entry(choice.group[item]).or_default().push(&piece.name);
        }
        let shown: Vec<String> = groups.values().map(|names| format!("`{}`", names.join(", "))).collect();
        let what = format!("runs parts of `{job}` on machines of their own: {}", shown.join(" and "));
        Note { job: job.to_owned(), what, jobs: (first..first + pieces.len()).collect(), about: About::Sharing }
    }
}

/// Where each job of a group stands, by place, where some of it runs side by side.
fn levels(problem: &Problem, choice: &Choice, own: &[usize]) -> HashMap<usize, Level> {
    if !own.first().is_some_and(|&first| choice.beside[first]) {
        return HashMap::new();
    }
    let numbers = problem.levels(own);
    let is_alone = |level: usize| numbers.iter().filter(|number| **number == level).count() == 1;
    let level = |(&job, &number): (&usize, &usize)| {
        let background = problem.jobs[job].in_background() && !is_alone(number);
        (job, Level { number: Some(number), background })
    };
    own.iter().zip(&numbers).map(level).collect()
}

/// Whether a job has a condition that others of its group do not have.
fn own_condition(problem: &Problem, choice: &Choice, job: usize) -> bool {
    let others = (0..choice.group.len()).filter(|&other| choice.group[other] == choice.group[job]);
    let differs = others.into_iter().any(|other| problem.jobs[other].condition != problem.jobs[job].condition);
    let inside = problem.jobs[job].skips.iter().any(|&skip| choice.group[skip] == choice.group[job]);
    differs && inside
}

/// The id of several jobs as one: all of theirs, as far as GitHub takes that; what they all begin with once. No job has it yet, nor was it given to others.
fn name(plan: &Plan, given: &HashSet<String>, ids: &[&str], common: &str) -> String {
    if let [only] = ids {
        return (*only).to_owned();
    }
    let rest = ids.iter().map(|id| id.strip_prefix(common).unwrap_or(id).trim_start_matches('-'));
    let all = std::iter::once(common).filter(|common| !common.is_empty()).chain(rest).collect::<Vec<_>>().join("-");
    let all = if all.len() < 80 { all } else { format!("{}-and-{}-more", ids[0].get(..60).unwrap_or(ids[0]), ids.len() - 1) };
    free(all, |name| plan.works.contains_key(name) || given.contains(name))
}
