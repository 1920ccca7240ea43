//! What caches spare a job's own commands, where nothing is installed that they would spare.
//!
//! `takes` says what commands take without caches. What was measured, was measured with those that the job had.

use super::assume;
use super::model::{Evidence, Part};
use crate::hir::{Duration, Job, Shards};
use crate::plan::{Role, Work};
use crate::profile::{Measured, Profile, display_name};

/// Counts it for the parts of a row.
pub(super) fn count(work: &Work, measured: &[&Measured], parts: &mut [Part]) {
    let restores: Vec<String> =
        work.prologue.iter().filter(|derived| derived.role == Role::Restore).map(|derived| display_name(&derived.step)).collect();
    let had = |measured: &Measured| measured.steps.keys().any(|step| restores.contains(step) || step.starts_with(RESTORES));
    let (has, had) = (has(work), might(&work.job) && measured.iter().any(|measured| had(measured)));
    let less = 1.0 - assume::SPARED * assume::HIT_RATE;
    for part in parts.iter_mut().filter(|part| part.kind.is_work()) {
        let had = had && matches!(part.evidence, Evidence::Measured(_));
        part.time = match (has, had) {
            (true, false) => part.time.times(less),
            (false, true) => part.time.times(1.0 / less),
            _ => part.time,
        };
    }
}

/// What a step is called that restores a cache.
const RESTORES: &str = "Run actions/cache";

/// Whether a job has caches that spare its commands.
fn has(work: &Work) -> bool {
    let of = |name: &String| work.job.toolchains.get(name).is_none_or(|toolchain| toolchain.spares_commands());
    work.layers.iter().filter_map(|layer| layer.toolchain.as_ref()).any(of)
}

/// Whether it might have some.
fn might(job: &Job) -> bool {
    job.toolchains.values().any(|toolchain| toolchain.spares_commands())
}

/// What so many layers spare of a job's commands in the mean and what they take, in seconds; none where it is not known how long the commands take.
pub(crate) fn balance(work: &Work, layers: usize, profile: &Profile) -> Option<(f64, f64)> {
    let takes = |text: &str| Duration::parse(text).map(|takes| takes.0 as f64);
    let measured = |job: &str| {
        let machines = profile.jobs.get(job)?.values();
        machines.filter_map(|measured| measured.whole).map(|whole| whole.p50).max_by(f64::total_cmp)
    };
    let job = &work.job;
    let all: f64 = if work.members.is_empty() {
        let declared = || job.takes.as_ref().and_then(|declared| takes(&declared.spelled()));
        measured(&job.id).or_else(declared)?
    } else {
        let member = |member: &crate::plan::Member| measured(&member.id).or(member.takes.map(|takes| takes.0 as f64));
        work.members.iter().map(member).sum::<Option<f64>>()?
    };
    let pieces = job.shards.as_ref().and_then(Shards::number).filter(|_| job.asks_for_shard()).map_or(1.0, f64::from);
    let each = assume::RESTORE + (1.0 - assume::HIT_RATE) * assume::SAVE;
    Some((all / pieces.max(1.0) * assume::SPARED * assume::HIT_RATE, each * layers as f64))
}
