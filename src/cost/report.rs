//! A plan before and after the passes, in numbers: what `pipelay plan` shows, and prints as JSON.

use serde::Serialize;

use super::Behind;
use super::estimate::{Estimate, Expected, Failing};
use super::event::Event;
use super::machine::{self, Visibility};
use super::model::{Job, Leg, Model, model_on};
use super::spared;
use super::suggest::{Suggestion, largest_kind, measured_elsewhere, never_together, no_caches, suggestions};
use super::{Evidence, Part, estimate};
use crate::Compilation;
use crate::expr::Expr;
use crate::hir::By;
use crate::map::IndexMap;
use crate::passes::{self, Decision, Ground};
use crate::plan::Plan;
use crate::profile::{Changes, Measured, Profile, Times};

/// A plan as it was written, and as it is compiled to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The path of the spec.
    pub spec: String,
    /// The event whose runs these are; none where all runs are meant.
    pub event: Option<String>,
    /// As it was written: a machine for each task, and what must be there.
    pub written: Side,
    /// With what the passes did.
    pub optimised: Side,
    /// The plans of `optimize by`, by name, where it is not known which of them its runs have: what they come to where they are chosen.
    pub alternatives: IndexMap<String, Side>,
    /// The runs that have none of them, where there are such.
    pub usual: Option<Side>,
    /// Which share of the runs has each of these plans, where the events of runs were counted and each says which it has.
    pub shares: Option<IndexMap<String, f64>>,
    /// An event that was counted and may have several of them.
    pub undecided: Option<String>,
    /// The one that its runs have, where that is known and is not the usual one.
    pub chosen: Option<String>,
    /// What they decided.
    pub decisions: Vec<Decision>,
    /// For which repositories, where those are not the ones that the two sides are of: what decisions save is by the prices there.
    pub decided_for: Option<Visibility>,
    /// What all caches spare: a plan without them, where there are some.
    pub uncached: Option<Side>,
    /// What the author may do.
    pub suggestions: Vec<Suggestion>,
    /// How many runs there are in thirty days, where that was measured.
    pub per_month: Option<f64>,
    /// How many runs were measured, and on which day the newest began.
    pub measured: Option<(f64, String)>,
    /// How many pushes touched what each job reads, where git was asked.
    pub changes: IndexMap<String, Changes>,
    /// Runs that took so much longer than all others that no number here rests on them: of each job the longest, in seconds.
    pub accidents: IndexMap<String, f64>,
}

/// One of the two.
#[derive(Debug, Clone)]
pub struct Side {
    /// What runs.
    pub model: Model,
    /// What to expect of it.
    pub estimate: Estimate,
}

impl Side {
    fn of(plan: &Plan, profile: &Profile, visibility: Visibility, event: &Event) -> Self {
        let model = model_on(plan, profile, visibility, event);
        let estimate = estimate(&model);
        Self { model, estimate }
    }

    /// The rows that decide how long the run takes, first to last.
    pub fn critical(&self) -> Vec<&str> {
        self.estimate.critical.iter().map(|&(job, leg)| self.model.jobs[job].legs[leg].id.as_str()).collect()
    }

    /// The jobs that never run.
    pub fn left_out(&self) -> Vec<String> {
        let never = |job: &&Job| self.model.holds(&job.guards) <= 0.0 || !job.failures.behind.success();
        self.model.jobs.iter().filter(never).map(Job::shown).collect()
    }

    /// In which share of the runs a row runs: one for failures, as often as it did in the runs that were played.
    fn share(&self, job: usize, place: usize) -> f64 {
        let own = &self.model.jobs[job];
        let holds = self.model.holds(&own.guards);
        if own.failures.behind.success() { holds } else { holds.min(self.estimate.ran[job][place]) }
    }

    /// Whether it is known of all its machines what they cost.
    pub fn has_prices(&self) -> bool {
        self.model.jobs.iter().flat_map(|job| &job.legs).all(|leg| leg.machine.price.is_some())
    }

