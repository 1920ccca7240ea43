//! What only the author can do about a plan.

use serde::Serialize;

use std::collections::BTreeSet;

use super::estimate::Estimate;
use super::event::Event;
use super::model::{Job, Model, PartKind};
use super::report::Spared;
use super::spared;
use super::timeline::{difference, duration};
use crate::catalog::library;
use crate::hir::runs::publishes;
use crate::hir::{self, Objective};
use crate::map::IndexMap;
use crate::passes::place;
use crate::plan::{Plan, Role, Work};
use crate::profile::Profile;

/// Something that the author may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The job that it is about.
    pub job: String,
    /// What is the case.
    pub fact: String,
    /// What may be done.
    pub help: String,
}

/// Jobs that start together should end together: beyond this ratio the longer one is worth a split.
const IMBALANCE: f64 = 2.0;
/// What saves less than this is not worth a word, in seconds.
const WORTH: f64 = 60.0;

/// What ends such a part of a run later, or earlier, is worth a word.
const LATER: f64 = 0.25;

/// What stands out in a plan, in its order; of what its model says and what is expected of it.
pub fn suggestions(plan: &Plan, model: &Model, estimate: &Estimate) -> Vec<Suggestion> {
    let mut all = Vec::new();
    for (place, job) in model.jobs.iter().enumerate().filter(|(_, job)| model.holds(&job.guards) > 0.0) {
        let Some(written) = plan.works.get(&job.id).map(|work| &work.job) else { continue };
        // More machines for less time: not for those who ask for the least cost.
        let may_be_more = plan.pipeline.optimize.objective != Objective::Cost && may_come_apart(written);
        let uneven = imbalance(plan, model, estimate, place, job).filter(|_| may_be_more);
        all.extend(uneven.or_else(|| unawaited(model, estimate, place, job).filter(|_| may_be_left_out(plan, written))));
        let of_shards = || shards(model, job).filter(|_| has_number_of_shards(written));
        all.extend(uneven_shards(model, estimate, place, written).or_else(of_shards));
        all.extend(few_at_once(model, estimate, place));
        all.extend(caches(plan, model, job));
    }
    all.extend(plan.of_unknown_rows().map(|job| Suggestion {
        job: job.to_owned(),
        fact: format!("how many rows `{job}` has is known only when it runs: it is counted as one"),
        help: "where they are always the same, write them: `matrix part: core, api, web`".to_owned(),
    }));
    all.extend(place::could_share(plan).into_iter().filter_map(|jobs| apart(plan, model, &jobs)));
    all
}

/// Short jobs that are billed less on one machine, and are alone because it is not known what they do.
fn apart(plan: &Plan, model: &Model, jobs: &[&str]) -> Option<Suggestion> {
    let of = |id: &&str| model.jobs.iter().find(|job| job.id == **id)?.legs.first();
    let is_short = |id: &&&str| of(id).is_some_and(|leg| is_known(leg) && work(model, leg) < leg.machine.billed);
    let short: Vec<&str> = jobs.iter().filter(is_short).copied().collect();
    let first = of(short.first()?)?;
    let each = || short.iter().filter_map(of);
    let billed: f64 = each().map(|leg| leg.machine.billed_seconds(model.mean(leg))).sum();
    let ready = each().map(|leg| model.mean(leg) - work(model, leg)).fold(0.0, f64::max);
    let together = first.machine.billed_seconds(ready + each().map(|leg| work(model, leg)).sum::<f64>());
    if together >= billed {
        return None;
    }
    let script = place::alone_for(plan, &plan.works.get(short[0])?.job)?.trim();
    let names: Vec<String> = short.iter().map(|id| format!("`{id}`")).collect();
    Some(Suggestion {
        job: short[0].to_owned(),
        fact: format!(
            "{} are billed as {} on machines of their own, and would be as {} on one; what `{}` leaves there, and looks at, is not known",
            names.join(", "),
            duration(billed),
            duration(together),
            script.lines().next().unwrap_or_default()
        ),
        help: "say what each `reads`, and `writes` if anything; or `optimize { fuse on }`, where none notices the others"
            .to_owned(),
    })
}

