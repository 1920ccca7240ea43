//! A plan in numbers: what is chosen from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::asked::Asked;
use super::clash::{self, clashes};
use super::problem::{Beside, Item, Problem};
use super::split::Splits;
use super::transfers;
use super::{effects, fuse};
use crate::cost::machine::visibility;
use crate::cost::{Leg, Machine, Model, Part, PartKind, auto, curve};
use crate::facts::Facts;
use crate::hir::{Job, Step};
use crate::map::IndexMap;
use crate::passes::{Context, bound};
use crate::plan::{Plan, Role, pieces, shards::files};
use crate::profile::{self, Measured, Profile, display_name};

/// The numbers of a plan, by the model of what becomes of it; some of its jobs are pieces of one.
pub(super) fn problem(plan: &Plan, splits: &Splits, model: &Model, context: &Context<'_>) -> Problem {
    let optimize = &plan.pipeline.optimize;
    let models: IndexMap<&str, &crate::cost::Job> = model.jobs.iter().map(|job| (job.id.as_str(), job)).collect();
    let needs = plan.needs();
    let place = |id: &str| plan.works.get_index_of(id);
    let asked = Asked::of(plan);
    let mut kinds: IndexMap<String, usize> = IndexMap::default();
    let mut conditions: IndexMap<String, usize> = IndexMap::default();
    let beside = plan.pipeline.target.parallel_steps && !optimize.is_off("parallel");
    let mut pools = Pools::default();
    // Pieces of a job share its machine with all that it does to that.
    let mut states: IndexMap<&str, BTreeSet<String>> = IndexMap::default();
    for (id, work) in &plan.works {
        states.entry(splits.whole(id).unwrap_or(id)).or_default().extend(effects::machine_state(&work.job));
    }
    let mut problem = Problem { quotas: model.quotas, ..Problem::default() };
    for ((at, (id, work)), needs) in plan.works.iter().enumerate().zip(&needs) {
        let Some(job) = models.get(id.as_str()) else { continue };
        let needs: Vec<usize> = needs.iter().filter_map(|need| place(need)).collect();
        let condition = work.job.when.as_ref().map(|when| {
            let next = conditions.len();
            *conditions.entry(when.expr.to_string()).or_insert(next)
        });
        let mut skips: BTreeSet<usize> = needs.iter().flat_map(|&need| problem.jobs[need].skips.clone()).collect();
        skips.extend(condition.map(|_| at));
        let is_known =
            job.legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind.is_work()).all(|part| part.evidence.is_known());
        let is_asked = asked.at_all(id);
        let state = &states[splits.whole(id).unwrap_or(id)];
        let kind = fuse::kind(plan, &work.job).ok().filter(|_| is_known && !is_asked && !optimize.is_off("fuse"));
        // Pieces of a job come from one machine, and may be on it again.
        let only_with = if effects::is_known_to_others(plan, &work.job) { None } else { Some(splits.whole(id).unwrap_or(id)) };
        let kind = kind.map(|kind| format!("{kind}\nstate {state:?}\nonly with {only_with:?}"));
        let first = job.legs.first();
        // What every shard does anew goes with its machine, and what all pieces install is installed once where they share one.
        let (written, is_piece) = (&work.job, splits.whole(id).is_some());
        let goes_with = |step: &&Step| written.is_split() && !written.is_dealt_out(step) || is_piece && pieces::installs(step);
        let along: BTreeSet<String> = written.steps.iter().filter(goes_with).map(display_name).collect();
        // Of one in shards all is its own on a machine that it shares, and what its shards took says nothing of that.
        let may_share = along.is_empty() && !context.profile.was_split(id) || !written.has_rows();
        let kind = kind.filter(|_| may_share);
        let is_own = |part: &Part| is_own(part) && !along.contains(&part.name);
        let is_overhead = |part: &Part| is_overhead(part) || along.contains(&part.name);
        // Rows differ: what one of them takes longer to get ready is its own, and where one would be ended, none is.
        let overheads: Vec<f64> = job.legs.iter().map(|leg| model.mean_of(leg, is_overhead)).collect();
        let mut overhead = overheads.iter().copied().reduce(f64::min).unwrap_or_default();
        let mut rows: Vec<f64> =
            job.legs.iter().zip(&overheads).map(|(leg, own)| model.unlimited_mean_of(leg, is_own) + own - overhead).collect();
        let mut shards = if is_known && !optimize.is_off("shard") { shards(written, context.facts) } else { Vec::new() };
        // What was measured to be in each shard, however many there are, goes with its machine, too.
        let curve = first.filter(|_| !shards.is_empty()).and_then(|leg| curve(context.profile, written, id, &leg.machine.labels));
        if let (Some(leg), Some(curve), [row]) = (first, &curve, &mut rows[..]) {
            let is_dealt_out = |part: &Part| part.kind.is_work() && !along.contains(&part.name);
            *row = (*row - model.unlimited_mean_of(leg, is_dealt_out)).max(0.0) + curve.split;
            overhead += curve.fixed;
            let takes = |shards: u32| overhead + *row * profile::part(curve.uneven, 1, shards);
            shards.retain(|&count| count == 1 || takes(count) <= takes(count - 1) * (1.0 - FLAT));
        }
        let machines = match first {
            Some(leg) if is_known && !optimize.is_off("size") => {
                let mut all = machines(plan, &work.job, leg, &mut pools);
                for (machine, may_run) in all.iter_mut().filter(|(machine, _)| machine.longest < leg.machine.longest) {
                    *may_run &= !context.profile.is_often_longer(splits.whole(id).unwrap_or(id), machine.longest);
                }
                all
            }
            Some(leg) => vec![(leg.machine.clone(), true)],
            None => Vec::new(),
        };
        let speeds: Vec<Speeds> =
            machines.iter().map(|(machine, may_run)| Speeds::of(&job.legs, machine, *may_run, context.profile)).collect();
        problem.push(Item {
            needs,
            overhead,
            on: rows_on(&rows, &speeds),
            rows,
            at_once: job.at_once,
            timeout: job.legs.iter().map(|leg| leg.timeout).reduce(f64::min).unwrap_or_default(),
            allowed: bound::allowed_by_takes(plan, &work.job),
            locks: locked(&job.legs),
            shards,
            uneven: curve.map_or(1.0, |curve| curve.uneven),
            machines: machines.into_iter().zip(&speeds).map(|((machine, _), speeds)| (machine, speeds.of_all)).collect(),
            variance: job.legs.iter().map(|leg| variance(model, leg)).fold(0.0, f64::max),
            kind: kind.clone().map(|kind| {
                let next = kinds.len();
                *kinds.entry(kind).or_insert(next)
            }),
            skips,
            condition,
            skipped: match &work.job.when {
                Some(_) if !job.failures.behind.success() => 1.0,
                Some(when) => 1.0 - model.guards.get(&when.expr.to_string()).unwrap_or(&1.0),
                None => 0.0,
            },
            piece_of: splits.first(id).and_then(place),
            after: Vec::new(),
            beside: match kind {
                Some(_) if beside && !is_piece && effects::has_known_effects(&work.job) && clash::sees(&work.job).is_none() => {
                    if effects::may_run_beside(&work.job) {
                        Beside::Background
                    } else {
                        Beside::Foreground
                    }
                }
                _ => Beside::Never,
            },
        });
    }
    problem.data = transfers::data(plan, model);
    problem.apart = clashes(plan, &problem, context.facts);
    problem
}

