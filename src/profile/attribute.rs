//! Whom the times of a job of a run are told of: the task of its name, or the several jobs that shared its machine.

use std::collections::{BTreeMap, BTreeSet};

use super::github::{Job, JobStep};
use super::names::{display_name, may_be_shown_as, without_commit};
use crate::expr::text::{has_hole, holes};
use crate::hir;
use crate::map::IndexMap;
use crate::passes::carriers::keeps;
use crate::plan::pieces::pieces;
use crate::plan::{Plan, Task, Work, task_id};

/// What GitHub calls the tasks of a pipeline.
pub(super) struct Names<'p> {
    /// The plan as it was written.
    pub(super) written: &'p Plan,
    /// Task by name, where the name is known before a run.
    exact: BTreeMap<String, String>,
    /// Names that jobs of the spec have in common.
    pub(super) shared: BTreeSet<String>,
    /// The same where an expression in the name is filled in by the run: `build ${{ inputs.phase }}`.
    open: BTreeMap<String, String>,
    /// Tasks that call a workflow.
    calls: BTreeSet<String>,
    /// By title, what is several of the author's jobs.
    together: BTreeMap<String, &'p Work>,
    /// By task, which shard of which job or row it is; 0 where that is not split.
    shards: BTreeMap<String, (String, u32)>,
}

/// Whom a job of a run is of.
pub(super) enum Whose<'p> {
    /// A task.
    Task(String),
    /// A task that calls a workflow: this is one of the jobs of that.
    Call(String),
    /// Several jobs.
    Together(Together<'p>),
}

impl<'p> Names<'p> {
    /// The names of a plan as it was written and as it is compiled to. What ran may be either, and may be split into any number of shards.
    pub(super) fn of(written: &'p Plan, compiled: &'p Plan) -> Self {
        let mut names = Self {
            written,
            exact: BTreeMap::new(),
            shared: BTreeSet::new(),
            open: BTreeMap::new(),
            calls: BTreeSet::new(),
            together: BTreeMap::new(),
            shards: BTreeMap::new(),
        };
        let mut first: BTreeMap<String, &str> = BTreeMap::new();
        for task in &written.tasks {
            let Some(work) = written.works.get(&task.work) else { continue };
            let name = shown(title(work), &task.row);
            if first.insert(name.clone(), &task.work).is_some_and(|other| other != task.work) {
                names.shared.insert(name);
            }
        }
        for plan in [written, compiled] {
            for task in &plan.tasks {
                let Some(work) = plan.works.get(&task.work) else { continue };
                if !work.members.is_empty() {
                    names.together.insert(title(work).to_owned(), work);
                    continue;
                }
                let name = shown(title(work), &task.row);
                // A name of nothing but expressions may be any.
                if has_hole(&name) && !may_be_shown_as(&name, "") {
                    names.open.entry(name.clone()).or_insert_with(|| task.id.clone());
                }
                names.exact.entry(name).or_insert_with(|| task.id.clone());
                if work.job.call.is_some() {
                    names.calls.insert(task.id.clone());
                }
            }
            // What is left out as a whole has no rows.
            for (id, work) in plan.works.iter().filter(|(_, work)| work.job.has_rows() && work.members.is_empty()) {
                names.exact.entry(title(work).to_owned()).or_insert_with(|| id.clone());
            }
        }
        for (id, work) in written.works.iter().filter(|(_, work)| work.job.is_split()) {
            names.shards.insert(id.clone(), (id.clone(), 0));
            names.add_shards(work, id, &IndexMap::from_iter([("shard".to_owned(), String::new())]), hir::MAX_SHARDS);
        }
        let mut rows: BTreeMap<&str, BTreeMap<String, &Task>> = BTreeMap::new();
        for task in written.tasks.iter().filter(|task| task.row.contains_key("shard")) {
            rows.entry(&task.work).or_default().entry(task.whole()).or_insert(task);
        }
        for (id, rows) in rows {
            let Some(work) = written.works.get(id).filter(|work| work.job.matrix.is_some() && work.job.shards.is_some()) else {
                continue;
            };
            let most = hir::MAX_SHARDS / u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
            rows.iter().for_each(|(whole, task)| names.add_shards(work, whole, &task.row, most));
        }
        names
    }

    /// The names of all shards, up to so many, of a job or of a row of its matrix.
    fn add_shards(&mut self, work: &Work, whole: &str, row: &IndexMap<String, String>, most: u32) {
        for shard in 1..=most {
            let mut row = row.clone();
            row.insert("shard".to_owned(), shard.to_string());
            let values: Vec<&str> = row.values().map(String::as_str).collect();
            let task = task_id(&work.job.id, &values);
            self.exact.entry(shown(title(work), &row)).or_insert_with(|| task.clone());
            self.shards.insert(task, (whole.to_owned(), shard));
        }
    }