/// Whether a job could be left out of some runs that it is in: not where it is already, nor where all runs are those of a schedule, nor where it has rows, which are
/// all wanted, nor what publishes.
fn may_be_left_out(plan: &Plan, job: &hir::Job) -> bool {
    let is_scheduled = plan.pipeline.triggers.iter().all(|trigger| trigger.event == "schedule");
    let is_meant = job.matrix.is_some() || job.each_step().any(|step| publishes(step).is_some());
    job.when.is_none() && !is_meant && !is_scheduled
}

/// How long a job takes: its longest row.
fn length(model: &Model, job: &Job) -> f64 {
    job.legs.iter().map(|leg| model.mean(leg)).fold(0.0, f64::max)
}

/// Whether it is known how long the author's work in a row takes.
fn is_known(leg: &super::Leg) -> bool {
    leg.parts.iter().filter(|part| part.kind.is_work()).all(|part| part.evidence.is_known())
}

/// The work of the author's in a row.
fn work(model: &Model, leg: &super::Leg) -> f64 {
    model.mean_of(leg, |part| part.kind.is_work())
}

/// Whether its author could make several of a job: not of one that others wait for, that may not run beside itself, or that gives something to others;
/// and where it has shards, there are as many as were asked for.
fn may_come_apart(job: &hir::Job) -> bool {
    let publishes = |step: &hir::Step| publishes(step).is_some();
    let waits = job.locks.is_some() || job.concurrency.written().is_some() || job.environment.is_some();
    // Of shards that write one path, none has all of it.
    let is_one = job.call.is_none() && job.shards.is_none() && job.outputs.is_empty() && job.writes.iter().all(|it| it.merge);
    is_one && !waits && !job.each_step().any(publishes)
}

/// Whether the spec says how many shards a job has. Rows that are asked for by their values are all wanted.
fn has_number_of_shards(job: &hir::Job) -> bool {
    job.matrix.is_none() && job.shards.as_ref().is_some_and(|shards| shards.number().is_some() && !shards.is_chosen)
}

