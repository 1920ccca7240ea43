//! What was known and what is new, as one profile. What is old counts less: half as much for every thirty days that the newest run lies behind.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::Names;
use super::measure::{measure_by, own};
use super::{Measured, Observed, Profile, Step, Times, github};
use crate::plan::Plan;

/// After so many days, what was measured counts half.
const HALF_LIFE: f64 = 30.0;

/// Measures jobs and adds what they say to what is known: day by day, the oldest first, so that what is old counts less, however it comes. What is told of all
/// of them; the numbers are in the profile.
///
/// Where `gap` says so, there were other runs between what is known and these.
pub fn take_in(known: &mut Profile, written: &Plan, compiled: &Plan, jobs: &[github::Job], gap: bool) -> github::Taken {
    let mut all = github::Taken::default();
    let mut days = Vec::new();
    let names = Names::of(written, compiled);
    let own: Vec<github::Job> = own(written, jobs).cloned().collect();
    for jobs in by_day(own) {
        let taken = measure_by(&names, &jobs, known);
        all.unknown.extend(taken.unknown);
        all.shared.extend(taken.shared);
        all.unfinished.extend(taken.unfinished);
        all.profile.runs += taken.profile.runs;
        for (job, counts) in taken.shards {
            all.shards.entry(job).or_default().extend(counts);
        }
        days.push(taken.profile);
    }
    let over = |run: &u64| jobs.iter().any(|job| job.run_id == *run) && !all.unfinished.contains(run);
    let mut unfinished: BTreeSet<u64> = known.unfinished.iter().copied().filter(|run| !over(run)).collect();
    unfinished.extend(&all.unfinished);
    for (at, new) in days.into_iter().filter(|new| new.runs > 0.0).enumerate() {
        merge(known, new, gap && at == 0);
    }
    for (job, counts) in &all.shards {
        known.forget_faded_shards(job, &counts.union(&compiled.shards_of(job)).copied().collect());
    }
    // The next answers have those that are newer.
    known.unfinished = unfinished.into_iter().filter(|run| known.last_run > Some(*run)).collect();
    all
}

/// Jobs by the day that their runs began, the oldest first.
fn by_day(jobs: Vec<github::Job>) -> impl Iterator<Item = Vec<github::Job>> {
    let mut begins: BTreeMap<u64, i64> = BTreeMap::new();
    for job in &jobs {
        if let Some(begin) = job.begin() {
            let first = begins.entry(job.run_id).or_insert(begin);
            *first = begin.min(*first);
        }
    }
    let mut days: BTreeMap<i64, Vec<github::Job>> = BTreeMap::new();
    for job in jobs {
        let day = begins.get(&job.run_id).map_or(0, |begin| begin.div_euclid(86_400));
        days.entry(day).or_default().push(job);
    }
    days.into_values()
}

/// Adds what is new to what is known; where there is a gap, there were runs between them that nobody counted.
pub fn merge(known: &mut Profile, new: Profile, gap: bool) {
    if known.runs == 0.0 {
        // What git says may be there before any run.
        *known = Profile { changes: std::mem::take(&mut known.changes), ..new };
        return;
    }
    let days = days_between(&known.newest, &new.newest).unwrap_or_default();
    // By whole days: what is faded little by little is rounded each time.
    let day = |time: &str| time.split('T').next().unwrap_or_default().to_owned();
    let whole = days_between(&day(&known.newest), &day(&new.newest)).unwrap_or_default();
    let (old_weight, new_weight) = (weight(whole), weight(-whole));
    let counted = known.counted() + new.counted();
    known.runs = hundredth(known.runs * old_weight + new.runs * new_weight);
    known.counted = beside(counted, known.runs);
    known.last_run = new.last_run.max(known.last_run);
    observe(known, &new, days, gap);
    known.events.values_mut().for_each(|runs| *runs = hundredth(*runs * old_weight));
    for (event, runs) in new.events {
        let own = known.events.entry(event).or_default();
        *own = hundredth(*own + runs * new_weight);
    }
    // What the new runs did not have is as old as it was.
    let is_new = |task: &str, label: &str| new.jobs.get(task).is_some_and(|machines| machines.contains_key(label));
    for (task, machines) in &mut known.jobs {
        for (label, measured) in machines {
            if !is_new(task, label) {
                add(measured, old_weight, Measured::default(), 0.0);
            }
        }
    }
    for (task, machines) in new.jobs {
        let own = known.jobs.entry(task).or_default();
        for (label, measured) in machines {
            let older = own.entry(label).or_default();
            add(older, old_weight, measured, new_weight);
        }
    }
    if days > 0.0 {
        known.newest = new.newest;
    }
}