    /// What a run costs in the mean of all runs: those in which a job is left out cost less.
    pub fn dollars_a_run(&self) -> f64 {
        // What is left out by a condition, or behind a failure, is left out in the runs that were played.
        let ran = |job: usize, place: usize| self.estimate.ran[job][place];
        let cost =
            |(job, place, leg, expected): (usize, usize, &Leg, Expected)| leg.machine.cost(expected.mean) * ran(job, place);
        // Rows differ; and how often one runs that asks how others ended is not known otherwise. What runs always may not have been there from the beginning.
        let share = |(job, place, leg, _): (usize, usize, &Leg, Expected)| {
            let most = match self.model.jobs[job].failures.behind {
                Behind::Success => self.model.jobs[job].legs.iter().map(|leg| leg.share).fold(0.0, f64::max),
                _ => ran(job, place),
            };
            if most > 0.0 { (leg.share / most).min(1.0) } else { 1.0 }
        };
        let all: f64 = self.legs().map(cost).sum();
        let weighed: f64 = self.legs().map(|leg| cost(leg) * share(leg)).sum();
        if all > 0.0 { self.estimate.dollars_of_all * weighed / all } else { 0.0 }
    }

    /// Its rows, each with what is expected of it.
    fn legs(&self) -> impl Iterator<Item = (usize, usize, &Leg, Expected)> {
        let expected = |job: usize, leg: usize| self.estimate.legs.get(job).and_then(|legs| legs.get(leg)).copied();
        self.model.jobs.iter().enumerate().flat_map(move |(job, each)| {
            each.legs.iter().enumerate().map(move |(place, leg)| (job, place, leg, expected(job, place).unwrap_or_default()))
        })
    }
}

/// The report on all runs of a compilation without errors. Where none has all jobs, and none was measured, it is of the kind that has most of them: what all
/// jobs come to together, no run does.
pub fn report_of_all(compilation: &Compilation, visibility: Visibility) -> Report {
    let plan = &compilation.plan;
    // Which of its plans a kind of runs has is told by `optimize by` itself.
    let kind = largest_kind(plan).filter(|_| compilation.profile.jobs.is_empty() && by_of(plan).is_none());
    let Some((kind, told)) = kind else { return report(compilation, visibility, &Event::default()) };
    let mut report = report(compilation, visibility, &kind);
    report.suggestions.push(told);
    report
}

