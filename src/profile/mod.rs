//! What was measured: how long jobs and their steps took, as `SPEC.profile.json` keeps it.
//!
//! A profile belongs to a spec and lies beside it: `ci.pipe` has `ci.profile.json`. It is small, sorted, and read by people who review it: of each
//! job and step, by the machine that it ran on, it has a count and two quantiles, and no single run. [`github`] takes GitHub's answers,
//! [`merge`] adds what they say to what was known.

mod attribute;
mod curve;
pub mod github;
mod measure;
pub mod merge;
mod names;
mod seen;
mod shards;
mod within;

pub use curve::{Curve, part};
pub use names::{display_name, may_be_shown_as, without_commit};
pub use seen::Seen;
pub(crate) use shards::is_first_of;
pub use shards::{shard_of, split_anew};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::cost::Spread;
use crate::map::IndexMap;

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// More runs are no count, and no run of GitHub's takes longer than 35 days, all that it waits for included, in seconds.
const MOST_RUNS: f64 = 1e9;
const LONGEST: f64 = 35.0 * 86_400.0;

/// Fewer runs say little.
pub const FEW: f64 = 5.0;

/// What was measured of a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The version of the format.
    pub version: u32,
    /// When the newest of the runs began: `2026-11-20T09:30:00Z`.
    pub newest: String,
    /// How many runs it rests on; older ones count less, see [`merge`].
    pub runs: f64,
    /// How many there were, however long ago; 0 where as many as count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub counted: f64,
    /// The number of the newest run: what is not newer was taken in before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<u64>,
    /// The numbers of earlier runs that were not over then: they are still to be taken in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unfinished: BTreeSet<u64>,
    /// How many runs there are in thirty days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<f64>,
    /// What that is worked out of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observed>,
    /// Which events those runs were of, and how many of each: only `profile fetch` is told.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<String, f64>,
    /// How many pushes there were, and how many of them touched what a job reads; by the id of the job.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub changes: IndexMap<String, Changes>,
    /// The jobs, by the id of their task, `test[20]`, of shards with their number, `test[2/4]`, and by the label of the machine.
    pub jobs: IndexMap<String, IndexMap<String, Measured>>,
}

/// For how long runs were counted, and how many there were after the first: both count half for every thirty days since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// How many days.
    pub days: f64,
    /// How many runs.
    pub runs: f64,
}

impl Observed {
    /// How many runs there are in thirty days; of less than a day nothing follows.
    pub fn per_month(self) -> Option<f64> {
        (self.days >= 1.0).then(|| (self.runs / self.days * 300.0).round() / 10.0)
    }
}

/// How often what a job reads was touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// How many pushes were looked at.
    pub pushes: u64,
    /// How many of them touched something that it reads.
    pub touched: u64,
}

/// What was measured of a job on one kind of machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// How many runs of it ended; older ones count less.
    pub runs: f64,
    /// How many there were, however long ago; 0 where as many as count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub counted: f64,
    /// How many of them failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: f64,
    /// In how many more it was left out, though nothing failed that it comes after: its condition did not hold, or that of another.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: f64,
    /// How many more were cancelled, of which nothing else is told.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cancelled: f64,
    /// How long it waited for a machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Times>,
    /// How long it took from its first step to its last, where it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Times>,
    /// How long it took where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Times>,
    /// Of a workflow that is called, what its jobs kept busy of each kind of machine, in the mean of its runs and in minutes that were begun.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub busy: IndexMap<String, f64>,
    /// Its steps, by name, in order.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub steps: IndexMap<String, Step>,
}

impl Measured {
    /// How many runs of it ended, however long ago.
    pub fn counted(&self) -> f64 {
        counted(self.counted, self.runs)
    }

    /// How long nine of ten runs take no longer than, where that was measured: of the whole, or of all its steps.
    fn p90(&self) -> Option<f64> {
        let steps = || self.steps.values().map(|step| step.times.p90.max(step.times.p50)).sum::<f64>();
        self.whole.as_ref().map(|whole| whole.p90.max(whole.p50)).or_else(|| (!self.steps.is_empty()).then(steps))
    }

    /// In which share of runs it took longer, accidents and all: the whole, or any of its steps.
    fn share_over(&self, seconds: f64) -> f64 {
        let all = self.whole.iter().chain(self.steps.values().map(|step| &step.times));
        all.map(|times| times.seen.share_over(seconds)).fold(0.0, f64::max)
    }
}

/// What was measured of a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How often it ran; older runs count less.
    pub runs: f64,
    /// In how many runs it was there, left out or not, however long ago; 0 where in as many as count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub counted: f64,
    /// How often it was left out though its job succeeded.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: f64,
    /// How often it failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: f64,
    /// How long it took where it succeeded itself.
    #[serde(flatten)]
    pub times: Times,
}