/// A job that all others which start with it wait for at the end.
fn imbalance(plan: &Plan, model: &Model, estimate: &Estimate, place: usize, job: &Job) -> Option<Suggestion> {
    // Few do, and what excludes what takes longer to find out.
    if !estimate.critical.iter().any(|(critical, _)| *critical == place) {
        return None;
    }
    let own = length(model, job);
    let kinds = Event::each(&plan.pipeline);
    let left_out: Vec<BTreeSet<String>> = kinds.iter().map(|kind| kind.left_out(plan)).collect();
    // What excludes it does not start with it.
    let is_with =
        |each: &Job| left_out.is_empty() || left_out.iter().any(|out| !out.contains(&each.id) && !out.contains(&job.id));
    let is_beside =
        |other: usize, each: &Job| other != place && each.needs == job.needs && model.holds(&each.guards) > 0.0 && is_with(each);
    let beside = model.jobs.iter().enumerate().filter(|(other, each)| is_beside(*other, each));
    let (next, other) = beside.map(|(_, each)| (length(model, each), each)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    if !job.legs.iter().all(is_known)
        || !job.members.is_empty()
        || own < IMBALANCE * next
        || own - next < WORTH
        || job.legs.len() > 1
    {
        return None;
    }
    // Each part gets ready anew.
    let parts = (own / next).floor().clamp(2.0, 4.0);
    let spared = job.legs.iter().map(|leg| work(model, leg)).sum::<f64>() * (1.0 - 1.0 / parts);
    if spared < WORTH || spared < own * LATER {
        return None;
    }
    Some(Suggestion {
        job: job.id.clone(),
        fact: format!("`{}` takes {}, and `{}`, which starts with it, {}", job.id, duration(own), other.id, duration(next)),
        help: format!("split it: `shards {parts}`, where its command takes `$SHARD` and `$SHARDS`, or two jobs"),
    })
}

/// A job that no other waits for, and that the run waits for at its end. One that comes when all else is over, as what gives something to others, is meant to.
fn unawaited(model: &Model, estimate: &Estimate, place: usize, job: &Job) -> Option<Suggestion> {
    let judges = |job: &Job| job.legs.iter().flat_map(|leg| &leg.parts).any(|part| part.kind == PartKind::Step(Role::Judge));
    let awaited = model.jobs.iter().any(|later| later.needs.contains(&place) && !judges(later));
    if awaited || !job.legs.iter().all(is_known) || judges(job) || !job.members.is_empty() {
        return None;
    }
    let slots = || estimate.typical.slots.iter();
    let own = || slots().filter(|slot| slot.job == place);
    let (start, end) = own().fold((f64::INFINITY, 0.0f64), |(start, end), slot| (slot.start.min(start), slot.end.max(end)));
    let others =
        slots().filter(|slot| slot.job != place && !judges(&model.jobs[slot.job])).map(|slot| slot.end).fold(0.0, f64::max);
    let later = end - others;
    (others > start + 1.0 && later >= WORTH && later >= LATER * end).then(|| Suggestion {
        job: job.id.clone(),
        fact: format!("no job waits for `{}`, and the run ends {} later for it", job.id, duration(later)),
        help: "let it run only where it matters, by `when`, or in a workflow of its own on a schedule".to_owned(),
    })
}

/// Rows that wait for each other, where that takes longer than anything else that decides how long the run takes.
fn few_at_once(model: &Model, estimate: &Estimate, place: usize) -> Option<Suggestion> {
    let job = &model.jobs[place];
    if job.at_once >= job.legs.len() || !job.legs.iter().all(is_known) {
        return None;
    }
    let takes = |place: usize| {
        let own = estimate.typical.slots.iter().filter(|slot| slot.job == place);
        let (start, end) = own.fold((f64::INFINITY, 0.0f64), |(start, end), slot| (slot.start.min(start), slot.end.max(end)));
        (end - start).max(0.0)
    };
    let (own, alone) = (takes(place), length(model, job));
    let decides = estimate.critical.iter().any(|(critical, _)| *critical == place);
    let is_longest = decides && estimate.critical.iter().all(|(critical, _)| takes(*critical) <= own);
    let later = own - alone;
    (is_longest && later >= WORTH && later >= LATER * estimate.typical.wall).then(|| Suggestion {
        job: job.id.clone(),
        fact: format!(
            "of the {} rows of `{}` {} run at a time, which takes {}, and its longest row {}",
            job.legs.len(),
            job.id,
            job.at_once,
            duration(own),
            duration(alone)
        ),
        help: "a greater `max-parallel`, as far as what they share allows it".to_owned(),
    })
}

/// A shard that all others of its job wait for at the end.
fn uneven_shards(model: &Model, estimate: &Estimate, place: usize, written: &hir::Job) -> Option<Suggestion> {
    let job = &model.jobs[place];
    let decides = estimate.critical.iter().any(|(critical, _)| *critical == place);
    let (all, longest) = (job.legs.iter().map(|leg| model.mean(leg)).sum::<f64>(), length(model, job));
    let others = (all - longest) / (job.legs.len().max(2) - 1) as f64;
    let is_even = longest < IMBALANCE * others || longest - others < WORTH;
    if written.shards.is_none() || job.legs.len() < 2 || !job.legs.iter().all(is_known) || !decides || is_even {
        return None;
    }
    Some(Suggestion {
        job: job.id.clone(),
        fact: format!(
            "the longest of the {} shards of `{}` takes {}, and the others {} in the mean",
            job.legs.len(),
            job.id,
            duration(longest),
            duration(others)
        ),
        help: "deal out its work by how long each part takes, or in smaller parts".to_owned(),
    })
}

/// Shards that take longer to begin than to work.
fn shards(model: &Model, job: &Job) -> Option<Suggestion> {
    let count = job.legs.len().max(1) as f64;
    let mean = |of: &dyn Fn(&super::Leg) -> f64| job.legs.iter().map(of).sum::<f64>() / count;
    let (work, all) = (mean(&|leg| work(model, leg)), mean(&|leg| model.mean(leg)));
    if !job.legs.iter().all(is_known) || job.legs.len() < 2 || work >= all - work {
        return None;
    }
    Some(Suggestion {
        job: job.id.clone(),
        fact: format!(
            "each of the {} shards of `{}` works for {} and gets ready for {}",
            job.legs.len(),
            job.id,
            duration(work),
            duration(all - work)
        ),
        help: "fewer shards take less in all".to_owned(),
    })
}

/// How long the caches of a row take to restore, and how long the installs take in the mean that are left out where they have all of them. None where that was
/// not measured, or nothing is left out: what an install that always runs would take without the cache, nobody measured.
fn balance(model: &Model, leg: &super::Leg) -> Option<(f64, f64)> {
    let of = |role: Role| leg.parts.iter().filter(move |part| part.kind == PartKind::Step(role));
    let measured = of(Role::Restore).chain(of(Role::Install)).all(|part| part.evidence.is_known());
    let restore: f64 = of(Role::Restore).map(|part| model.mean_part(part)).sum();
    let saved: f64 = of(Role::Install).map(|part| part.time.mean() * (1.0 - model.share(part.on))).sum();
    (measured && saved > 0.0).then_some((restore, saved))
}

/// Caches that take more than they spare, all together, where it was measured how long they take to restore.
pub(super) fn no_caches(plan: &Plan, spared: &Spared) -> Option<Suggestion> {
    let is_measured = spared.grounds.iter().any(|ground| ground.what == spared::RESTORING && ground.evidence.is_known());
    let costs = spared.dollars.is_none_or(|dollars| dollars <= 0.0);
    if !is_measured || spared.wall_seconds > -1.0 || !costs {
        return None;
    }
    let (job, work) = plan.works.iter().find(|(_, work)| work.layers.iter().any(|layer| layer.toolchain.is_some()))?;
    let toolchain = switched(work).map(|toolchain| format!("`toolchain {toolchain} {{ cached: off }}` or "));
    Some(Suggestion {
        job: job.clone(),
        fact: format!("the caches take more than they spare: with them {}", difference(spared.wall_seconds, spared.dollars)),
        help: format!("measure a few runs with {}`optimize {{ cache off }}`", toolchain.unwrap_or_default()),
    })
}

/// Jobs that are in no run together, where all are meant: what they come to together no run does.
pub(super) fn never_together(plan: &Plan, event: &Event) -> Option<Suggestion> {
    let (kinds, all_run) = Event::kinds(plan);
    if all_run || !event.name.is_empty() {
        return None;
    }
    let jobs = left_out_of(plan, &kinds);
    let options = options(kinds.iter());
    Some(Suggestion {
        job: (*jobs.first()?).to_owned(),
        fact: format!("{EXCLUDED}: {}", jobs.join(", ")),
        help: format!("{} show what a run comes to", options.join(" and ")),
    })
}

const EXCLUDED: &str = "no run has all jobs, as the conditions of some exclude each other";

/// Of the kinds of runs of which none has all jobs, the one that leaves out the fewest, the first of several; and that the numbers are its.
pub(super) fn largest_kind(plan: &Plan) -> Option<(Event, Suggestion)> {
    let (kinds, all_run) = Event::kinds(plan);
    let kind = kinds.iter().filter(|_| !all_run).min_by_key(|kind| kind.left_out(plan).len())?;
    let jobs = left_out_of(plan, &kinds);
    let out = left_out_of(plan, std::slice::from_ref(kind));
    let others = options(kinds.iter().filter(|other| other.name != kind.name));
    let help = if others.is_empty() {
        format!("`--event {}` shows all of its runs together", kind.name)
    } else {
        format!("{} for the others", others.join(" and "))
    };
    let fact =
        format!("{EXCLUDED}: {}; the numbers are those of runs on `{}`, without {}", jobs.join(", "), kind.name, out.join(", "));
    Some((kind.clone(), Suggestion { job: (*jobs.first()?).to_owned(), fact, help }))
}

/// The jobs that are in none of the runs of some kinds, in the order of the spec.
fn left_out_of<'p>(plan: &'p Plan, kinds: &[Event]) -> Vec<&'p str> {
    let jobs: BTreeSet<String> = kinds.iter().flat_map(|kind| kind.left_out(plan)).collect();
    let ids = plan.works.iter().flat_map(|(id, work)| work.members.iter().map(|member| &member.id).chain([id]));
    ids.filter(|id| jobs.contains(*id)).map(String::as_str).collect()
}