/// The report on a compilation without errors: of all runs, or of those of an event.
pub fn report(compilation: &Compilation, visibility: Visibility, event: &Event) -> Report {
    let (profile, plan) = (&compilation.profile, &compilation.plan);
    let side = |plan: &Plan| Side::of(plan, profile, visibility, event);
    let choice = Choice::of(plan, event);
    let under = if let Choice::Known(name) = &choice { Some(plan.under(name)) } else { None };
    let own = under.as_ref().unwrap_or(plan);
    let optimised = side(own);
    // Each by the runs that have it, as far as the event leaves that open.
    let by = by_of(plan).filter(|_| choice == Choice::Unknown);
    let alternatives = by.into_iter().flat_map(|by| &by.alternatives).filter_map(|(name, alternative)| {
        let own = if event.name.is_empty() { Event::where_holds(&plan.pipeline, &alternative.is)? } else { event.clone() };
        Some((name.clone(), Side::of(&plan.under(name), profile, visibility, &own)))
    });
    let alternatives: IndexMap<String, Side> = alternatives.collect();
    let usual = by_of(plan).filter(|_| event.name.is_empty() && !alternatives.is_empty()).and_then(|by| {
        let conditions = by.alternatives.values().map(|alternative| alternative.is.clone().negated());
        Some(Side::of(plan, profile, visibility, &Event::where_holds(&plan.pipeline, &Expr::and(conditions.collect()))?))
    });
    let of_event = |name: &str| profile.shares().find(|(event, _)| *event == name).map(|(_, share)| share);
    let share = if event.name.is_empty() || !event.among_others { Some(1.0) } else { of_event(&event.name) };
    let mut report = Report {
        spec: plan.pipeline.path.clone(),
        event: (!event.name.is_empty()).then(|| event.name.clone()),
        written: side(&passes::as_written(&compilation.written)),
        alternatives,
        usual,
        decisions: compilation.ledger.decisions.clone(),
        decided_for: Some(machine::visibility(plan)).filter(|own| *own != visibility),
        suggestions: suggestions(own, &optimised.model, &optimised.estimate),
        per_month: profile.per_month.zip(share).map(|(runs, share)| tenth(runs * share)),
        shares: shares(plan, profile).filter(|_| event.name.is_empty()),
        undecided: undecided(plan, profile),
        measured: (profile.runs > 0.0)
            .then(|| (profile.counted(), profile.newest.split('T').next().unwrap_or_default().to_owned())),
        changes: compilation.written.works.keys().filter_map(|job| Some((job.clone(), *profile.changes.get(job)?))).collect(),
        accidents: accidents(&optimised.model, profile),
        uncached: spared::without_caches(own).as_ref().map(side),
        chosen: if let Choice::Known(name) = choice { Some(name) } else { None },
        optimised,
    };
    report.suggestions.extend(never_together(own, event).filter(|_| profile.jobs.is_empty()));
    let is_chosen = |job: &str| report.decisions.iter().any(|decision| decision.what.starts_with(&format!("runs `{job}` on ")));
    let elsewhere = measured_elsewhere(&report.optimised.model, profile, is_chosen);
    report.suggestions.extend(elsewhere);
    // Of the caches of one job it may be said already.
    let is_told = report.suggestions.iter().any(|suggestion| suggestion.help.contains("a cache that does not pay"));
    report.suggestions.extend(report.spared_by_caches().filter(|_| !is_told).and_then(|spared| no_caches(own, &spared)));
    report
}

/// The jobs of which a run took so much longer than the others that it is left out: how long, or how long the step of it that did. What differs by less than
/// GitHub's own steps do is not worth a word.
fn accidents(model: &Model, profile: &Profile) -> IndexMap<String, f64> {
    let longest = |measured: &Measured| {
        let all = measured.whole.iter().chain(measured.steps.values().map(|step| &step.times));
        let of = |times: &Times| times.seen.accidents().filter(|seconds| *seconds >= times.p90 + NOTABLE).fold(0.0, f64::max);
        all.map(of).fold(0.0, f64::max)
    };
    let mut by: IndexMap<&str, f64> = IndexMap::default();
    for (task, machines) in &profile.jobs {
        // Rows and shards are of their job.
        let own = by.entry(task.split('[').next().unwrap_or(task)).or_default();
        *own = machines.values().map(longest).fold(*own, f64::max);
    }
    let of_job = |job: &str| by.get(job).copied().filter(|seconds| *seconds > 0.0).map(|seconds| (job.to_owned(), seconds));
    super::show::names(model.jobs.iter()).into_iter().filter_map(of_job).collect()
}

/// In seconds.
const NOTABLE: f64 = 10.0;

/// The plans among which run time chooses.
fn by_of(plan: &Plan) -> Option<&By> {
    plan.pipeline.optimize.by.as_ref().filter(|_| !plan.pipeline.optimize.is_off("place"))
}

/// Which share of the runs has each plan of `optimize by`: that of the events all of whose runs have it. None where no events were counted, or of one of them it
/// is not known which plan its runs have.
fn shares(plan: &Plan, profile: &Profile) -> Option<IndexMap<String, f64>> {
    let mut shares: IndexMap<String, f64> = IndexMap::default();
    for (name, share) in profile.shares() {
        match Event::of(&plan.pipeline, name).map(|event| Choice::of(plan, &event)) {
            Some(Choice::Known(chosen)) => *shares.entry(chosen).or_default() += share,
            Some(Choice::Unknown) => return None,
            Some(Choice::Usual) | None => {}
        }
    }
    (!profile.events.is_empty()).then_some(shares)
}