/// How many there were: none of them counts for more than one.
fn counted(counted: f64, weight: f64) -> f64 {
    counted.max(weight.round())
}

impl Step {
    /// In how many runs it was there, left out or not.
    pub fn counted(&self) -> f64 {
        counted(self.counted, self.runs + self.skipped)
    }

    /// Written by hand, that it takes no time is known of all runs in which it succeeded.
    fn take_at_its_word(&mut self) {
        let runs = self.runs - self.failed;
        if runs > 0.0 && !self.times.is_known() {
            self.times.seen.add(0.0, runs);
        }
    }
}

/// How long something took, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Half of all took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// One of ten took no longer, and the mean: where that is known.
    #[serde(skip)]
    pub p10_and_mean: Option<(f64, f64)>,
    /// What that is worked out of; none where it was written by hand.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub seen: Seen,
}

/// What is written by hand is taken for so many parts of equal size.
const PARTS: usize = 40;

impl Times {
    /// Whether anything is known: that it takes no time is something that was seen.
    pub fn is_known(&self) -> bool {
        self.p90 > 0.0 || !self.seen.is_empty()
    }

    /// All that was seen, but for accidents; none where nothing was.
    pub fn of(mut seen: Seen) -> Option<Self> {
        seen.settle();
        let usual = seen.without_accidents();
        // To the tenth of a second, which is more than GitHub measures.
        let at = |part| usual.quantile(part).map(|seconds: f64| (seconds * 10.0).round() / 10.0);
        let (p50, p90, p10_and_mean) = (at(0.5)?, at(0.9)?, at(0.1).zip(usual.mean()));
        Some(Self { p50, p90, p10_and_mean, seen })
    }

    /// What was seen; of what was written by hand, so many runs that would have these quantiles.
    fn into_seen(self, runs: f64) -> Seen {
        if !self.seen.is_empty() || runs <= 0.0 || !self.is_known() {
            return self.seen;
        }
        let mut seen = Seen::default();
        Spread::from(&self).parts(PARTS).for_each(|seconds| seen.add(seconds, runs / PARTS as f64));
        seen
    }

    /// The mean of all.
    pub fn mean(&self) -> f64 {
        Spread::from(self).mean()
    }
}

impl From<&Times> for Spread {
    fn from(times: &Times) -> Self {
        // A profile is edited by hand, too.
        let (p50, p90) = (times.p50.max(0.0), times.p90.max(times.p50).max(0.0));
        match times.p10_and_mean {
            Some((p10, mean)) => Self::seen([p10, p50, p90], mean),
            None => Self::lognormal(p50, p90),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

impl Profile {
    /// Reads a profile; what is wrong with it is said with the line and column where it is.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let mut profile: Self = serde_json::from_str(text).map_err(|error| Wrong {
            line: error.line(),
            column: error.column(),
            message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })?;
        if profile.version != VERSION {
            let message = format!("version {} of the format, where {VERSION} is known", profile.version);
            return Err(Wrong { line: 1, column: 1, message });
        }
        match profile.impossible().or_else(|| profile.fill()) {
            Some(message) => Err(Wrong { line: 1, column: 1, message }),
            None => Ok(profile),
        }
    }

    /// Works out what is not written of times; where something else is written than what was seen, that is told.
    fn fill(&mut self) -> Option<String> {
        let mut wrong = None;
        for (task, machines) in &mut self.jobs {
            for measured in machines.values_mut() {
                measured.steps.values_mut().for_each(Step::take_at_its_word);
                let whole = [&mut measured.queue, &mut measured.whole, &mut measured.failing].into_iter().flatten();
                for times in whole.chain(measured.steps.values_mut().map(|step| &mut step.times)) {
                    if let Some(seen) = Times::of(std::mem::take(&mut times.seen)) {
                        let is_near = |one: f64, other: f64| (one - other).abs() < 0.11;
                        if !is_near(seen.p50, times.p50) || !is_near(seen.p90, times.p90) {
                            wrong = wrong.or_else(|| Some(differs(task, times, &seen)));
                        }
                        *times = seen;
                    }
                }
            }
        }
        wrong
    }

