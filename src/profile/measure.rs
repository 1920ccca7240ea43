//! The jobs of runs, measured: how often each ran, failed and was left out, and how long it and its steps took.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::{Names, Share, Whose};
use super::github::{Job, between, seconds};
use super::names::without_commit;
use super::shards::shard_of;
use super::within::{Behind, Ends, Waits, called};
use super::{Measured, Observed, Profile, Seen, Step, Times, VERSION};
use crate::map::IndexMap;
use crate::plan::Plan;

/// What came of measuring.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// What the answers say.
    pub profile: Profile,
    /// Names of jobs that the plan does not have, sorted.
    pub unknown: BTreeSet<String>,
    /// Names that several of its jobs have, sorted: of which of them such a job is, is not told.
    pub shared: BTreeSet<String>,
    /// The numbers of runs that were not over: nothing of them is measured.
    pub unfinished: BTreeSet<u64>,
    /// Into how many shards a job was split in these runs; 0 where it was not.
    pub shards: BTreeMap<String, BTreeSet<u32>>,
}

/// Measures the jobs of runs that are over and not known; the plan, as it was written and as it is compiled to, says what its tasks are called.
pub fn measure(written: &Plan, compiled: &Plan, jobs: &[Job], known: &Profile) -> Taken {
    let own: Vec<Job> = own(written, jobs).cloned().collect();
    measure_by(&Names::of(written, compiled), &own, known)
}

