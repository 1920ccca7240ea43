//! What was measured that tells of a row.

use std::borrow::Cow;

use crate::hir::{Step, StepKind};
use crate::plan::{Task, Work};
use crate::profile::{Measured, Profile, display_name, shard_of, split_anew};

/// Of the row itself; of a shard also what all shards tell of, where the job was measured in another number of them than it has rows now.
pub(super) fn of_row<'p>(profile: &'p Profile, work: &Work, task: &Task, rows: usize, label: &str) -> Option<Cow<'p, Measured>> {
    let of = |task: &str| profile.of(task, label).map(|(_, measured)| measured);
    let job = &work.job;
    let Some(written) = &job.shards else { return of(&task.id).map(Cow::Borrowed) };
    let whole = task.whole();
    let shard = task.row.get("shard").and_then(|shard| shard.parse().ok());
    // Of a matrix each row has as many as are written.
    let now = if job.is_split() { u32::try_from(rows).unwrap_or_default() } else { written.number().unwrap_or(1) };
    let wanted = if shard.is_some() && now > 1 { now } else { 0 };
    let count = profile.shards(&whole, wanted)?;
    if count == wanted {
        let itself = shard.map_or_else(|| whole.clone(), |shard| shard_of(&whole, shard, count));
        return of(&itself).map(Cow::Borrowed);
    }
    let shards = profile.of_shards(&whole, count, label)?;
    let mut commands = Vec::new();
    job.steps.iter().filter(|step| job.is_dealt_out(step)).for_each(|step| add_name(step, &mut commands));
    Some(Cow::Owned(split_anew(&shards, &commands, now as usize)))
}

fn add_name(step: &Step, names: &mut Vec<String>) {
    match &step.kind {
        StepKind::Parallel(steps) => steps.iter().for_each(|step| add_name(step, names)),
        _ => names.push(display_name(step)),
    }
}

/// Of each of the jobs that became a work.
pub(super) fn of_members<'p>(profile: &'p Profile, work: &Work, label: &str) -> Vec<Option<&'p Measured>> {
    work.members.iter().map(|member| profile.of(&member.id, label).map(|(_, measured)| measured)).collect()
}
