//! GitHub's answers about the jobs of runs, to a profile.
//!
//! The answers are those of `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs` (REST API, "Workflow jobs"), as `gh api` saves them: one object or
//! several one after the other (`--paginate`), a list of such (`--slurp`), or a list of jobs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::attribute::{Names, Share, Whose};
use super::names::without_commit;
use super::shards::shard_of;
use super::{LONGEST, Measured, Observed, Profile, Seen, Step, Times, VERSION};
use crate::catalog::runners;
use crate::cost::{Quota, Quotas};
use crate::map::IndexMap;
use crate::plan::Plan;

/// A job of a run, as far as it is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Job {
    /// Its own number.
    pub id: u64,
    /// The number of its run: later runs have greater ones.
    pub run_id: u64,
    /// Which attempt of its run it is of, from 1; those of a later one take its place.
    pub run_attempt: u64,
    /// What started its run; GitHub says so of runs, and not of their jobs.
    pub event: String,
    /// The name that is shown.
    pub name: String,
    /// What its workflow is called, where that is told: by its name, or its file.
    pub workflow_name: Option<String>,
    /// How it ended; none while it runs.
    pub conclusion: Option<String>,
    /// When it was ready to start.
    pub created_at: Option<String>,
    /// When it started.
    pub started_at: Option<String>,
    /// When it ended.
    pub completed_at: Option<String>,
    /// What `runs-on` asked for.
    #[serde(deserialize_with = "or_none")]
    pub labels: Vec<String>,
    /// Its steps.
    #[serde(deserialize_with = "or_none")]
    pub steps: Vec<JobStep>,
    /// Of several jobs taken for one: what each kind of machine was busy, in minutes as they are billed.
    #[serde(skip)]
    pub busy: IndexMap<String, f64>,
}

/// A list, or `null`.
fn or_none<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A step of a job.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct JobStep {
    /// The name that is shown.
    pub name: String,
    /// How it ended.
    pub conclusion: Option<String>,
    /// When it started.
    pub started_at: Option<String>,
    /// When it ended.
    pub completed_at: Option<String>,
}

/// What a text of answers may be.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Page { jobs: Vec<Job> },
    Job(Box<Job>),
    Many(Vec<Answer>),
}

/// The jobs in a text, in its order. What is no answer of GitHub's about jobs is said.
pub fn read(text: &str) -> Result<Vec<Job>, String> {
    let mut jobs = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<serde_json::Value>() {
        let value = value.map_err(|error| format!("it is no JSON: {error}"))?;
        if let Some(message) = value.get("message").and_then(serde_json::Value::as_str) {
            return Err(format!("GitHub refused to answer: {message}"));
        }
        if value.get("workflow_runs").is_some() {
            return Err("it is about runs, and says nothing of their jobs".to_owned());
        }
        let answer = serde_json::from_value(value).map_err(|_| "neither jobs nor a page of jobs".to_owned())?;
        add(answer, &mut jobs);
    }
    // Any object can be read as a job of which nothing is known.
    match jobs.iter().find(|job| job.name.is_empty()) {
        Some(_) => Err("an object that is no job: it has no `name`".to_owned()),
        None if jobs.is_empty() => Err("there is no job in it".to_owned()),
        None => Ok(jobs),
    }
}

/// The jobs of one page of an answer. What is cut off, or no page, is said.
pub fn page(text: &str) -> Result<Vec<Job>, String> {
    #[derive(Deserialize)]
    struct Page {
        jobs: Vec<Job>,
    }
    serde_json::from_str(text).map(|page: Page| page.jobs).map_err(|error| error.to_string())
}

/// A run of a workflow.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// What started it.
    #[serde(default)]
    pub event: String,
    status: String,
}

impl Run {
    /// Whether nothing of it is still to come.
    pub fn is_over(&self) -> bool {
        self.status == "completed"
    }
}

/// The runs of one page of an answer to `GET /repos/{owner}/{repo}/actions/workflows/{file}/runs`.
pub fn runs(text: &str) -> Result<Vec<Run>, String> {
    #[derive(Deserialize)]
    struct Page {
        workflow_runs: Vec<Run>,
    }
    serde_json::from_str(text).map(|page: Page| page.workflow_runs).map_err(|error| error.to_string())
}