    /// Whose a name is: `test`, `test (20)`, `Test on 20`, `call / build`, `lint, unit`.
    pub(super) fn whose(&self, name: &str) -> Option<Whose<'p>> {
        if self.shared.contains(name) {
            return None;
        }
        if let Some(task) = self.exact.get(name) {
            return Some(self.task(task));
        }
        if let Some(work) = self.together.get(name) {
            return Some(Whose::Together(Together::of(work, self.written)));
        }
        let caller = name.split_once(" / ").and_then(|(caller, _)| self.exact.get(caller));
        if let Some(task) = caller.filter(|task| self.calls.contains(*task)) {
            return Some(Whose::Call(task.clone()));
        }
        if let Some(works) = self.joined(name, &mut BTreeSet::new()) {
            return Some(Whose::Together(Together::of_jobs(&works)));
        }
        self.pieces(name).map(Whose::Together).or_else(|| self.filled_in(name)).or_else(|| self.partly(name))
    }

    /// A task, or what it calls.
    fn task(&self, task: &str) -> Whose<'p> {
        if self.calls.contains(task) { Whose::Call(task.to_owned()) } else { Whose::Task(task.to_owned()) }
    }

    /// The one task whose name a run may have filled in so; none where several fit.
    fn filled_in(&self, name: &str) -> Option<Whose<'p>> {
        let mut fits = self.open.iter().filter(|(open, _)| may_be_shown_as(open, name)).map(|(_, task)| task);
        let first = fits.next()?;
        fits.next().is_none().then(|| self.task(first))
    }

    /// The pieces of a job that a name has, behind its title: they were one in a plan that is no more.
    fn pieces(&self, name: &str) -> Option<Together<'p>> {
        let ends = name.match_indices(": ");
        ends.into_iter().find_map(|(at, between)| {
            let work = self.written.works.get(self.exact.get(&name[..at])?)?;
            let mut rest = &name[at + between.len()..];
            let mut steps = BTreeSet::new();
            for piece in pieces(&work.job) {
                let behind = rest.strip_prefix(piece.name.as_str());
                if let Some(behind) = behind.and_then(|behind| behind.strip_prefix(", ").or(behind.is_empty().then_some(""))) {
                    rest = behind;
                    steps.extend(piece.steps);
                }
            }
            (rest.is_empty() && !steps.is_empty()).then(|| Together::of_pieces(work, &steps))
        })
    }

    /// The jobs whose titles a name has, one after the other: they were one in a plan that is no more.
    fn joined(&self, name: &str, tried: &mut BTreeSet<usize>) -> Option<Vec<&'p Work>> {
        if let Some(last) = self.job(name) {
            return Some(vec![last]);
        }
        // A title may have a comma of its own; what is left was looked at before, then.
        if !tried.insert(name.len()) {
            return None;
        }
        name.match_indices(BETWEEN).find_map(|(at, between)| {
            let first = self.job(&name[..at])?;
            let mut all = self.joined(&name[at + between.len()..], tried)?;
            all.insert(0, first);
            Some(all)
        })
    }

    /// A job that may share a machine, by its title.
    fn job(&self, title: &str) -> Option<&'p Work> {
        let work = self.written.works.get(self.exact.get(title)?)?;
        (work.job.call.is_none() && (!work.job.has_rows() || work.job.may_be_whole())).then_some(work)
    }

    /// The jobs of a name that has other titles too, which no job has any more: one that was renamed takes nothing from those that shared its machine.
    fn partly(&self, name: &str) -> Option<Whose<'p>> {
        if name.matches(BETWEEN).count() > MOST_TITLES {
            return None;
        }
        let (mut works, mut rest, mut before) = (Vec::new(), name, None);
        loop {
            // A title may have a comma of its own: the longest that there is.
            let ends = [rest.len()].into_iter().chain(rest.rmatch_indices(BETWEEN).map(|(at, _)| at));
            let known =
                ends.into_iter().find_map(|at| Some((at, self.job(&rest[..at]).filter(|_| !self.shared.contains(&rest[..at]))?)));
            let end = known.map_or_else(|| rest.find(BETWEEN), |(at, _)| Some(at).filter(|at| *at < rest.len()));
            match known {
                Some((_, work)) => works.push(work),
                None => before = before.or(Some(works.len())),
            }
            match end {
                Some(end) => rest = &rest[end + BETWEEN.len()..],
                None => break,
            }
        }
        let before = before.unwrap_or(works.len());
        (!works.is_empty()).then(|| Whose::Together(Together { strangers: Some(before), ..Together::of_jobs(&works) }))
    }

    /// Which shard of which job or row a task is, where that may be split; 0 is the whole.
    pub(super) fn shard(&self, task: &str) -> Option<(&str, u32)> {
        self.shards.get(task).map(|(job, shard)| (job.as_str(), *shard))
    }
}