/// The same, where the names are known.
pub(super) fn measure_by(names: &Names<'_>, jobs: &[Job], known: &Profile) -> Taken {
    let written = names.written;
    let mut taken = Taken::default();
    let mut last_run = known.last_run.unwrap_or_default();
    taken.unfinished = unfinished(jobs).filter(|run| known.is_new(*run)).collect();
    let (mut samples, mut seen): (IndexMap<(String, String), Samples>, _) = (IndexMap::default(), BTreeSet::new());
    let mut runs: BTreeMap<u64, i64> = BTreeMap::new();
    let mut events: BTreeMap<u64, &str> = BTreeMap::new();
    let mut calls: IndexMap<(u64, String), Vec<&Job>> = IndexMap::default();
    // Of each attempt of a run, what its parts did.
    let mut parts: IndexMap<(u64, String, String), Vec<Share<'_>>> = IndexMap::default();
    let over = |job: &Job| job.conclusion.is_some() && !taken.unfinished.contains(&job.run_id);
    let new = |job: &&Job| over(job) && known.is_new(job.run_id);
    let split = shards(names, jobs.iter().filter(new));
    let latest = latest(jobs);
    let is_latest = |job: &&Job| latest.get(&(job.run_id, job.name.as_str())).is_none_or(|attempt| *attempt <= job.run_attempt);
    let ends = Ends::of(jobs);
    let mut told: Vec<(&Job, Whose<'_>)> = Vec::new();
    for job in jobs.iter().filter(new).filter(is_latest).filter(|job| job.id == 0 || seen.insert(job.id)) {
        match names.whose(&job.name) {
            Some(whose) => {
                if matches!(&whose, Whose::Together(together) if together.strangers.is_some()) {
                    taken.unknown.insert(job.name.clone());
                }
                told.push((job, whose));
            }
            None if names.shared.contains(&job.name) => drop(taken.shared.insert(job.name.clone())),
            None => drop(taken.unknown.insert(job.name.clone())),
        }
    }
    let behind = Behind::of(written, &told);
    for (job, whose) in told {
        if let Some(started) = job.started_at.as_deref().and_then(seconds) {
            let begin = runs.entry(job.run_id).or_insert(started);
            *begin = (*begin).min(started);
            events.extend((!job.event.is_empty()).then_some((job.run_id, job.event.as_str())));
        }
        last_run = last_run.max(job.run_id);
        let label = job.labels.join(", ");
        match whose {
            Whose::Call(task) => calls.entry((job.run_id, task)).or_default().push(job),
            Whose::Task(task) => {
                let task = match names.shard(&task) {
                    // What was left out or cancelled as a whole has the name of what is not split.
                    Some((_, 0)) | None => task,
                    Some((of, shard)) => {
                        let count = split.get(of).and_then(|runs| runs.get(&job.run_id)).copied().unwrap_or_default();
                        shard_of(of, shard, count.max(shard))
                    }
                };
                if !behind.is_left_out(job, &task) {
                    let waits = Waits::of(written, &task);
                    samples.entry((task, label)).or_default().add(job, &ends, waits);
                }
            }
            Whose::Together(together) => {
                for share in together.split(job).into_iter().filter(|share| !behind.is_left_out(&share.job, share.of)) {
                    // What has a name that there was is of another attempt.
                    let attempts = parts.entry((job.run_id, share.of.to_owned(), label.clone())).or_default();
                    match attempts.iter_mut().find(|attempt| attempt.names.is_disjoint(&share.names)) {
                        Some(attempt) => attempt.take_in(share),
                        None => attempts.push(share),
                    }
                }
            }
        }
    }
    for ((_, task, label), attempts) in parts {
        let samples = samples.entry((task, label)).or_default();
        attempts.iter().for_each(|share| samples.add(&share.job, &ends, Waits::default()));
    }
    taken.shards = split.into_iter().map(|(job, runs)| (job, runs.into_values().collect())).collect();
    for ((_, task), jobs) in calls {
        let called = called(&written.pipeline, &jobs);
        samples.entry((task, called.labels.join(", "))).or_default().add(&called, &ends, Waits::default());
    }
    for ((task, label), samples) in samples.into_iter().filter(|((task, _), samples)| samples.tell(task)) {
        taken.profile.jobs.entry(task).or_default().insert(label, samples.measured());
    }
    let (first, last) = (runs.values().min().copied(), runs.values().max().copied());
    taken.profile.version = VERSION;
    taken.profile.last_run = (last_run > 0).then_some(last_run);
    taken.profile.runs = runs.len() as f64;
    for event in events.into_values() {
        *taken.profile.events.entry(event.to_owned()).or_default() += 1.0;
    }
    taken.profile.newest = last.map(time).unwrap_or_default();
    let days = first.zip(last).map_or(0.0, |(first, last)| (last - first) as f64 / 86_400.0);
    // The first of them begins the time in which the others are counted.
    taken.profile.observed = (runs.len() > 1).then_some(Observed { days, runs: runs.len() as f64 - 1.0 });
    taken.profile.per_month = taken.profile.observed.and_then(Observed::per_month);
    taken
}

/// The jobs of a plan's own workflow. Where that is among those that are told of, the others are others, whatever their jobs are called.
pub(super) fn own<'j>(written: &Plan, jobs: &'j [Job]) -> impl Iterator<Item = &'j Job> + use<'j> {
    let stem = |path: &str| path.rsplit('/').next().and_then(|file| file.split_once('.')).map(|(stem, _)| stem.to_owned());
    // GitHub calls one that has no name by its file.
    let name = match &written.pipeline.name {
        Some(name) => Ok(name.as_str().to_owned()),
        None => Err(stem(&written.pipeline.path)),
    };
    let is_named = move |job: &Job| {
        job.workflow_name.as_deref().is_some_and(|workflow| match &name {
            Ok(name) => workflow == name,
            Err(of_file) => workflow.contains('/') && stem(workflow) == *of_file,
        })
    };
    let any_named = jobs.iter().any(&is_named);
    jobs.iter().filter(move |job| !any_named || job.workflow_name.is_none() || is_named(job))
}

/// The latest attempt of each job, by run and name.
fn latest(jobs: &[Job]) -> BTreeMap<(u64, &str), u64> {
    let mut latest = BTreeMap::new();
    for job in jobs.iter().filter(|job| job.run_id > 0) {
        let attempt: &mut u64 = latest.entry((job.run_id, job.name.as_str())).or_default();
        *attempt = job.run_attempt.max(*attempt);
    }
    latest
}

/// The runs of which a job is not over, in the newest answer about it.
fn unfinished(jobs: &[Job]) -> impl Iterator<Item = u64> {
    let over: BTreeSet<u64> = jobs.iter().filter(|job| job.conclusion.is_some()).map(|job| job.id).collect();
    let runs =
        jobs.iter().filter(move |job| job.conclusion.is_none() && (job.id == 0 || !over.contains(&job.id))).map(|job| job.run_id);
    runs.filter(|run| *run > 0)
}