/// What each row locks, by number; nothing where none does.
fn locked(legs: &[Leg]) -> Vec<Option<usize>> {
    if legs.iter().all(|leg| leg.lock.is_none()) { Vec::new() } else { legs.iter().map(|leg| leg.lock).collect() }
}

/// What goes with having a machine, whatever runs on it.
fn is_overhead(part: &Part) -> bool {
    !is_own(part) && !matches!(part.kind, PartKind::Step(Role::Send | Role::Receive))
}

/// What goes where the job goes.
fn is_own(part: &Part) -> bool {
    matches!(part.kind, PartKind::Command | PartKind::Step(Role::Keep | Role::Judge))
}

/// The numbers of shards to choose from; none where that is not asked for, or where GitHub would cancel all but two of them, as they wait for each other.
///
/// Never more than there are files to split: a command without any mostly takes all of them.
fn shards(job: &Job, facts: &Facts) -> Vec<u32> {
    let waits = job.group().is_some();
    let may_be = |shards: &&crate::hir::Shards| shards.number().is_none() && job.matrix.is_none() && job.asks_for_shard();
    let Some(shards) = job.shards.as_ref().filter(|_| !waits).filter(may_be) else { return Vec::new() };
    let most = shards.settings.get("max").and_then(|value| value.spelled().parse().ok()).unwrap_or(MOST_SHARDS);
    let files = files(shards, facts).map_or(u32::MAX, |files| files.len().try_into().unwrap_or(u32::MAX));
    (1..=most.min(files).clamp(1, crate::hir::MAX_SHARDS)).collect()
}

