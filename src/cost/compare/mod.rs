//! A spec now and as it was, in numbers: what `pipelay plan --diff` shows.
//!
//! Both rest on the same evidence, so that what differs comes from the spec. [`text`] is for terminals, [`mod@markdown`] for comments on pull requests.

mod json;
pub mod markdown;
pub mod text;

use super::model::{Job, Model, PartKind};
use super::report::{Report, Side};
use super::timeline::{duration, money};
use crate::map::IndexMap;
use crate::passes::Decision;
use crate::plan::Role;

/// A spec now and as it was; of the two at least one is there.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The path of the spec.
    pub spec: String,
    /// What the past is called: the revision that was asked for.
    pub revision: String,
    /// As it was; none where it was not there, started nothing, or had errors.
    pub before: Option<Report>,
    /// Whether the revision has it.
    pub was_there: bool,
    /// How many errors it had then.
    pub errors_before: usize,
    /// Whether it is there.
    pub is_there: bool,
    /// As it is; none where it is gone, or starts nothing.
    pub now: Option<Report>,
}

/// A number of both, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// What it is called.
    pub name: &'static str,
    /// As it was, in whole units.
    pub before: Option<f64>,
    /// As it is, in whole units.
    pub now: Option<f64>,
    show: fn(f64) -> String,
}

/// What differs by less is not told from chance: a run is played four hundred times.
const CHANCE: f64 = 0.02;

impl Quantity {
    /// As it was, as it is, and what became of it, for people: `5m 10s`, `4m 02s`, `-1m 08s (-22 %)`.
    pub fn shown(&self) -> [String; 3] {
        let one = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), self.show);
        [one(self.before), one(self.now), self.difference()]
    }

    fn difference(&self) -> String {
        let Some((before, now)) = self.before.zip(self.now) else { return "-".to_owned() };
        let by = now - before;
        if by == 0.0 {
            return "same".to_owned();
        }
        if by.abs() < CHANCE * before {
            return "about the same".to_owned();
        }
        let sign = if by < 0.0 { '-' } else { '+' };
        let percent = if before > 0.0 { format!(" ({:+.0} %)", by / before * 100.0) } else { String::new() };
        format!("{sign}{}{percent}", (self.show)(by.abs()))
    }
}

/// What became of a job of the workflow.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct JobChange {
    /// Its id.
    pub job: String,
    /// As it was; none where it is new.
    pub before: Option<JobFacts>,
    /// As it is; none where it is gone.
    pub now: Option<JobFacts>,
}

/// What of a job is compared.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct JobFacts {
    /// The jobs of the spec that run in it.
    pub members: Vec<String>,
    /// Where its rows run, each machine once.
    pub runners: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// The mean of its longest row, in seconds, to the tenth.
    pub seconds: f64,
    /// In which share of the runs it runs, to the thousandth.
    pub share: f64,
    #[serde(skip)]
    judges: bool,
}

impl JobFacts {
    fn of(model: &Model, job: &Job) -> Self {
        let runners: IndexMap<String, ()> = job.legs.iter().map(|leg| (leg.machine.label.clone(), ())).collect();
        let longest = job.legs.iter().map(|leg| model.mean(leg)).fold(0.0, f64::max);
        Self {
            members: job.members.clone(),
            runners: runners.into_keys().collect(),
            rows: job.legs.len(),
            needs: job.needs.iter().map(|&need| model.jobs[need].id.clone()).collect(),
            seconds: (longest * 10.0).round() / 10.0,
            share: (model.holds(&job.guards) * 1000.0).round() / 1000.0,
            judges: job.legs.iter().flat_map(|leg| &leg.parts).any(|part| part.kind == PartKind::Step(Role::Judge)),
        }
    }

    /// All that may run.
    fn all(side: &Side) -> IndexMap<&str, Self> {
        let run = side.model.jobs.iter().filter(|job| side.model.holds(&job.guards) > 0.0);
        run.map(|job| (job.id.as_str(), Self::of(&side.model, job))).collect()
    }

    /// What of it is told, each with the words before and behind it.
    fn told(&self) -> [(&'static str, String, &'static str); 5] {
        // A gate waits for all jobs, which goes without saying.
        let needs = if self.judges || self.needs.is_empty() { "nothing".to_owned() } else { self.needs.join(", ") };
        [
            ("", duration(self.seconds), ""),
            ("on ", self.runners.join(", "), ""),
            ("rows: ", self.rows.to_string(), ""),
            ("after ", needs, ""),
            ("in ", format!("{:.0} %", self.share * 100.0), " of runs"),
        ]
    }
}