/// Into how many shards a job was split in each run, by job and run; 0 where it was not.
fn shards<'j>(names: &Names<'_>, jobs: impl Iterator<Item = &'j Job>) -> BTreeMap<String, BTreeMap<u64, u32>> {
    let mut split: BTreeMap<String, BTreeMap<u64, u32>> = BTreeMap::new();
    for job in jobs {
        let Some(Whose::Task(task)) = names.whose(&job.name) else { continue };
        // One that was cancelled is one of so many all the same; as a whole it has the name of what is not split.
        let ended = matches!(job.conclusion.as_deref(), Some("success" | "failure" | "timed_out"));
        if let Some((of, shard)) = names.shard(&task).filter(|(_, shard)| ended || *shard > 0) {
            let count = split.entry(of.to_owned()).or_default().entry(job.run_id).or_default();
            // The one of one is the whole.
            *count = (*count).max(if shard > 1 { shard } else { 0 });
        }
    }
    split
}

/// All that was seen of a task on a kind of machine.
#[derive(Default)]
struct Samples {
    runs: usize,
    failed: usize,
    skipped: usize,
    cancelled: usize,
    queue: Seen,
    whole: Seen,
    failing: Seen,
    busy: IndexMap<String, f64>,
    steps: IndexMap<String, StepSamples>,
}

#[derive(Default)]
struct StepSamples {
    runs: usize,
    skipped: usize,
    failed: usize,
    seconds: Seen,
}

impl Samples {
    fn add(&mut self, job: &Job, ends: &Ends, waits: Waits) {
        let succeeded = match job.conclusion.as_deref() {
            Some("success") => true,
            Some("failure" | "timed_out") => false,
            // What was cancelled or left out says nothing of how long it takes.
            Some("cancelled") => {
                self.cancelled += 1;
                return;
            }
            Some("skipped") => {
                self.skipped += 1;
                return;
            }
            _ => return,
        };
        self.runs += 1;
        self.failed += usize::from(!succeeded);
        ends.queue(job, waits).into_iter().for_each(|seconds| self.queue.add(seconds, 1.0));
        // A job that failed ended early, or late.
        for (label, minutes) in job.busy.iter().filter(|_| succeeded) {
            *self.busy.entry(label.clone()).or_default() += minutes;
        }
        let whole = if succeeded { &mut self.whole } else { &mut self.failing };
        between(job.started_at.as_deref(), job.completed_at.as_deref()).into_iter().for_each(|seconds| whole.add(seconds, 1.0));
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for step in &job.steps {
            let name = without_commit(&step.name);
            let number = count.entry(name.clone()).or_default();
            *number += 1;
            let name = if *number > 1 { format!("{name} #{number}") } else { name };
            let samples = self.steps.entry(name).or_default();
            match step.conclusion.as_deref() {
                Some("success") => {
                    samples.runs += 1;
                    // Whatever comes later, that one took what it takes.
                    let seconds = between(step.started_at.as_deref(), step.completed_at.as_deref());
                    seconds.into_iter().for_each(|seconds| samples.seconds.add(seconds, 1.0));
                }
                Some("failure") => {
                    samples.runs += 1;
                    samples.failed += 1;
                }
                // In a job that failed, all that comes later is left out.
                Some("skipped") if succeeded => samples.skipped += 1,
                _ => {}
            }
        }
    }

    /// Whether they say anything: of a shard, that it was cancelled says not even into how many there would have been.
    fn tell(&self, task: &str) -> bool {
        self.runs > 0 || self.skipped + self.cancelled > 0 && !task.contains('/')
    }

    fn measured(self) -> Measured {
        // What succeeded at no time that is told would be one that takes none.
        let is_timed = |(_, samples): &(String, StepSamples)| samples.runs <= samples.failed || !samples.seconds.is_empty();
        let steps = self.steps.into_iter().filter(is_timed).map(|(name, samples)| {
            let step = Step {
                runs: samples.runs as f64,
                counted: 0.0,
                skipped: samples.skipped as f64,
                failed: samples.failed as f64,
                times: Times::of(samples.seconds).unwrap_or_default(),
            };
            (name, step)
        });
        let ended = (self.runs - self.failed).max(1) as f64;
        Measured {
            runs: self.runs as f64,
            counted: 0.0,
            failed: self.failed as f64,
            skipped: self.skipped as f64,
            cancelled: self.cancelled as f64,
            steps: steps.collect(),
            busy: self.busy.into_iter().map(|(label, all)| (label, all / ended)).collect(),
            queue: Times::of(self.queue),
            whole: Times::of(self.whole),
            failing: Times::of(self.failing),
        }
    }
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