/// An event that was counted, and may have several plans of `optimize by`.
fn undecided(plan: &Plan, profile: &Profile) -> Option<String> {
    let is_open = |name: &str| Event::of(&plan.pipeline, name).is_some_and(|event| Choice::of(plan, &event) == Choice::Unknown);
    profile.shares().map(|(name, _)| name).find(|name| is_open(name)).map(str::to_owned)
}

/// Which of the plans of `optimize by` runs have.
#[derive(PartialEq)]
enum Choice {
    /// None of them.
    Usual,
    Known(String),
    /// That is not known of all.
    Unknown,
}

impl Choice {
    fn of(plan: &Plan, event: &Event) -> Self {
        let Some(by) = &plan.pipeline.optimize.by else { return Self::Usual };
        for (name, alternative) in &by.alternatives {
            match event.decides(&alternative.is) {
                Some(true) => return Self::Known(name.clone()),
                Some(false) => {}
                None => return Self::Unknown,
            }
        }
        Self::Usual
    }
}

/// A plan in JSON.
#[derive(Serialize)]
pub(super) struct SideJson<'a> {
    wall_seconds: Expected,
    billed_seconds: Expected,
    dollars: Option<Expected>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_of_runs: Option<f64>,
    dollars_per_month: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing: Option<FailingJson>,
    busy: f64,
    critical_path: Vec<&'a str>,
    machines: Vec<MachineJson<'a>>,
}

/// The runs in which something fails, in JSON.
#[derive(Serialize)]
struct FailingJson {
    share: f64,
    wall_seconds: f64,
    dollars: Option<f64>,
}

/// What one machine does, in JSON.
#[derive(Serialize)]
struct MachineJson<'a> {
    task: &'a str,
    runner: &'a str,
    dollars_per_minute: Option<f64>,
    needs: Vec<&'a str>,
    seconds: Expected,
    share: f64,
    start: f64,
    end: f64,
    parts: Vec<PartJson<'a>>,
}

/// A part of that, in JSON.
#[derive(Serialize)]
struct PartJson<'a> {
    name: &'a str,
    kind: super::PartKind,
    p50: f64,
    p90: f64,
    share: f64,
    evidence: Evidence,
}

/// What caches spare, in seconds and US dollars; below zero where they take more.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Spared {
    pub(super) wall_seconds: f64,
    pub(super) dollars: Option<f64>,
    pub(super) grounds: Vec<Ground>,
}

/// All of a report, in JSON.
#[derive(Serialize)]
struct ReportJson<'a> {
    spec: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    runs_measured: f64,
    runs_per_month: Option<f64>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    changes: &'a IndexMap<String, Changes>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    accidents: &'a IndexMap<String, f64>,
    written: SideJson<'a>,
    optimised: SideJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<&'a str>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    alternatives: IndexMap<&'a str, SideJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spared_by_caches: Option<Spared>,
    decisions: &'a [Decision],
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_for: Option<Visibility>,
    suggestions: &'a [Suggestion],
}

impl Report {
    /// What all runs of thirty days cost, as compiled; none where it is not known how many there are, or which plans they have.
    pub fn dollars_a_month(&self) -> Option<f64> {
        let usual = self.usual.as_ref().unwrap_or(&self.optimised).dollars_a_run();
        let others = self.alternatives.iter().map(|(name, side)| Some(self.share(name)? * (side.dollars_a_run() - usual)));
        Some(self.per_month? * (usual + others.sum::<Option<f64>>()?))
    }

    /// Which share of the runs has a plan of `optimize by`.
    fn share(&self, plan: &str) -> Option<f64> {
        self.shares.as_ref().map(|shares| shares.get(plan).copied().unwrap_or_default())
    }

    /// What all caches together spare a run in the mean; none without any.
    pub(super) fn spared_by_caches(&self) -> Option<Spared> {
        let uncached = self.uncached.as_ref()?;
        let (without, with) = (&uncached.estimate, &self.optimised.estimate);
        let (wall_seconds, dollars) = (without.wall.mean - with.wall.mean, without.dollars.mean - with.dollars.mean);
        let grounds = spared::grounds(&self.optimised.model, &uncached.model);
        let dollars = self.optimised.has_prices().then(|| (dollars * 1e4).round() / 1e4);
        Some(Spared { wall_seconds: tenth(wall_seconds), dollars, grounds })
    }