/// Where one shard more makes each shorter by less than such a part, the curve is flat, whatever time is worth.
const FLAT: f64 = 0.02;

/// More shards than these are taken only where the spec says so.
const MOST_SHARDS: u32 = 8;

/// The machines of each system that jobs on `runner auto` are chosen from.
type Pools = IndexMap<String, Vec<Arc<Machine>>>;

/// The machines to choose from, each with whether the job may run there: jobs of one kind have the same machines in the same places.
fn machines(plan: &Plan, job: &Job, leg: &Leg, pools: &mut Pools) -> Vec<(Arc<Machine>, bool)> {
    let mut all = vec![(leg.machine.clone(), true)];
    // Rows have one machine; one of a row's own is the author's.
    let has_own = job.written_rows().1.iter().any(|row| row.job.runner.is_some());
    let Some(wishes) = auto::wishes(&plan.pipeline, job).filter(|_| !has_own) else { return all };
    let pool = pools
        .entry(auto::os(wishes))
        .or_insert_with(|| auto::machines(&plan.pipeline, wishes, visibility(plan)).into_iter().map(Arc::new).collect());
    let others = pool.iter().filter(|machine| machine.label != leg.machine.label);
    all.extend(others.map(|machine| (machine.clone(), auto::may_run(&plan.pipeline, job, wishes, machine))));
    all
}

/// How many times as long work takes on a machine.
///
/// It is measured where a row ran on both, else 1, whatever a machine has: of commands that are busy on one processor, which is most, more of them change
/// nothing.
struct Speeds {
    /// In all; endless where the job may not run.
    of_all: f64,
    /// Each row, where several were measured.
    of_rows: Vec<f64>,
}

impl Speeds {
    fn of(legs: &[Leg], machine: &Machine, may_run: bool, profile: &Profile) -> Self {
        // Its commands, where they were measured: what goes with having a machine does not take so many times as long.
        let work = |leg: &Leg, measured: &Measured| {
            let own = leg.parts.iter().filter(|part| part.kind.is_work());
            let times = own.map(|part| measured.steps.get(&part.name).filter(|step| step.runs > step.failed));
            times.map(|step| step.map(|step| step.times.p50)).sum::<Option<f64>>().filter(|work| *work > 0.0)
        };
        let both = |leg: &Leg| {
            let of = |labels: &str| profile.jobs.get(&leg.id)?.get(labels);
            let (usual, other) = (of(&leg.machine.labels)?, of(&machine.labels)?);
            let wholes = || usual.whole.as_ref().zip(other.whole.as_ref()).map(|(usual, other)| (usual.p50, other.p50));
            work(leg, usual).zip(work(leg, other)).or_else(wholes).filter(|(usual, _)| *usual > 0.0)
        };
        if !may_run {
            return Self { of_all: f64::INFINITY, of_rows: Vec::new() };
        }
        let measured: Vec<Option<(f64, f64)>> = legs.iter().map(both).collect();
        let (usual, other) = measured.iter().flatten().fold((0.0, 0.0), |(usual, other), row| (usual + row.0, other + row.1));
        // Rows run the same commands: of one that did not run there, the others tell.
        let of_all = if usual > 0.0 { other / usual } else { 1.0 };
        let each = measured.iter().map(|row| row.map_or(of_all, |(usual, other)| other / usual));
        Self { of_all, of_rows: if legs.len() > 1 && usual > 0.0 { each.collect() } else { Vec::new() } }
    }
}

/// What the rows of a job take on each of its machines; nothing where the factor of all tells it.
fn rows_on(rows: &[f64], speeds: &[Speeds]) -> Vec<Vec<f64>> {
    if speeds.iter().all(|speeds| speeds.of_rows.is_empty()) {
        return Vec::new();
    }
    let on = |speeds: &Speeds| {
        let factor = |row: usize| speeds.of_rows.get(row).copied().unwrap_or(speeds.of_all);
        rows.iter().enumerate().map(|(row, work)| work * factor(row)).collect()
    };
    speeds.iter().map(on).collect()
}

/// How much what a row takes varies.
fn variance(model: &Model, leg: &Leg) -> f64 {
    leg.parts.iter().map(|part| model.variance_part(part)).sum()
}