/// How many runs there were in how many days, both of which fade.
fn observe(known: &mut Profile, new: &Profile, days: f64, gap: bool) {
    // What was written by hand is as good as a month.
    let of_month = known.per_month.map(|runs| Observed { days: 30.0, runs });
    let mut observed = known.observed.or(of_month).unwrap_or_default();
    let (old, since) = (weight(days), new.observed.unwrap_or_default());
    let (more, of) = if gap { (since.runs, since.days) } else { (new.runs * weight(-days), days.max(0.0)) };
    observed = Observed { days: observed.days * old + of, runs: observed.runs * old + more };
    known.per_month = observed.per_month().or(known.per_month);
    known.observed = Some(Observed { days: (observed.days * 1e3).round() / 1e3, runs: hundredth(observed.runs) });
}

/// What something counts that lies so many days behind the newest.
fn weight(days: f64) -> f64 {
    0.5f64.powf(days.max(0.0) / HALF_LIFE)
}

fn days_between(from: &str, to: &str) -> Option<f64> {
    // Written by hand, it may be a day.
    let time = |text: &str| {
        let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|day| day.timestamp());
        text.parse::<jiff::Timestamp>().ok().or_else(day)
    };
    Some((time(to)?.as_second() - time(from)?.as_second()) as f64 / 86_400.0)
}

fn add(known: &mut Measured, old: f64, new: Measured, weight: f64) {
    let counted = known.counted() + new.counted();
    let (before, after) = ((known.runs - known.failed).max(0.0) * old, (new.runs - new.failed).max(0.0) * weight);
    let all = before + after;
    let share = |own: f64, of: f64| if all > 0.0 { own * of / all } else { 0.0 };
    known.busy.values_mut().for_each(|minutes| *minutes = share(*minutes, before));
    for (label, minutes) in new.busy {
        *known.busy.entry(label).or_default() += share(minutes, after);
    }
    known.busy.values_mut().for_each(|minutes| *minutes = hundredth(*minutes));
    let mixed = |known: &mut Option<Times>, runs: f64, new: Option<Times>| {
        let own = known.take().unwrap_or_default();
        *known = times((own, runs, old), (new.unwrap_or_default(), weight));
    };
    mixed(&mut known.queue, known.runs, new.queue);
    mixed(&mut known.whole, known.runs - known.failed, new.whole);
    mixed(&mut known.failing, known.failed, new.failing);
    for (name, own) in &mut known.steps {
        if !new.steps.contains_key(name) {
            let times = times((std::mem::take(&mut own.times), own.runs - own.failed, old), (Times::default(), 1.0));
            own.times = times.unwrap_or_default();
            let counted = own.counted();
            (own.runs, own.skipped, own.failed) =
                (hundredth(own.runs * old), hundredth(own.skipped * old), hundredth(own.failed * old));
            own.counted = beside(counted, own.runs + own.skipped);
        }
    }
    for (name, step) in new.steps {
        let (own, step) = (known.steps.entry(name).or_default(), step);
        let before = (std::mem::take(&mut own.times), own.runs - own.failed, old);
        let counted = own.counted() + step.counted();
        let runs = hundredth(own.runs * old + step.runs * weight);
        let skipped = hundredth(own.skipped * old + step.skipped * weight);
        *own = Step {
            runs,
            counted: beside(counted, runs + skipped),
            skipped,
            failed: hundredth(own.failed * old + step.failed * weight),
            times: times(before, (step.times, weight)).unwrap_or_default(),
        };
    }
    known.runs = hundredth(known.runs * old + new.runs * weight);
    known.counted = beside(counted, known.runs);
    known.failed = hundredth(known.failed * old + new.failed * weight);
    known.skipped = hundredth(known.skipped * old + new.skipped * weight);
    known.cancelled = hundredth(known.cancelled * old + new.cancelled * weight);
}

/// What was seen in so many runs and counts for that much now, and what is new and counts for that much.
fn times((known, runs, old): (Times, f64, f64), (new, weight): (Times, f64)) -> Option<Times> {
    let mut seen = known.into_seen(runs);
    seen.fade(old);
    let mut more = new.seen;
    more.fade(weight);
    seen.take_in(&more);
    Times::of(seen)
}

/// How many there were, where they do not count as much.
fn beside(counted: f64, weight: f64) -> f64 {
    if (counted - weight.round()).abs() < 0.005 { 0.0 } else { counted }
}

fn hundredth(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
