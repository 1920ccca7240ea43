//! GitHub's answers about the jobs of runs, to a profile.
//!
//! The answers are those of `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs` (REST API, "Workflow jobs"), as `gh api` saves them: one object or
//! several one after the other (`--paginate`), a list of such (`--slurp`), or a list of jobs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::attribute::{Names, Share, Whose};
use super::names::without_commit;
use super::shards::shard_of;
use super::{Measured, Profile, Step, Times, VERSION};
use crate::catalog::runners;
use crate::cost::{Quota, Quotas, Spread};
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
    pub labels: Vec<String>,
    /// Its steps.
    pub steps: Vec<JobStep>,
    /// Of several jobs taken for one: what each kind of machine was busy, in minutes that were begun.
    #[serde(skip)]
    pub busy: IndexMap<String, f64>,
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
    /// The numbers of runs that were not over: nothing of them is measured.
    pub unfinished: BTreeSet<u64>,
    /// Into how many shards a job was split in these runs; 0 where it was not.
    pub shards: BTreeMap<String, BTreeSet<u32>>,
}

/// Measures the jobs of runs that are over and not known; the plan, as it was written and as it is compiled to, says what its tasks are called.
pub fn measure(written: &Plan, compiled: &Plan, jobs: &[Job], known: &Profile) -> Taken {
    let names = Names::of(written, compiled);
    let mut taken = Taken::default();
    let mut last_run = known.last_run.unwrap_or_default();
    taken.unfinished = unfinished(jobs).filter(|run| known.is_new(*run)).collect();
    let (mut samples, mut seen): (IndexMap<(String, String), Samples>, _) = (IndexMap::default(), BTreeSet::new());
    let mut runs: BTreeMap<u64, i64> = BTreeMap::new();
    let mut events: BTreeMap<u64, &str> = BTreeMap::new();
    // What a call made is one job to its caller: from the start of the first to the end of the last.
    let mut calls: IndexMap<(u64, String), Job> = IndexMap::default();
    // Of each attempt of a run, what its parts did.
    let mut parts: IndexMap<(u64, String, String), Vec<Share<'_>>> = IndexMap::default();
    let over = |job: &Job| job.conclusion.is_some() && !taken.unfinished.contains(&job.run_id);
    let new = |job: &&Job| over(job) && known.is_new(job.run_id);
    let split = shards(&names, jobs.iter().filter(new));
    // Where this workflow is among those that are told of, the others are others, whatever their jobs are called.
    let name = written.pipeline.name.as_ref().map_or("", |name| name.as_str());
    let is_named = |job: &Job| job.workflow_name.as_deref().is_some_and(|workflow| workflow == name);
    let any_named = jobs.iter().any(is_named);
    let is_own = |job: &Job| !any_named || job.workflow_name.is_none() || is_named(job);
    let ends = Ends::of(jobs);
    // Whether the rows of a job wait for each other, or for others.
    let waits = |task: &str| {
        let work = written.works.get(task.split('[').next().unwrap_or(task));
        work.is_some_and(|work| work.job.group().is_some() || work.job.max_parallel.is_some())
    };
    for job in jobs.iter().filter(new).filter(|job| job.id == 0 || seen.insert(job.id)) {
        let Some(whose) = names.whose(&job.name).filter(|_| is_own(job)) else {
            taken.unknown.insert(job.name.clone());
            continue;
        };
        if let Some(started) = job.started_at.as_deref().and_then(seconds) {
            let begin = runs.entry(job.run_id).or_insert(started);
            *begin = (*begin).min(started);
            events.extend((!job.event.is_empty()).then_some((job.run_id, job.event.as_str())));
        }
        last_run = last_run.max(job.run_id);
        let label = job.labels.join(", ");
        match whose {
            Whose::Call(task) => {
                let call = calls.entry((job.run_id, task)).or_insert_with(|| Job { steps: Vec::new(), ..job.clone() });
                join(call, job);
            }
            Whose::Task(task) => {
                let task = match names.shard(&task) {
                    // What was left out or cancelled as a whole has the name of what is not split.
                    Some((_, 0)) | None => task,
                    Some((of, shard)) => {
                        let count = split.get(of).and_then(|runs| runs.get(&job.run_id)).copied().unwrap_or_default();
                        shard_of(of, shard, count.max(shard))
                    }
                };
                let waits = waits(&task);
                samples.entry((task, label)).or_default().add(job, &ends, waits);
            }
            Whose::Together(together) => {
                for share in together.split(job) {
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
        attempts.iter().for_each(|share| samples.add(&share.job, &ends, false));
    }
    taken.shards = split.into_iter().map(|(job, runs)| (job, runs.into_values().collect())).collect();
    for ((_, task), job) in &calls {
        samples.entry((task.clone(), job.labels.join(", "))).or_default().add(job, &ends, false);
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
    taken.profile.newest = last.map(day).unwrap_or_default();
    let span = first.zip(last).map(|(first, last)| (last - first) as f64 / 86_400.0).filter(|days| *days >= 1.0);
    taken.profile.per_month = span.map(|days| (runs.len() as f64 / days * 300.0).round() / 10.0);
    taken
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

/// One job of both.
fn join(call: &mut Job, job: &Job) {
    if let Some(seconds) =
        between(job.started_at.as_deref(), job.completed_at.as_deref()).filter(|_| job.conclusion.as_deref() != Some("skipped"))
    {
        *call.busy.entry(job.labels.join(", ")).or_default() += (seconds / 60.0).ceil();
    }
    let earlier = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other).clone()),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    call.created_at = earlier(&call.created_at, &job.created_at);
    call.started_at = earlier(&call.started_at, &job.started_at);
    call.completed_at = call.completed_at.clone().max(job.completed_at.clone());
    if job.conclusion.as_deref() != Some("success") && job.conclusion.as_deref() != Some("skipped") {
        call.conclusion.clone_from(&job.conclusion);
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
    /// number of its rows that run at a time, or by the number of machines that GitHub has for a run, that much is none of the queue.
    fn queue(&self, job: &Job, waits: bool) -> Option<f64> {
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
        let last = ends[..ends.partition_point(|(end, _)| *end <= started)].last().filter(|_| waits || at_a_time >= most);
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
    cancelled: usize,
    queue: Vec<f64>,
    whole: Vec<f64>,
    failing: Vec<f64>,
    busy: IndexMap<String, f64>,
    steps: IndexMap<String, StepSamples>,
}

#[derive(Default)]
struct StepSamples {
    runs: usize,
    skipped: usize,
    failed: usize,
    seconds: Vec<f64>,
}

impl Samples {
    fn add(&mut self, job: &Job, ends: &Ends, waits: bool) {
        let succeeded = match job.conclusion.as_deref() {
            Some("success") => true,
            Some("failure" | "timed_out") => false,
            // What was cancelled or left out says nothing of how long it takes.
            Some("cancelled") => {
                self.cancelled += 1;
                return;
            }
            _ => return,
        };
        self.runs += 1;
        self.failed += usize::from(!succeeded);
        self.queue.extend(ends.queue(job, waits));
        // A job that failed ended early, or late.
        for (label, minutes) in job.busy.iter().filter(|_| succeeded) {
            *self.busy.entry(label.clone()).or_default() += minutes;
        }
        let whole = if succeeded { &mut self.whole } else { &mut self.failing };
        whole.extend(between(job.started_at.as_deref(), job.completed_at.as_deref()));
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
                    samples.seconds.extend(between(step.started_at.as_deref(), step.completed_at.as_deref()));
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
        self.runs > 0 || self.cancelled > 0 && !task.contains('/')
    }

    fn measured(mut self) -> Measured {
        let steps = self.steps.iter_mut().map(|(name, samples)| {
            let step = Step {
                runs: samples.runs as f64,
                skipped: samples.skipped as f64,
                failed: samples.failed as f64,
                times: times(&mut samples.seconds).unwrap_or_default(),
            };
            (name.clone(), step)
        });
        Measured {
            runs: self.runs as f64,
            failed: self.failed as f64,
            cancelled: self.cancelled as f64,
            steps: steps.collect(),
            busy: self.busy.iter().map(|(label, all)| (label.clone(), all / (self.runs - self.failed).max(1) as f64)).collect(),
            queue: times(&mut self.queue),
            whole: times(&mut self.whole),
            failing: times(&mut self.failing),
        }
    }
}

/// The quantiles, without what lies far out: a machine that hung, a cache that was empty once.
fn times(samples: &mut Vec<f64>) -> Option<Times> {
    without_outliers(samples);
    Spread::of(samples).map(Times::from)
}

/// More than so many deviations from the middle is taken for an accident; with the usual variation that is one in ten thousand.
const FAR: f64 = 4.0;

/// Leaves out samples that lie far from the others on a scale of ratios: by the median of the deviations from the median, which a few of them
/// cannot move (Hampel, 1974). Of fewer than five nothing can be said to be far.
fn without_outliers(samples: &mut Vec<f64>) {
    if samples.len() < 5 {
        return;
    }
    // A second is the grain of GitHub's times.
    let logarithm = |seconds: f64| (seconds + 1.0).ln();
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        crate::cost::quantile(&values, 0.5).unwrap_or_default()
    };
    let middle = median(samples.iter().map(|seconds| logarithm(*seconds)).collect());
    let deviation = median(samples.iter().map(|seconds| (logarithm(*seconds) - middle).abs()).collect());
    // 1.4826: the deviation of a normal distribution by its median deviation. Half of all being equal says nothing of the rest.
    let far = FAR * (1.482_6 * deviation).max(0.1);
    let is_far = |seconds: &f64| (logarithm(*seconds) - middle).abs() > far;
    // What a tenth of them have is no accident.
    if samples.iter().filter(|seconds| is_far(seconds)).count() <= (samples.len() / 10).max(1) {
        samples.retain(|seconds| !is_far(seconds));
    }
}

fn between(from: Option<&str>, to: Option<&str>) -> Option<f64> {
    let seconds = seconds(to?)? - seconds(from?)?;
    // GitHub's clocks differ by a second now and then.
    (seconds >= -2).then_some(seconds.max(0) as f64)
}

fn seconds(time: &str) -> Option<i64> {
    time.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

fn day(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    jiff::tz::TimeZone::UTC.to_datetime(time).date().to_string()
}
