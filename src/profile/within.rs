//! What happened within a run: who waited for whom, who was left out behind whom, and what jobs of a call are together.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::Whose;
use super::github::{Job, between, seconds};
use crate::catalog::runners;
use crate::cost::machine::{self, Visibility};
use crate::cost::{Quota, Quotas};
use crate::hir::Pipeline;
use crate::map::IndexMap;
use crate::plan::Plan;

/// What a call made, as the one job that it is to its caller: from the start of the first to the end of the last, where none was started anew later.
pub(super) fn called(pipeline: &Pipeline, jobs: &[&Job]) -> Job {
    let ran: Vec<&&Job> = jobs.iter().filter(|job| job.conclusion.as_deref() != Some("skipped")).collect();
    let Some(first) = ran.first() else { return jobs.first().map_or_else(Job::default, |job| Job::clone(job)) };
    let mut call = Job { steps: Vec::new(), busy: IndexMap::default(), ..Job::clone(first) };
    let rank = |conclusion: Option<&str>| {
        ["success", "cancelled", "timed_out", "failure"].iter().position(|other| Some(*other) == conclusion)
    };
    for job in &ran {
        if let Some(seconds) = between(job.started_at.as_deref(), job.completed_at.as_deref()) {
            // As it is billed: by the minute that was begun, where the machine is not billed by the second.
            let billed = machine::by_labels(pipeline, &job.labels.join(", "), Visibility::default()).billed;
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
pub(super) struct Behind<'p> {
    written: &'p Plan,
    ended: BTreeSet<(u64, &'p str)>,
    needs: BTreeMap<&'p str, Vec<&'p str>>,
}

impl<'p> Behind<'p> {
    pub(super) fn of(written: &'p Plan, told: &[(&Job, Whose<'p>)]) -> Self {
        let mut ended = BTreeSet::new();
        // To what comes after it, what may fail went well.
        let fails = |task: &str| written.works.get_key_value(of_task(task)).filter(|(_, work)| work.job.may_fail.is_none());
        let work = |task: &str| fails(task).map(|(id, _)| id.as_str());
        for (job, whose) in told.iter().filter(|(job, _)| !matches!(job.conclusion.as_deref(), Some("success" | "skipped"))) {
            match whose {
                Whose::Task(task) | Whose::Call(task) => ended.extend(work(task).map(|work| (job.run_id, work))),
                Whose::Together(together) => {
                    ended.extend(together.jobs.iter().filter_map(|of| work(of)).map(|of| (job.run_id, of)));
                }
            }
        }
        let is_any = told.iter().any(|(job, _)| job.conclusion.as_deref() == Some("skipped"));
        let each = || written.works.keys().map(String::as_str).zip(written.needs());
        Self { written, needs: if ended.is_empty() || !is_any { BTreeMap::new() } else { each().collect() }, ended }
    }

    /// Whether a job was left out behind a failure or a cancellation, which says nothing of its condition. One that asks how others ended is told of it.
    pub(super) fn is_left_out(&self, job: &Job, task: &str) -> bool {
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
pub(super) struct Waits {
    /// Others: rows of its own, who has what it locks.
    others: bool,
    /// Somebody who approves of it.
    people: bool,
}

impl Waits {
    pub(super) fn of(written: &Plan, task: &str) -> Self {
        let Some(work) = written.works.get(of_task(task)) else { return Self::default() };
        let others = work.job.group().is_some() || work.job.max_parallel.is_some();
        Self { others, people: work.job.environment.is_some() }
    }
}

/// When the jobs of each run began and ended, in the order of their ends.
pub(super) struct Ends(BTreeMap<u64, Vec<(i64, i64)>>);

impl Ends {
    pub(super) fn of(jobs: &[Job]) -> Self {
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
    pub(super) fn queue(&self, job: &Job, waits: Waits) -> Option<f64> {
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
