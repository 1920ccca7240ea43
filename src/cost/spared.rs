//! What caches spare a job's own commands: those that fetch or compile what a toolchain keeps and does not install by itself.
//!
//! `takes` says what commands take without caches. What was measured, was measured with those that the job had.

use super::model::{Model, Part, PartKind};
use super::show::distinct;
use super::{Evidence, assume};
use crate::catalog::fed;
use crate::hir::{Duration, Job, Shards, Step, StepKind, Toolchain};
use crate::passes::Ground;
use crate::plan::{Derived, Plan, Role, Work};
use crate::profile::{Measured, Profile, display_name};

/// Counts it for the parts of a row.
pub(super) fn count(work: &Work, measured: &[&Measured], parts: &mut [Part]) {
    let feeding: Vec<&Toolchain> = toolchains(&work.job).filter(|toolchain| toolchain.spares_commands()).collect();
    if feeding.is_empty() {
        return;
    }
    let is_kept = |toolchain: &&Toolchain| work.layers.iter().any(|layer| layer.toolchain.as_ref() == Some(&toolchain.name));
    let kept: Vec<&Toolchain> = feeding.iter().copied().filter(is_kept).collect();
    // Not in every row.
    let is_there = parts.iter().any(|part| part.kind == PartKind::Step(Role::Restore));
    let had = measured.iter().any(|measured| had(measured));
    for part in parts.iter_mut().filter(|part| part.kind.is_work()) {
        let has = is_there && is_fed(&work.job, part, &kept);
        let had = had && part.evidence.is_measured() && is_fed(&work.job, part, &feeding);
        if has != had {
            part.time = part.time.times(if has { LEFT } else { 1.0 / LEFT });
            part.spared = true;
        }
    }
}

/// Whether the command of a part finds something in the caches of one of these; of a job of which only the whole is known, one of its commands.
fn is_fed(job: &Job, part: &Part, toolchains: &[&Toolchain]) -> bool {
    let is_named = |step: &&Step| step.was.as_deref() == Some(&part.name) || display_name(step) == part.name;
    let looks = |step: &Step| match &step.kind {
        StepKind::Run(script) => toolchains.iter().any(|toolchain| fed::looks_into(&toolchain.name, script.as_str())),
        _ => false,
    };
    let mut own = job.each_step().filter(is_named).peekable();
    if own.peek().is_some() { own.any(looks) } else { job.each_step().any(looks) }
}

/// What is left of commands that find a part of their work in a cache, in the mean.
const LEFT: f64 = 1.0 - assume::SPARED * assume::HIT_RATE;

/// What a step is called that restores a cache.
const RESTORES: &str = "Run actions/cache";

/// Whether what was measured had a cache.
pub(super) fn had(measured: &Measured) -> bool {
    measured.steps.keys().any(|step| step.starts_with(RESTORES))
}

/// The toolchains of a job and of its rows.
fn toolchains(job: &Job) -> impl Iterator<Item = &Toolchain> {
    let rows = job.written_rows().1.iter().flat_map(|row| row.job.toolchains.values());
    job.toolchains.values().chain(rows).map(|toolchain| &**toolchain)
}

/// What is said to rest on how long it takes to restore them.
pub(super) const RESTORING: &str = "restoring";

/// What that rests on.
pub(super) fn grounds(model: &Model, uncached: &Model) -> Vec<Ground> {
    let parts = |role: Role| {
        // What an install takes without them counts as much.
        let both = model.jobs.iter().chain(&uncached.jobs);
        let parts = both.flat_map(|job| &job.legs).flat_map(|leg| &leg.parts);
        parts.filter(move |part| part.kind == PartKind::Step(role))
    };
    let ground = |(what, role): (&str, Role)| Some(Ground { what: what.to_owned(), evidence: Evidence::weakest(parts(role))? });
    let mut grounds: Vec<Ground> =
        [(RESTORING, Role::Restore), ("installs", Role::Install)].into_iter().filter_map(ground).collect();
    // What was measured with caches takes more without them.
    let jobs = distinct(model.jobs.iter().chain(&uncached.jobs).flat_map(spared));
    if !jobs.is_empty() {
        // Nobody saw the same commands with caches and without.
        let what = format!("what they spare the commands of {}", jobs.join(", "));
        grounds.push(Ground { what, evidence: Evidence::Assumed });
    }
    grounds
}