    /// A number in it that nothing can have been measured to be.
    fn impossible(&self) -> Option<String> {
        let count = |number: f64| (0.0..=MOST_RUNS).contains(&number);
        let times = |times: &Times| times.p50 >= 0.0 && times.p90 >= times.p50 && times.p90 <= LONGEST;
        let observed = self.observed.is_none_or(|observed| count(observed.runs) && count(observed.days));
        if !observed
            || ![self.runs, self.counted].into_iter().all(count)
            || !self.per_month.is_none_or(count)
            || !self.events.values().copied().all(count)
        {
            return Some("a count of runs that cannot be".to_owned());
        }
        for (task, label, measured) in
            self.jobs.iter().flat_map(|(task, all)| all.iter().map(move |(label, it)| (task, label, it)))
        {
            let steps = measured.steps.values();
            let whole = [&measured.queue, &measured.whole, &measured.failing].into_iter().flatten().all(times);
            let own = steps
                .clone()
                .all(|step| times(&step.times) && [step.runs, step.skipped, step.failed, step.counted].into_iter().all(count));
            let busy = measured.busy.values().copied().all(count);
            if !whole
                || !busy
                || !own
                || ![measured.runs, measured.failed, measured.skipped, measured.cancelled, measured.counted]
                    .into_iter()
                    .all(count)
            {
                return Some(format!("`{task}` on `{label}` has a time or a count that cannot be"));
            }
        }
        None
    }

    /// How many runs there were, however long ago.
    pub fn counted(&self) -> f64 {
        counted(self.counted, self.runs)
    }

    /// The text of it: the same for the same profile, with one line for each step.
    pub fn print(&self) -> String {
        print::profile(self)
    }

    /// The file of a spec's profile, from the same folder as the spec.
    pub fn path(spec: &str) -> String {
        format!("{}.profile.json", spec.strip_suffix(".pipe").unwrap_or(spec))
    }

    /// Whether a run is none that was taken in before; of one without a number nobody knows.
    pub fn is_new(&self, run: u64) -> bool {
        run == 0 || run > self.last_run.unwrap_or_default() || self.unfinished.contains(&run)
    }

    /// What was measured of a task on a machine: there, else on the one that it ran on most; also where it ran there but a few times, and on the other not.
    pub fn of(&self, task: &str, label: &str) -> Option<(&str, &Measured)> {
        let machines = self.jobs.get(task)?;
        // Of what was cancelled alone nothing is known.
        let ended = |(_, measured): &(&String, &Measured)| measured.runs > 0.0;
        let most = machines.iter().filter(ended).max_by(|(_, one), (_, other)| one.runs.total_cmp(&other.runs));
        let says_less = |(_, own): &(&String, &Measured)| own.runs < FEW && most.is_some_and(|(_, most)| most.runs >= FEW);
        let own = machines.get_key_value(label).filter(ended).filter(|own| !says_less(own));
        own.or(most).map(|(label, measured)| (label.as_str(), measured))
    }

    /// The share of runs that each event has, where that was counted.
    pub fn shares(&self) -> impl Iterator<Item = (&str, f64)> {
        let all: f64 = self.events.values().sum();
        self.events.iter().filter(move |_| all > 0.0).map(move |(event, runs)| (event.as_str(), runs / all))
    }

    /// Whether more than one run of a hundred of a job took longer, accidents and all: where it would be ended, none is an accident. In as many shards as it is, it
    /// took longer in each number of them.
    pub fn is_often_longer(&self, job: &str, seconds: f64) -> bool {
        self.wholes(job).iter().any(|whole| {
            let mut numbers = self.numbers(whole).into_keys().peekable();
            let is_longer = |count| self.anywhere(whole, count).any(|measured| measured.share_over(seconds) > 0.01);
            numbers.peek().is_some() && numbers.all(is_longer)
        })
    }

    /// How long the slowest tenth of what was measured of a job takes at least, of its rows the slowest, in seconds. The job is in so many shards: one of more
    /// did less of the work.
    pub fn slowest(&self, job: &str, shards: u32) -> Option<f64> {
        let of_whole = self.wholes(job).into_iter().filter_map(|whole| {
            let count = self.shards(&whole, if shards > 1 { shards } else { 0 })?;
            let more = f64::from(count.max(1)) / f64::from(shards.max(1));
            self.anywhere(&whole, count).filter_map(Measured::p90).map(|seconds| seconds * more.max(1.0)).max_by(f64::total_cmp)
        });
        of_whole.max_by(f64::total_cmp)
    }
}

/// Whether a task is a job or a row of it.
fn is_of(task: &str, job: &str) -> bool {
    task.strip_prefix(job).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// Times that are not those of what was seen.
fn differs(task: &str, written: &Times, seen: &Times) -> String {
    let both = |times: &Times| format!("p50 {} and p90 {}", times.p50, times.p90);
    format!(
        "`{task}` has {}, and what was `seen` has {}: leave `seen` out of times that are written by hand",
        both(written),
        both(seen)
    )
}

/// What is wrong with a profile, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What.
    pub message: String,
}

mod print;
