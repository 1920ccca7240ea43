//! What was measured of a job in so many shards, told of it in another number of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::map::IndexMap;

use super::{FEW, Measured, Profile, Times, is_of, may_be_shown_as};

/// The name of what was measured of a shard among so many: shards of another number do other work, and the one of one does all of it.
pub fn shard_of(whole: &str, shard: u32, count: u32) -> String {
    match whole.strip_suffix(']') {
        _ if count <= 1 => whole.to_owned(),
        Some(row) => format!("{row}, {shard}/{count}]"),
        None => format!("{whole}[{shard}/{count}]"),
    }
}

impl Profile {
    /// The number of shards of a job, or of a row of its matrix, that what was measured is told by: that one, or else the one that ran most, also where that one ran
    /// but a few times, and the other not; 0 stands for what is not split. None where nothing was measured.
    pub fn shards(&self, whole: &str, wanted: u32) -> Option<u32> {
        let runs = self.numbers(whole);
        let most = runs.iter().max_by(|(_, one), (_, other)| one.total_cmp(other));
        let says_less = |own: f64| own < FEW && most.is_some_and(|(_, most)| *most >= FEW);
        let own = runs.get(&wanted).is_some_and(|own| !says_less(*own)).then_some(wanted);
        own.or(most.map(|(count, _)| *count))
    }

    /// The numbers of shards that ran, 0 for what is not split, each with how many runs there were.
    pub(super) fn numbers(&self, whole: &str) -> BTreeMap<u32, f64> {
        let mut numbers: BTreeMap<u32, f64> = BTreeMap::new();
        for (task, machines) in &self.jobs {
            let runs: f64 = machines.values().map(|measured| measured.runs).sum();
            // Of what was left out or cancelled alone nothing is known.
            if let Some(count) = count(task, whole).filter(|_| runs > 0.0) {
                *numbers.entry(count).or_default() += runs / f64::from(count.max(1));
            }
        }
        numbers
    }

    /// What was measured of each shard of that number, or of the whole, on whichever machine.
    pub(super) fn anywhere(&self, whole: &str, count: u32) -> impl Iterator<Item = &Measured> {
        parts_of(whole, count).filter_map(|task| self.jobs.get(&task)).flat_map(|machines| machines.values())
    }

    /// What was measured of all shards of that number, or of the whole.
    pub fn of_shards(&self, whole: &str, count: u32, label: &str) -> Option<Vec<&Measured>> {
        let of = |task: &str| self.of(task, label).map(|(_, measured)| measured);
        parts_of(whole, count).map(|task| of(&task)).collect()
    }

    /// What was measured of a job is of these: the job, rows of its matrix, each without the number of its shard.
    pub fn wholes(&self, job: &str) -> BTreeSet<String> {
        self.jobs
            .keys()
            .filter(|task| is_of(task, job))
            .map(|task| split_off(task).map_or_else(|| task.clone(), |(whole, ..)| whole))
            .collect()
    }

    /// Whether a job was measured in several shards.
    pub fn was_split(&self, job: &str) -> bool {
        self.wholes(job).iter().any(|whole| self.numbers(whole).into_keys().any(|count| count > 1))
    }

    /// Forgets the numbers of shards of a job, or of a row, that ran long ago and are none of these; 0 stands for what is not split. What others take is known by
    /// all that are left: see [`Profile::curve`].
    pub fn forget_faded_shards(&mut self, whole: &str, but: &BTreeSet<u32>) {
        let numbers = self.numbers(whole);
        let stays = |count: &u32| but.contains(count) || numbers.get(count).is_some_and(|runs| *runs >= FADED);
        for (task, machines) in &mut self.jobs {
            // That it was left out is told of what is not split, in whatever number of shards it would have been.
            if task == whole && !stays(&0) {
                for measured in machines.values_mut() {
                    *measured = Measured { skipped: measured.skipped, cancelled: measured.cancelled, ..Measured::default() };
                }
            }
        }
        let is_left = |machines: &IndexMap<String, Measured>| machines.values().any(|left| left.skipped + left.cancelled > 0.0);
        self.jobs.retain(|task, machines| match count(task, whole) {
            Some(0) => stays(&0) || is_left(machines),
            own => own.is_none_or(|own| stays(&own)),
        });
    }
}