/// The answer to `GET /repos/{owner}/{repo}/actions/runs/{run_id}`.
pub fn run(text: &str) -> Result<Run, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn add(answer: Answer, jobs: &mut Vec<Job>) {
    match answer {
        Answer::Page { jobs: page } => jobs.extend(page),
        Answer::Job(job) => jobs.push(*job),
        Answer::Many(answers) => answers.into_iter().for_each(|answer| add(answer, jobs)),
    }
}

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
            Some(whose) => told.push((job, whose)),
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
        let called = called(&jobs);
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
    taken.profile.observed = (runs.len() > 1).then(|| Observed { days, runs: runs.len() as f64 - 1.0 });
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
    let runs = jobs.iter().filter(move |job| job.conclusion.is_none() && !over.contains(&job.id)).map(|job| job.run_id);
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

impl Job {
    /// When it started, in seconds since 1970, as far as that is told.
    pub(super) fn begin(&self) -> Option<i64> {
        self.started_at.as_deref().and_then(seconds)
    }

    /// Whether none of its steps has that name.
    fn lacks(&self, step: &JobStep) -> bool {
        self.steps.iter().all(|other| other.name != step.name)
    }

    /// Takes in another piece of the same job: its own steps, not those that each machine begins with.
    pub(super) fn take_in(&mut self, piece: Self) {
        for step in piece.steps {
            if self.lacks(&step) {
                self.steps.push(step);
            }
        }
        let rank = |conclusion: Option<&str>| match conclusion {
            Some("failure") => 3,
            Some("timed_out") => 2,
            Some("success") => 1,
            _ => 0,
        };
        if rank(piece.conclusion.as_deref()) > rank(self.conclusion.as_deref()) {
            self.conclusion = piece.conclusion;
        }
    }
}

/// What a call made, as the one job that it is to its caller: from the start of the first to the end of the last, where none was started anew later.
fn called(jobs: &[&Job]) -> Job {
    let ran: Vec<&&Job> = jobs.iter().filter(|job| job.conclusion.as_deref() != Some("skipped")).collect();
    let Some(first) = ran.first() else { return jobs.first().map_or_else(Job::default, |job| Job::clone(job)) };
    let mut call = Job { steps: Vec::new(), busy: IndexMap::default(), ..Job::clone(first) };
    let rank = |conclusion: Option<&str>| {
        ["success", "cancelled", "timed_out", "failure"].iter().position(|other| Some(*other) == conclusion)
    };
    for job in &ran {
        if let Some(seconds) = between(job.started_at.as_deref(), job.completed_at.as_deref()) {
            // As it is billed: by the minute that was begun, where the machine is not billed by the second.
            let billed = job.labels.iter().find_map(|label| runners::find(label)).map_or(60.0, |runner| f64::from(runner.billed));
            *call.busy.entry(job.labels.join(", ")).or_default() += (seconds / billed).ceil() * billed / 60.0;
        }
        if rank(job.conclusion.as_deref()) > rank(call.conclusion.as_deref()) {
            call.conclusion.clone_from(&job.conclusion);
        }
    }
    let earliest = |of: fn(&Job) -> &Option<String>| ran.iter().filter_map(|job| of(job).clone()).min();
    call.created_at = earliest(|job| &job.created_at);
    call.started_at = earliest(|job| &job.started_at);
    let is_one_attempt = ran.iter().all(|job| job.run_attempt == first.run_attempt);
    call.completed_at = ran.iter().filter_map(|job| job.completed_at.clone()).max().filter(|_| is_one_attempt);
    call
}

/// What failed or was cancelled, by run and work, and what comes after what.
struct Behind<'p> {
    written: &'p Plan,
    ended: BTreeSet<(u64, &'p str)>,
    needs: BTreeMap<&'p str, Vec<&'p str>>,
}

impl<'p> Behind<'p> {
    fn of(written: &'p Plan, told: &[(&Job, Whose<'p>)]) -> Self {
        let mut ended = BTreeSet::new();
        let work = |task: &str| written.works.get_key_value(of_task(task)).map(|(id, _)| id.as_str());
        for (job, whose) in told.iter().filter(|(job, _)| !matches!(job.conclusion.as_deref(), Some("success" | "skipped"))) {
            match whose {
                Whose::Task(task) | Whose::Call(task) => ended.extend(work(task).map(|work| (job.run_id, work))),
                Whose::Together(together) => ended.extend(together.jobs.iter().map(|job_of| (job.run_id, *job_of))),
            }
        }
        let is_any = told.iter().any(|(job, _)| job.conclusion.as_deref() == Some("skipped"));
        let each = || written.works.keys().map(String::as_str).zip(written.needs());
        Self { written, needs: if ended.is_empty() || !is_any { BTreeMap::new() } else { each().collect() }, ended }
    }

    /// Whether a job was left out behind a failure or a cancellation, which says nothing of its condition. One that asks how others ended is told of it.
    fn is_left_out(&self, job: &Job, task: &str) -> bool {
        let Some((id, work)) = self.written.works.get_key_value(of_task(task)).filter(|_| !self.needs.is_empty()) else {
            return false;
        };
        let asks = work.job.when.as_ref().is_some_and(|when| when.expr.asks_status());
        if job.conclusion.as_deref() != Some("skipped") || asks {
            return false;
        }
        let (mut open, mut met) = (vec![id.as_str()], BTreeSet::new());
        while let Some(one) = open.pop() {
            if self.ended.contains(&(job.run_id, one)) {
                return true;
            }
            open.extend(self.needs.get(one).into_iter().flatten().copied().filter(|need| met.insert(*need)));
        }
        false
    }
}

