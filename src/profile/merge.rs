//! What was known and what is new, as one profile. What is old counts less: half as much for every thirty days that the newest run lies behind.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Measured, Profile, Step, Times, github};
use crate::cost::Spread;
use crate::plan::Plan;

/// After so many days, what was measured counts half.
const HALF_LIFE: f64 = 30.0;

/// Measures jobs and adds what they say to what is known: month by month, the oldest first, so that what is old counts less, however it comes. What is told of all
/// of them; the numbers are in the profile.
pub fn take_in(known: &mut Profile, written: &Plan, compiled: &Plan, jobs: &[github::Job]) -> github::Taken {
    let mut all = github::Taken::default();
    let mut months = Vec::new();
    for jobs in by_age(jobs) {
        let taken = github::measure(written, compiled, &jobs, known);
        all.unknown.extend(taken.unknown);
        all.unfinished.extend(taken.unfinished);
        all.profile.runs += taken.profile.runs;
        for (job, counts) in taken.shards {
            all.shards.entry(job).or_default().extend(counts);
        }
        months.push(taken.profile);
    }
    let over = |run: &u64| jobs.iter().any(|job| job.run_id == *run) && !all.unfinished.contains(run);
    let mut unfinished: BTreeSet<u64> = known.unfinished.iter().copied().filter(|run| !over(run)).collect();
    unfinished.extend(&all.unfinished);
    for (job, counts) in &all.shards {
        known.forget_other_shards(job, &counts.union(&compiled.shards_of(job)).copied().collect());
    }
    months.into_iter().filter(|new| new.runs > 0.0).for_each(|new| merge(known, new));
    // The next answers have those that are newer.
    known.unfinished = unfinished.into_iter().filter(|run| known.last_run > Some(*run)).collect();
    all
}

/// Jobs by the age of their runs, in half-lives before the newest, the oldest first.
fn by_age(jobs: &[github::Job]) -> impl Iterator<Item = Vec<github::Job>> {
    let mut begins: BTreeMap<u64, i64> = BTreeMap::new();
    for job in jobs {
        if let Some(begin) = job.begin() {
            let first = begins.entry(job.run_id).or_insert(begin);
            *first = begin.min(*first);
        }
    }
    let newest = begins.values().max().copied().unwrap_or_default();
    let mut ages: BTreeMap<Reverse<i64>, Vec<github::Job>> = BTreeMap::new();
    for job in jobs {
        let age = begins.get(&job.run_id).map_or(0, |begin| (newest - begin) / (HALF_LIFE as i64 * 86_400));
        ages.entry(Reverse(age)).or_default().push(job.clone());
    }
    ages.into_values()
}

/// Adds what is new to what is known.
pub fn merge(known: &mut Profile, new: Profile) {
    if known.runs == 0.0 {
        // What git says may be there before any run.
        *known = Profile { changes: std::mem::take(&mut known.changes), ..new };
        return;
    }
    let days = days_between(&known.newest, &new.newest).unwrap_or_default();
    let (old_weight, new_weight) = (weight(days), weight(-days));
    known.runs = tenth(known.runs * old_weight + new.runs * new_weight);
    known.last_run = new.last_run.max(known.last_run);
    // As many as there were since, for as much as that time counts.
    let since = new.per_month.or((days >= 1.0).then(|| new.runs / days * 30.0));
    let share = 1.0 - old_weight;
    known.per_month = match (known.per_month, since) {
        (Some(known), Some(since)) => Some(tenth(known * (1.0 - share) + since * share)),
        (known, since) => known.or(since.map(tenth)),
    };
    known.events.values_mut().for_each(|runs| *runs = tenth(*runs * old_weight));
    for (event, runs) in new.events {
        let own = known.events.entry(event).or_default();
        *own = tenth(*own + runs * new_weight);
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

/// What something counts that lies so many days behind the newest.
fn weight(days: f64) -> f64 {
    0.5f64.powf(days.max(0.0) / HALF_LIFE)
}

fn days_between(from: &str, to: &str) -> Option<f64> {
    let (from, to): (jiff::civil::Date, jiff::civil::Date) = (from.parse().ok()?, to.parse().ok()?);
    Some(f64::from(from.until(to).ok()?.get_days()))
}

fn add(known: &mut Measured, old: f64, new: Measured, weight: f64) {
    let (before, after) = ((known.runs - known.failed).max(0.0) * old, (new.runs - new.failed).max(0.0) * weight);
    let all = before + after;
    let share = |own: f64, of: f64| if all > 0.0 { own * of / all } else { 0.0 };
    known.busy.values_mut().for_each(|minutes| *minutes = share(*minutes, before));
    for (label, minutes) in new.busy {
        *known.busy.entry(label).or_default() += share(minutes, after);
    }
    known.busy.values_mut().for_each(|minutes| *minutes = tenth(*minutes));
    known.queue = times(known.queue, before, new.queue, after);
    known.whole = times(known.whole, before, new.whole, after);
    known.failing = times(known.failing, known.failed * old, new.failing, new.failed * weight);
    for (name, own) in &mut known.steps {
        if !new.steps.contains_key(name) {
            (own.runs, own.skipped, own.failed) = (tenth(own.runs * old), tenth(own.skipped * old), tenth(own.failed * old));
        }
    }
    for (name, step) in new.steps {
        let (own, step) = (known.steps.entry(name).or_default(), step);
        let (before, after) = ((own.runs - own.failed).max(0.0) * old, (step.runs - step.failed).max(0.0) * weight);
        *own = Step {
            runs: tenth(own.runs * old + step.runs * weight),
            skipped: tenth(own.skipped * old + step.skipped * weight),
            failed: tenth(own.failed * old + step.failed * weight),
            times: times(Some(own.times), before, Some(step.times), after).unwrap_or_default(),
        };
    }
    known.runs = tenth(known.runs * old + new.runs * weight);
    known.failed = tenth(known.failed * old + new.failed * weight);
    known.cancelled = tenth(known.cancelled * old + new.cancelled * weight);
}

fn times(known: Option<Times>, before: f64, new: Option<Times>, after: f64) -> Option<Times> {
    match (known, new) {
        (Some(known), Some(new)) => Some(Spread::from(known).mixed(before, new.into(), after).into()),
        (known, new) => new.or(known),
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
