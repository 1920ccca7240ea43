//! What was measured that tells of a row.

use std::borrow::Cow;

use crate::hir::{Job, Step, StepKind};
use crate::plan::{Task, Work};
use crate::profile::{Curve, FEW, Measured, Profile, display_name, shard_of, split_anew};

/// Of the row itself; of a shard also what all shards tell of, where the job was not measured in as many of them as it has rows now.
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
    let itself = shard.map_or_else(|| whole.clone(), |shard| shard_of(&whole, shard, wanted));
    let own = of(&itself).filter(|_| count == wanted);
    let told = |count: u32, part: f64| {
        let shards = profile.of_shards(&whole, count, label)?;
        Some(Cow::Owned(split_anew(&shards, &dealt_out(job), (now, part))))
    };
    // A few runs in that number say less than many in others.
    match curve(profile, job, &whole, label).filter(|_| own.is_none_or(|own| own.runs < FEW)) {
        Some(curve) => told(curve.most.0, curve.at(shard.unwrap_or(1), now) / curve.most.1),
        None if count == wanted => own.map(Cow::Borrowed),
        None => told(count, f64::from(now.max(1)).recip()),
    }
}

/// How long a shard of a job, or of a row of its matrix, takes by how many there are, where that was measured at several numbers.
pub(crate) fn curve(profile: &Profile, job: &Job, whole: &str, label: &str) -> Option<Curve> {
    profile.curve(whole, label, &dealt_out(job))
}

/// The commands of a job that its shards share, by name.
fn dealt_out(job: &Job) -> Vec<String> {
    let mut commands = Vec::new();
    job.steps.iter().filter(|step| job.is_dealt_out(step)).for_each(|step| add_name(step, &mut commands));
    commands
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
