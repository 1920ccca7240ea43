//! What was measured of a job in so many shards, told of it in another number of them.

use super::{Measured, Profile, Times, may_be_shown_as};

impl Profile {
    /// Into how many shards a job was split when it was measured; none where it was not.
    pub fn shards(&self, job: &str) -> Option<u32> {
        self.jobs.keys().filter_map(|task| shard(task, job)).max()
    }

    /// Forgets what was measured of a job in another number of shards than that; 0 stands for one that is not split. Shards of the same number do other work then.
    pub fn forget_other_shards(&mut self, job: &str, count: u32) {
        let other = self.shards(job).is_some_and(|known| known != count);
        self.jobs.retain(|task, _| if task == job { count == 0 } else { !other || shard(task, job).is_none() });
    }
}

/// The number of the shard that a task is of a job.
fn shard(task: &str, job: &str) -> Option<u32> {
    task.strip_prefix(job)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// What was measured of all shards, for one of so many that their work is split into now. The commands of the job, by name, are that work; all else goes with
/// having a machine.
pub fn split_anew(shards: &[&Measured], commands: &[String], pieces: usize) -> Measured {
    let Some((first, others)) = shards.split_first() else { return Measured::default() };
    let mut all = Measured::clone(first);
    all.runs = others.iter().fold(all.runs, |runs, other| runs.min(other.runs));
    all.failed = others.iter().fold(all.failed, |failed, other| failed.max(other.failed)).min(all.runs);
    all.whole = share(shards.iter().map(|shard| shard.whole), pieces);
    for (name, step) in &mut all.steps {
        // The second of a name has its number behind it.
        let plain =
            name.rsplit_once(" #").filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(name.as_str(), |(plain, _)| plain);
        if commands.iter().any(|command| may_be_shown_as(command, plain)) {
            let times = share(shards.iter().map(|shard| shard.steps.get(name).map(|step| step.times)), pieces);
            step.times = times.unwrap_or(step.times);
        }
    }
    all
}

/// One of so many equal pieces of all of them.
fn share(times: impl Iterator<Item = Option<Times>>, pieces: usize) -> Option<Times> {
    let pieces = pieces.max(1) as f64;
    let sum = |all: Times, one: Times| Times { p50: all.p50 + one.p50 / pieces, p90: all.p90 + one.p90 / pieces };
    times
        .map(|times| times.map(|times| Times { p90: times.p90.max(times.p50), ..times }))
        .try_fold(Times::default(), |all, one| Some(sum(all, one?)))
}