/// A number of shards that counts for fewer runs than that is of the past.
const FADED: f64 = 0.5;

/// The names of all shards of that number, or of the whole.
pub(super) fn parts_of(whole: &str, count: u32) -> impl Iterator<Item = String> {
    (1..=count.max(1)).map(move |shard| shard_of(whole, shard, count))
}

/// Of how many shards a task is one; 0 for the whole itself.
fn count(task: &str, whole: &str) -> Option<u32> {
    if task == whole {
        return Some(0);
    }
    // Most are of another job altogether.
    task.starts_with(whole.trim_end_matches(']'))
        .then(|| split_off(task))?
        .filter(|(of, ..)| of == whole)
        .map(|(.., count)| count)
}

/// Whether a task is the first of any number of shards.
pub(crate) fn is_first_of(task: &str, whole: &str) -> bool {
    task.starts_with(whole.trim_end_matches(']')) && split_off(task).is_some_and(|(of, shard, _)| of == whole && shard == 1)
}

/// The whole that a task is a shard of, the number of that, and of how many.
fn split_off(task: &str) -> Option<(String, u32, u32)> {
    let (job, row) = task.strip_suffix(']')?.split_once('[')?;
    let (others, last) = row.rsplit_once(", ").map_or((None, row), |(others, last)| (Some(others), last));
    let (shard, count) = last.split_once('/')?;
    let whole = others.map_or_else(|| job.to_owned(), |others| format!("{job}[{others}]"));
    Some((whole, shard.parse().ok()?, count.parse().ok()?))
}

/// Whether a step is one of these commands, by name; the second of a name has its number behind it.
pub(super) fn is_dealt(step: &str, commands: &[String]) -> bool {
    let numbered = step.rsplit_once(" #").filter(|(_, number)| number.parse::<u32>().is_ok());
    let plain = numbered.map_or(step, |(plain, _)| plain);
    commands.iter().any(|command| may_be_shown_as(command, plain))
}

/// What was measured of all shards, for one of so many that their work is split into now, which does such a part of all that they did. The commands of the job,
/// by name, are that work; all else goes with having a machine.
pub fn split_anew(shards: &[&Measured], commands: &[String], (pieces, part): (u32, f64)) -> Measured {
    let Some((first, others)) = shards.split_first() else { return Measured::default() };
    let mut all = Measured::clone(first);
    all.counted = others.iter().fold(all.counted(), |counted, other| counted.min(other.counted()));
    all.runs = others.iter().fold(all.runs, |runs, other| runs.min(other.runs));
    // In as many runs one of them fails.
    let well: f64 = shards.iter().map(|shard| 1.0 - (shard.failed / shard.runs.max(1.0)).min(1.0)).product();
    all.failed = all.runs * (1.0 - well.powf(f64::from(pieces.max(1)).recip()));
    all.whole = share(shards.iter().map(|shard| shard.whole.as_ref()), part);
    for (name, step) in all.steps.iter_mut().filter(|(name, _)| is_dealt(name, commands)) {
        let times = share(shards.iter().map(|shard| shard.steps.get(name).map(|step| &step.times)), part);
        step.times = times.unwrap_or_else(|| std::mem::take(&mut step.times));
    }
    all
}

/// Such a part of all of them.
fn share<'t>(mut times: impl Iterator<Item = Option<&'t Times>>, part: f64) -> Option<Times> {
    times.try_fold(Times::default(), |all, one| {
        let one = one?;
        let p10_and_mean = one.p10_and_mean.unwrap_or((one.p50.min(one.mean()), one.mean()));
        let (p10, mean) = all.p10_and_mean.unwrap_or_default();
        Some(Times {
            p50: all.p50 + one.p50 * part,
            p90: all.p90 + one.p90.max(one.p50) * part,
            p10_and_mean: Some((p10 + p10_and_mean.0 * part, mean + p10_and_mean.1 * part)),
            ..all
        })
    })
}