/// The jobs with commands whose time was reckoned by that.
pub(super) fn jobs(model: &Model) -> Vec<&str> {
    distinct(model.jobs.iter().flat_map(spared))
}

fn spared(job: &super::Job) -> impl Iterator<Item = &str> {
    let parts = job.legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.spared);
    parts.filter_map(|part| job.names().nth(part.member))
}

/// The same plan with no cache of a toolchain; none where it has none.
pub(super) fn without_caches(plan: &Plan) -> Option<Plan> {
    let mut plan = plan.clone();
    let mut any = false;
    for work in plan.works.values_mut().filter(|work| work.layers.iter().any(|layer| layer.toolchain.is_some())) {
        any = true;
        work.layers.retain(|layer| layer.toolchain.is_none());
        // What the author asks for is kept under a name of its own.
        let own: Vec<&str> = work.layers.iter().map(|layer| layer.key.as_str()).collect();
        let is_own = |derived: &Derived| match &derived.step.kind {
            StepKind::Uses { with, .. } => with.get("key").is_some_and(|key| own.contains(&key.spelled().as_str())),
            _ => false,
        };
        let (gone, left): (Vec<Derived>, Vec<Derived>) =
            std::mem::take(&mut work.prologue).into_iter().partition(|derived| derived.role == Role::Restore && !is_own(derived));
        work.prologue = left;
        // What ran where they had nothing runs always then.
        let ids: Vec<&str> = gone.iter().filter_map(|derived| derived.step.id.as_ref()).map(|(id, _)| id.as_str()).collect();
        let asks = |path: &Vec<String>| path[0] == "steps" && path.get(1).is_some_and(|id| ids.contains(&id.as_str()));
        for derived in work.prologue.iter_mut().filter(|derived| derived.role == Role::Install) {
            derived.step.when = derived.step.when.take().filter(|when| !when.expr.paths().iter().any(asks));
        }
        // What is saved at once is what a toolchain installed.
        work.prologue.retain(|derived| derived.role != Role::Save);
        if own.is_empty() {
            work.epilogue.retain(|derived| derived.role != Role::Save);
        }
    }
    any.then_some(plan)
}

/// How long commands took, or all that is known of their job; without the caches that it had then.
fn long(measured: &Measured, commands: &[String]) -> Option<f64> {
    let each = commands.iter().filter_map(|command| measured.steps.get(command)).map(|step| step.times.p50);
    let all = each.reduce(|one, other| one + other).or(measured.whole.as_ref().map(|whole| whole.p50))?;
    Some(if had(measured) { all / LEFT } else { all })
}

/// What so many layers spare of a job's commands in the mean and what they take, in seconds; none where it is not known how long the commands take.
pub(crate) fn balance(work: &Work, layers: usize, profile: &Profile) -> Option<(f64, f64)> {
    let takes = |text: &str| Duration::parse(text).map(|takes| takes.0 as f64);
    let job = &work.job;
    let commands: Vec<String> = job.each_step().map(display_name).collect();
    let pieces = job.shards.as_ref().and_then(Shards::number).filter(|_| job.asks_for_shard());
    let measured = |id: &str| {
        let own = |measured: &&Measured| long(measured, &commands);
        // Shards have the work together, or each all of it; of other rows, the longest.
        let of = |whole: &String| {
            let count = profile.shards(whole, pieces.unwrap_or_default())?;
            let each = profile.of_shards(whole, count, "")?;
            if job.asks_for_shard() { each.iter().map(own).sum() } else { each.iter().filter_map(own).max_by(f64::total_cmp) }
        };
        profile.wholes(id).iter().filter_map(of).max_by(f64::total_cmp)
    };
    let all: f64 = if work.members.is_empty() {
        let declared = || job.takes.as_ref().and_then(|declared| takes(&declared.spelled()));
        measured(&job.id).or_else(declared)?
    } else {
        let member = |member: &crate::plan::Member| measured(&member.id).or(member.takes.map(|takes| takes.0 as f64));
        work.members.iter().map(member).sum::<Option<f64>>()?
    };
    let pieces = pieces.map_or(1.0, f64::from);
    let each = assume::RESTORE + (1.0 - assume::HIT_RATE) * assume::SAVE;
    Some((all / pieces.max(1.0) * assume::SPARED * assume::HIT_RATE, each * layers as f64))
}