fn title(work: &Work) -> &str {
    work.job.title.as_ref().map_or(work.job.id.as_str(), |title| title.as_str())
}

/// The name of a row: the title with its values in it, or else with all values behind it.
fn shown(title: &str, row: &IndexMap<String, String>) -> String {
    if row.is_empty() {
        return title.to_owned();
    }
    let mut name = String::new();
    let (mut end, mut filled) = (0, false);
    for (span, expr) in holes(title) {
        let path = expr.as_path().unwrap_or_default();
        let value = match path.as_slice() {
            [context, axis] if context.eq_ignore_ascii_case("matrix") => row.get(axis.as_str()),
            _ => None,
        };
        if let Some(value) = value {
            name.push_str(&title[end..span.start as usize]);
            name.push_str(value);
            (end, filled) = (span.end as usize, true);
        }
    }
    name.push_str(&title[end..]);
    // A title that asks for the row stands as it is.
    if filled { name } else { format!("{title} ({})", row.values().map(String::as_str).collect::<Vec<_>>().join(", ")) }
}

/// What the steps are called that keep files of a job for people.
fn kept(work: &Work) -> impl Iterator<Item = String> {
    work.job.keeps.iter().map(keeps)
}

/// What stands between the titles of jobs that share a machine.
const BETWEEN: &str = ", ";

/// In a name with more of them nobody looks for titles.
const MOST_TITLES: usize = 100;

/// What a machine does for whatever job, beside what the plan has.
const OF_MACHINES: [&str; 4] = ["Set up job", "Initialize containers", "Stop containers", "Complete job"];

/// Jobs that shared a machine.
pub(super) struct Together<'p> {
    /// Their ids.
    pub(super) jobs: Vec<&'p str>,
    /// The steps that are known, in order, each with the job that it is of; none for those of the machine.
    steps: Vec<(String, Option<usize>)>,
    /// How many of the jobs come before the first of others that were there, and that no job is any more; none without such. Steps that are not known may be
    /// theirs.
    pub(super) strangers: Option<usize>,
}

impl<'p> Together<'p> {
    /// What one work was made of.
    fn of(work: &'p Work, written: &Plan) -> Self {
        let mut steps: Vec<_> = work.prologue.iter().map(|derived| (display_name(&derived.step), None)).collect();
        for (at, member) in work.members.iter().enumerate() {
            let own = work.job.steps.get(member.steps.clone()).unwrap_or_default();
            steps.extend(own.iter().map(|step| (display_name(step), Some(at))));
        }
        // Files for people are one member's.
        let of_member = |name: &str| {
            let keeps = |id: &str| written.works.get(id).is_some_and(|work| kept(work).any(|own| own == name));
            work.members.iter().position(|member| keeps(&member.id))
        };
        steps.extend(work.epilogue.iter().map(|derived| display_name(&derived.step)).map(|name| {
            let owner = of_member(&name);
            (name, owner)
        }));
        Self { jobs: work.members.iter().map(|member| member.id.as_str()).collect(), steps, strangers: None }
    }