impl JobChange {
    /// `+` for a new one, `-` for one that is gone, `~` for one that is not as it was.
    pub fn sign(&self) -> char {
        match (&self.before, &self.now) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        }
    }

    /// What became of it: `4m 58s -> 2m 31s; after build -> nothing`. Empty where it is as it was.
    pub fn says(&self) -> String {
        let usual = |of: &str, told: &str| matches!((of, told), ("rows: ", "1") | ("after ", "nothing") | ("in ", "100 %"));
        match (&self.before, &self.now) {
            (Some(before), Some(now)) => {
                let both = before.told().into_iter().zip(now.told()).filter(|(before, now)| before != now);
                both.map(|((of, before, unit), (_, now, _))| format!("{of}{before} -> {now}{unit}"))
                    .collect::<Vec<_>>()
                    .join("; ")
            }
            (one, other) => {
                let told = one.iter().chain(other).flat_map(JobFacts::told).filter(|(of, told, _)| !usual(of, told));
                told.map(|(of, told, unit)| format!("{of}{told}{unit}")).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// A plan of `optimize by`, before and now.
#[derive(Debug, Clone, Copy)]
pub struct Alternative<'a> {
    /// Its name.
    pub name: &'a str,
    reports: [Option<&'a Report>; 2],
    sides: [Option<&'a Side>; 2],
}

impl Alternative<'_> {
    /// Times and money of a run that has it.
    pub fn quantities(&self) -> Vec<Quantity> {
        of_a_run(self.sides)
    }

    /// The jobs that are not as they were in it.
    pub fn jobs(&self) -> Vec<JobChange> {
        changes(self.sides)
    }

    /// Whether it is as it was.
    fn is_same(&self) -> bool {
        self.jobs().is_empty() && self.quantities().iter().all(|quantity| quantity.before == quantity.now)
    }
}

/// Times, minutes and money of a run, and how many fail, before and now.
fn of_a_run(sides: [Option<&Side>; 2]) -> Vec<Quantity> {
    let of = |name, unit, show: fn(f64) -> String, number: fn(&Side) -> f64| {
        quantity(name, unit, show, sides.map(|side| side.map(number)))
    };
    let mut all = vec![
        of("mean", 1.0, duration, |side| side.estimate.wall.mean),
        of("p90", 1.0, duration, |side| side.estimate.wall.p90),
        of("billed", 60.0, minutes, |side| side.estimate.billed.mean),
    ];
    all.extend(have_prices(sides).then(|| of("a run", MILL, money, |side| side.estimate.dollars.mean)));
    let fail = of("fail", 0.01, of_a_hundred, |side| side.estimate.failing.map_or(0.0, |failing| failing.share));
    let any_fails = fail.before.into_iter().chain(fail.now).any(|share| share > 0.0);
    all.extend(any_fails.then_some(fail));
    all
}

/// Whether both have prices, as far as they are there: what has none is not to be compared.
fn have_prices(sides: [Option<&Side>; 2]) -> bool {
    sides.into_iter().flatten().all(Side::has_prices)
}

/// Rounded before they are compared, so that the difference is that of what is shown.
fn quantity(name: &'static str, unit: f64, show: fn(f64) -> String, both: [Option<f64>; 2]) -> Quantity {
    let [before, now] = both.map(|number| number.map(|it| (it / unit).round() * unit));
    Quantity { name, before, now, show }
}

/// The jobs that are not as they were, in the order in which they are now, those that are gone at the end. None where there is only one of the two.
fn changes(sides: [Option<&Side>; 2]) -> Vec<JobChange> {
    let [Some(before), Some(now)] = sides else { return Vec::new() };
    let (mut old, new) = (JobFacts::all(before), JobFacts::all(now));
    let mut changes = Vec::new();
    for (job, now) in new {
        let change = JobChange { job: job.to_owned(), before: old.shift_remove(job), now: Some(now) };
        if !change.says().is_empty() {
            changes.push(change);
        }
    }
    changes.extend(old.into_iter().map(|(job, facts)| JobChange { job: job.to_owned(), before: Some(facts), now: None }));
    changes
}

impl Comparison {
    fn reports(&self) -> [Option<&Report>; 2] {
        [self.before.as_ref(), self.now.as_ref()]
    }

    /// The plans of `optimize by`, those that are new or gone included, as far as they are not as they were.
    pub fn alternatives(&self) -> Vec<Alternative<'_>> {
        let reports = self.reports();
        let names: IndexMap<&str, ()> = reports
            .into_iter()
            .rev()
            .flatten()
            .flat_map(|report| report.alternatives.keys())
            .map(|name| (name.as_str(), ()))
            .collect();
        let of = |name: &str| reports.map(|report| report?.alternatives.get(name));
        let all = names.into_keys().map(|name| Alternative { name, reports, sides: of(name) });
        all.filter(|plan| !plan.is_same()).collect()
    }

    /// Whether one of the two is not there, so that there is nothing to compare with.
    pub fn is_one_sided(&self) -> bool {
        self.before.is_none() || self.now.is_none()
    }

    /// Times, minutes and money of a run, and money of a month where it is known how many runs there are.
    pub fn quantities(&self) -> Vec<Quantity> {
        let reports = self.reports();
        let sides = reports.map(|report| report.map(|report| &report.optimised));
        let mut all = of_a_run(sides);
        let month = reports.map(|report| report.filter(|_| have_prices(sides)).and_then(Report::dollars_a_month));
        all.push(quantity("a month", MILL, money, month));
        all.retain(|quantity| quantity.before.or(quantity.now).is_some());
        all
    }

    /// The jobs of the workflow that are not as they were, in the order in which they are now, those that are gone at the end. None where there is only
    /// one of the two.
    pub fn jobs(&self) -> Vec<JobChange> {
        changes(self.reports().map(|report| report.map(|report| &report.optimised)))
    }

    /// What is decided now and was not, and what was and is not: each with its sign. What is decided of a job that is new or gone goes without saying.
    pub fn decisions(&self) -> Vec<(char, &Decision)> {
        let (Some(before), Some(now)) = (&self.before, &self.now) else { return Vec::new() };
        let jobs = self.jobs();
        let whole: Vec<&str> = jobs.iter().filter(|change| change.sign() != '~').map(|change| change.job.as_str()).collect();
        let is_said = |decision: &&Decision| {
            decision.pass == "place" || decision.job.as_ref().is_none_or(|job| !whole.contains(&job.as_str()))
        };
        let new = without(&now.decisions, &before.decisions).filter(is_said).map(|decision| ('+', decision));
        let gone = without(&before.decisions, &now.decisions).filter(is_said).map(|decision| ('-', decision));
        new.chain(gone).collect()
    }

    /// Whether nothing is other than it was.
    pub fn is_same(&self) -> bool {
        !self.is_one_sided()
            && self.jobs().is_empty()
            && self.decisions().is_empty()
            && self.alternatives().is_empty()
            && self.quantities().iter().all(|quantity| quantity.before == quantity.now)
    }

    /// What is said where there is only one of the two.
    pub fn one_sided(&self) -> Option<String> {
        let revision = &self.revision;
        Some(match (&self.before, &self.now) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) if self.is_there => format!("it starts no run any more, and did at `{revision}`"),
            (Some(_), None) => format!("it is gone, and was there at `{revision}`"),
            (None, _) if self.errors_before > 0 => {
                format!("errors at `{revision}`: {}; there is nothing to compare with", self.errors_before)
            }
            (None, _) if self.was_there => format!("it starts no run at `{revision}`"),
            (None, _) => format!("it is new since `{revision}`"),
        })
    }

    /// Its heading: the spec, and the event if it is about one.
    fn heading(&self) -> String {
        let event = self.now.iter().chain(&self.before).find_map(|report| report.event.as_ref());
        event.map_or_else(|| self.spec.clone(), |event| format!("{}, on {event}", self.spec))
    }
}

/// Those decisions that others do not have. Why one was taken has numbers in it, which may differ.
fn without<'d>(some: &'d [Decision], others: &'d [Decision]) -> impl Iterator<Item = &'d Decision> {
    let is_there =
        |it: &Decision| others.iter().any(|other| (other.pass, &other.job, &other.what) == (it.pass, &it.job, &it.what));
    some.iter().filter(move |decision| !is_there(decision))
}

/// What money is shown to, in dollars.
const MILL: f64 = 0.001;

fn of_a_hundred(share: f64) -> String {
    format!("{:.0} of 100", share * 100.0)
}

fn minutes(seconds: f64) -> String {
    format!("{:.0} min", seconds / 60.0)
}