/// What is asked for to see each of these kinds.
fn options<'k>(kinds: impl Iterator<Item = &'k Event>) -> Vec<String> {
    let mut options: Vec<String> = kinds.map(|kind| format!("`--event {}`", kind.name)).collect();
    options.dedup();
    options
}

/// Jobs that were measured on other machines than they are written for: nobody knows how long they take there. Of machines that are chosen each decision says it.
pub(super) fn measured_elsewhere(model: &Model, profile: &Profile, chosen: impl Fn(&str) -> bool) -> Vec<Suggestion> {
    let mut by: IndexMap<(&str, &str), Vec<&str>> = IndexMap::default();
    for job in model.jobs.iter().filter(|job| job.members.is_empty() && !chosen(&job.id)) {
        let Some(leg) = job.legs.first() else { continue };
        let now = leg.machine.labels.as_str();
        if let Some((measured, _)) = profile.of(&leg.id, now).filter(|(measured, _)| *measured != now) {
            by.entry((measured, now)).or_default().push(&job.id);
        }
    }
    let say = |((measured, now), jobs): ((&str, &str), Vec<&str>)| Suggestion {
        job: jobs[0].to_owned(),
        fact: format!("measured on `{measured}` alone, and on `{now}` now: {}", jobs.join(", ")),
        help: "a few runs there, and `pipelay profile fetch`, tell how long they take".to_owned(),
    };
    by.into_iter().map(say).collect()
}