    /// Jobs as they are written: what they have in common is what the first of them begins with.
    fn of_jobs(works: &[&'p Work]) -> Self {
        let common = works.iter().take(1).flat_map(|work| &work.prologue);
        let mut steps: Vec<_> = common.map(|derived| (display_name(&derived.step), None)).collect();
        for (at, work) in works.iter().enumerate() {
            steps.extend(work.job.steps.iter().map(|step| (display_name(step), Some(at))));
        }
        steps.extend(works.iter().enumerate().flat_map(|(at, work)| kept(work).map(move |name| (name, Some(at)))));
        Self { jobs: works.iter().map(|work| work.job.id.as_str()).collect(), steps, strangers: None }
    }

    /// Some steps of a job, as it is written.
    fn of_pieces(work: &'p Work, steps: &BTreeSet<usize>) -> Self {
        let own = steps.iter().filter_map(|&step| work.job.steps.get(step)).map(|step| (display_name(step), Some(0)));
        let common = work.prologue.iter().map(|derived| (display_name(&derived.step), None));
        let kept = kept(work).map(|name| (name, Some(0)));
        Self { jobs: vec![work.job.id.as_str()], steps: common.chain(own).chain(kept).collect(), strangers: None }
    }

    /// A job of a run as what it would be for each of them alone: its own commands, and all that went with having a machine. How long it took as a whole is not
    /// known of any.
    pub(super) fn split(&self, job: &Job) -> Vec<Share<'p>> {
        if job.steps.is_empty() {
            return Vec::new();
        }
        let alone = Job { steps: Vec::new(), completed_at: None, ..job.clone() };
        let mut parts: Vec<(Job, Vec<&JobStep>)> = self.jobs.iter().map(|_| (alone.clone(), Vec::new())).collect();
        let (mut place, mut broken) = (0, false);
        let mut of_machine: BTreeSet<String> = BTreeSet::new();
        for step in &job.steps {
            let name = without_commit(&step.name);
            let of = |is_it: &dyn Fn(&str) -> bool| {
                self.steps[place..].iter().position(|(known, _)| is_it(known)).map(|at| place + at)
            };
            // GitHub fills in what a name asks for.
            let found = of(&|known| known == name).or_else(|| of(&|known| has_hole(known) && may_be_shown_as(known, &name)));
            let owner = found.and_then(|at| self.steps[at].1);
            if owner.is_some_and(|owner| self.strangers.is_some_and(|from| owner >= from)) && self.is_ambiguous(&name, job) {
                continue;
            }
            place = found.map_or(place, |at| at + 1);
            if self.strangers.is_some() && owner.is_none() {
                // What an action does at the end goes with what it did before.
                let begun = name.strip_prefix("Post ").is_some_and(|begun| of_machine.contains(begun));
                if found.is_none() && !begun && !OF_MACHINES.contains(&name.as_str()) {
                    continue;
                }
                of_machine.insert(name.clone());
            }
            broken |= owner.is_none() && step.conclusion.as_deref() == Some("failure");
            for (at, (part, own)) in parts.iter_mut().enumerate().filter(|(at, _)| owner.is_none_or(|owner| owner == *at)) {
                part.steps.push(step.clone());
                if owner == Some(at) {
                    own.push(step);
                }
            }
        }
        let part = |(of, (part, own)): (&&'p str, (Job, Vec<&JobStep>))| {
            let conclusion = ended(job.conclusion.as_deref(), &own, broken).map(str::to_owned);
            let own = own.iter().map(|step| step.name.clone()).collect();
            Share { of, job: Job { conclusion, ..part }, own, names: BTreeSet::from([job.name.clone()]) }
        };
        // Of those that were there with others, what ran tells; that nothing of them did, may be due to these.
        let tells = |share: &Share<'_>| {
            self.strangers.is_none() || !share.own.is_empty() && share.job.conclusion.as_deref() != Some("skipped")
        };
        self.jobs.iter().zip(parts).map(part).filter(tells).collect()
    }

    /// Whether a step behind what strangers did may be one of theirs: more have its name than the known ones.
    fn is_ambiguous(&self, name: &str, job: &Job) -> bool {
        let known = self.steps.iter().filter(|(known, _)| known == name).count();
        let told = job.steps.iter().filter(|step| without_commit(&step.name) == name).count();
        known > 0 && told > known
    }
}

/// What is told of one of several jobs that shared a machine.
pub(super) struct Share<'p> {
    /// Its id.
    pub(super) of: &'p str,
    /// What it would have been alone.
    pub(super) job: Job,
    /// Which of those steps are its own, by name.
    pub(super) own: BTreeSet<String>,
    /// What the jobs of the run are called that it was of.
    pub(super) names: BTreeSet<String>,
}

impl Share<'_> {
    /// Takes in what another job of that run tells of it: another piece, or the same that was done again for others, which counts once.
    pub(super) fn take_in(&mut self, other: Self) {
        if !other.own.is_subset(&self.own) {
            self.job.take_in(other.job);
            self.own.extend(other.own);
        }
        self.names.extend(other.names);
    }
}

/// How one of several jobs ended: what fails on a machine is one of them, or the machine.
fn ended<'j>(whole: Option<&'j str>, own: &[&JobStep], broken: bool) -> Option<&'j str> {
    let any = |conclusion: &str| own.iter().any(|step| step.conclusion.as_deref() == Some(conclusion));
    match whole {
        Some("success") if own.is_empty() => whole,
        Some("timed_out") if any("cancelled") => whole,
        Some("success" | "failure" | "timed_out") => Some(match () {
            () if broken || any("failure") => "failure",
            () if any("cancelled") => "cancelled",
            () if any("success") => "success",
            () => "skipped",
        }),
        other => other,
    }
}