    /// All of it as one line of JSON; seconds, and US dollars.
    pub fn json(&self) -> String {
        let json = ReportJson {
            spec: &self.spec,
            event: self.event.as_deref(),
            runs_measured: self.measured.as_ref().map_or(0.0, |(runs, _)| *runs),
            runs_per_month: self.per_month,
            changes: &self.changes,
            accidents: &self.accidents,
            written: side_json(&self.written, self.per_month.map(|runs| runs * self.written.dollars_a_run())),
            optimised: self.compiled(),
            chosen: self.chosen.as_deref(),
            alternatives: self.alternatives.iter().map(|(name, side)| (name.as_str(), self.alternative(name, side))).collect(),
            spared_by_caches: self.spared_by_caches(),
            decisions: &self.decisions,
            decided_for: self.decided_for,
            suggestions: &self.suggestions,
        };
        // Numbers and texts alone: that cannot fail.
        serde_json::to_string(&json).unwrap_or_default()
    }

    /// What it is compiled to.
    pub(super) fn compiled(&self) -> SideJson<'_> {
        side_json(&self.optimised, self.dollars_a_month())
    }

    /// One of the plans of `optimize by`.
    pub(super) fn alternative<'a>(&self, name: &str, side: &'a Side) -> SideJson<'a> {
        let share = self.share(name);
        let month = self.per_month.zip(share).map(|(runs, share)| runs * share * side.dollars_a_run());
        SideJson { share_of_runs: share.map(thousandth), ..side_json(side, month) }
    }
}

/// A plan, and what its runs of thirty days cost.
fn side_json(side: &Side, month: Option<f64>) -> SideJson<'_> {
    let Side { model, estimate } = side;
    let slot = |job: usize, leg: usize| estimate.typical.slots.iter().find(|slot| (slot.job, slot.leg) == (job, leg));
    let machines = side.legs().map(|(job, place, leg, seconds)| MachineJson {
        task: &leg.id,
        runner: &leg.machine.label,
        dollars_per_minute: leg.machine.price,
        needs: model.jobs[job].needs.iter().map(|&need| model.jobs[need].id.as_str()).collect(),
        seconds: seconds.rounded(),
        share: thousandth(side.share(job, place)),
        start: slot(job, place).map_or(0.0, |slot| tenth(slot.start)),
        end: slot(job, place).map_or(0.0, |slot| tenth(slot.end)),
        parts: leg.parts.iter().map(|part| part_json(model, part)).collect(),
    });
    SideJson {
        wall_seconds: estimate.wall.rounded(),
        billed_seconds: estimate.billed.rounded(),
        dollars: side.has_prices().then(|| estimate.dollars.rounded()),
        share_of_runs: None,
        dollars_per_month: month.filter(|_| side.has_prices()).map(|dollars| (dollars * 100.0).round() / 100.0),
        failing: estimate.failing.map(|Failing { share, wall, dollars }| FailingJson {
            share: thousandth(share),
            wall_seconds: tenth(wall),
            dollars: side.has_prices().then(|| (dollars * 1e4).round() / 1e4),
        }),
        busy: thousandth(estimate.busy),
        critical_path: side.critical(),
        machines: machines.collect(),
    }
}

fn part_json<'a>(model: &Model, part: &'a Part) -> PartJson<'a> {
    let longest = part.limit.map_or(f64::INFINITY, |limit| limit.seconds);
    PartJson {
        name: &part.name,
        kind: part.kind,
        p50: tenth(part.time.p50.min(longest)),
        p90: tenth(part.time.p90.min(longest)),
        share: thousandth(model.share(part.on) * model.holds(&part.guards)),
        evidence: part.evidence,
    }
}

fn thousandth(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

fn tenth(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