/// A toolchain of a job whose cache may be switched off alone.
fn switched(work: &Work) -> Option<&str> {
    let may_be = |toolchain: &&str| {
        let entry = library::find(library::Kind::Toolchain, toolchain);
        entry.is_some_and(|(entry, _)| entry.has_parameter("cached"))
    };
    work.layers.iter().filter_map(|layer| layer.toolchain.as_deref()).find(may_be)
}

/// A cache that takes longer than what it saves.
fn caches(plan: &Plan, model: &Model, job: &Job) -> Option<Suggestion> {
    let (restore, saved) = balance(model, job.legs.first()?).filter(|(restore, saved)| restore > saved)?;
    // Those of the others are left as they are, where they pay.
    let all = model.jobs.iter().flat_map(|job| &job.legs).filter_map(|leg| balance(model, leg));
    let pay = all.map(|(restore, saved)| saved - restore).sum::<f64>() > 0.0;
    let work = plan.works.get(&job.id)?;
    let help = match switched(work) {
        Some(toolchain) => {
            format!("a cache that does not pay is left out by `toolchain {toolchain} {{ cached: off }}` in that job")
        }
        None if pay => return None,
        None => "a cache that does not pay is left out by `optimize { cache off }`".to_owned(),
    };
    Some(Suggestion {
        job: job.id.clone(),
        fact: format!(
            "`{}` restores its caches for {}, and in the mean that saves {} of installs",
            job.id,
            duration(restore),
            duration(saved)
        ),
        help,
    })
}