/// The job that a task is a row of.
fn of_task(task: &str) -> &str {
    task.split('[').next().unwrap_or(task)
}

/// What a job waits for that is no machine.
#[derive(Default, Clone, Copy)]
struct Waits {
    /// Others: rows of its own, who has what it locks.
    others: bool,
    /// Somebody who approves of it.
    people: bool,
}

impl Waits {
    fn of(written: &Plan, task: &str) -> Self {
        let Some(work) = written.works.get(of_task(task)) else { return Self::default() };
        let others = work.job.group().is_some() || work.job.max_parallel.is_some();
        Self { others, people: work.job.environment.is_some() }
    }
}

/// When the jobs of each run began and ended, in the order of their ends.
struct Ends(BTreeMap<u64, Vec<(i64, i64)>>);

impl Ends {
    fn of(jobs: &[Job]) -> Self {
        let mut ends: BTreeMap<u64, Vec<(i64, i64)>> = BTreeMap::new();
        for job in jobs.iter().filter(|job| job.run_id > 0) {
            let [start, end] = [&job.started_at, &job.completed_at].map(|time| time.as_deref().and_then(seconds));
            ends.entry(job.run_id).or_default().extend(end.zip(start));
        }
        ends.values_mut().for_each(|ends| ends.sort_unstable());
        Self(ends)
    }

    /// How long a job waited for a machine. Where it began as another of its run ended, and the plan says that it has to wait for such, by what it locks, by the
    /// number of its rows that run at a time, or by the number of machines that GitHub has for a run, that much is none of the queue. How long somebody took to approve is
    /// not told apart from it.
    fn queue(&self, job: &Job, waits: Waits) -> Option<f64> {
        if waits.people {
            return None;
        }
        let whole = between(job.created_at.as_deref(), job.started_at.as_deref())?;
        let [created, started] = [&job.created_at, &job.started_at].map(|time| time.as_deref().and_then(seconds));
        let (created, started) = created.zip(started)?;
        let ends = self.0.get(&job.run_id).map(Vec::as_slice).unwrap_or_default();
        let quotas = Quotas::default();
        let most = match job.labels.iter().find_map(|label| runners::find(label)).map(Quota::of) {
            Some(_) if job.labels.iter().any(|label| label.eq_ignore_ascii_case("self-hosted")) => usize::MAX,
            Some(Quota::Macos) => quotas.macos,
            Some(Quota::Standard) => quotas.standard,
            _ => usize::MAX,
        };
        let at_a_time = ends.iter().filter(|(end, start)| *start < started && *end > created).count();
        let last = ends[..ends.partition_point(|(end, _)| *end <= started)].last().filter(|_| waits.others || at_a_time >= most);
        let since = last.map(|(last, _)| (started - last) as f64).filter(|since| *since <= SOON);
        Some(since.map_or(whole, |since| since.min(whole)))
    }
}

/// A machine that is free has its next job after so many seconds at most.
const SOON: f64 = 15.0;

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
        let steps = self.steps.into_iter().map(|(name, samples)| {
            let step = Step {
                runs: samples.runs as f64,
                skipped: samples.skipped as f64,
                failed: samples.failed as f64,
                times: Times::of(samples.seconds).unwrap_or_default(),
            };
            (name, step)
        });
        let ended = (self.runs - self.failed).max(1) as f64;
        Measured {
            runs: self.runs as f64,
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

fn between(from: Option<&str>, to: Option<&str>) -> Option<f64> {
    let seconds = seconds(to?)? - seconds(from?)?;
    // GitHub's clocks differ by a second now and then.
    (seconds >= -2).then_some(seconds.max(0) as f64).filter(|seconds| *seconds <= LONGEST)
}

fn seconds(time: &str) -> Option<i64> {
    time.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
