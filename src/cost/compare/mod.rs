//! A spec now and as it was, in numbers: what `pipelay plan --diff` shows.
//!
//! Both rest on the same evidence, so that what differs comes from the spec. [`text`] is for terminals, [`mod@markdown`] for comments on pull requests.

mod json;
pub mod markdown;
pub mod text;

use super::model::{Job, Model};
use super::report::{Report, Side};
use super::timeline::duration;
use crate::map::IndexMap;
use crate::passes::Decision;

/// A spec now and as it was; of the two at least one is there.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The path of the spec.
    pub spec: String,
    /// What the past is called: the revision that was asked for.
    pub revision: String,
    /// As it was; none where it was not there, started nothing, or had errors.
    pub before: Option<Report>,
    /// How many errors it had then.
    pub errors_before: usize,
    /// As it is; none where it is gone, or starts nothing.
    pub now: Option<Report>,
}

/// A number of both, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// What it is called.
    pub name: &'static str,
    /// As it was.
    pub before: Option<f64>,
    /// As it is.
    pub now: Option<f64>,
    show: fn(f64) -> String,
}

/// What differs by less is not told from chance: a run is played four hundred times.
const CHANCE: f64 = 0.02;

impl Quantity {
    /// As it was, for people.
    pub fn shown_before(&self) -> String {
        self.before.map_or_else(|| "-".to_owned(), self.show)
    }

    /// As it is, for people.
    pub fn shown_now(&self) -> String {
        self.now.map_or_else(|| "-".to_owned(), self.show)
    }

    /// What became of it, for people: `-1m 08s (-22 %)`.
    pub fn difference(&self) -> String {
        let Some((before, now)) = self.before.zip(self.now) else { return "-".to_owned() };
        let by = now - before;
        if (self.show)(before) == (self.show)(now) {
            return "same".to_owned();
        }
        if by.abs() < CHANCE * before.abs() {
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
        }
    }

    fn all(side: &Side) -> IndexMap<&str, Self> {
        side.model.jobs.iter().map(|job| (job.id.as_str(), Self::of(&side.model, job))).collect()
    }

    fn places(&self) -> String {
        let rows = if self.rows == 1 { String::new() } else { format!(", rows: {}", self.rows) };
        format!("{}{rows}", self.runners.join(", "))
    }

    fn after(&self) -> String {
        if self.needs.is_empty() { "nothing".to_owned() } else { self.needs.join(", ") }
    }

    fn often(&self) -> String {
        format!("{:.0} % of runs", self.share * 100.0)
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

    /// What became of it: `4m 58s -> 2m 31s; after build -> after nothing`.
    pub fn says(&self) -> String {
        let (before, now) = match (&self.before, &self.now) {
            (Some(before), Some(now)) => (before, now),
            (Some(one), None) | (None, Some(one)) => return format!("{} on {}", duration(one.seconds), one.places()),
            (None, None) => return String::new(),
        };
        let pairs = [
            (duration(before.seconds), duration(now.seconds)),
            (before.places(), now.places()),
            (format!("after {}", before.after()), format!("after {}", now.after())),
            (before.often(), now.often()),
        ];
        let said: Vec<String> =
            pairs.into_iter().filter(|(before, now)| before != now).map(|(before, now)| format!("{before} -> {now}")).collect();
        said.join("; ")
    }
}

impl Comparison {
    /// Whether one of the two is not there, so that there is nothing to compare with.
    pub fn is_one_sided(&self) -> bool {
        self.before.is_none() || self.now.is_none()
    }

    /// Times, minutes and money of a run, and money of a month where it is known how many runs there are.
    pub fn quantities(&self) -> Vec<Quantity> {
        let of = |name, show: fn(f64) -> String, number: &dyn Fn(&Report) -> Option<f64>| Quantity {
            name,
            before: self.before.as_ref().and_then(number),
            now: self.now.as_ref().and_then(number),
            show,
        };
        let mut all = vec![
            of("mean", duration, &|report| Some(report.optimised.estimate.wall.mean)),
            of("p90", duration, &|report| Some(report.optimised.estimate.wall.p90)),
            of("billed", minutes, &|report| Some(report.optimised.estimate.billed.mean)),
            of("a run", super::timeline::money, &|report| Some(report.optimised.estimate.dollars.mean)),
            of("a month", super::timeline::money, &Report::dollars_a_month),
        ];
        all.retain(|quantity| quantity.before.or(quantity.now).is_some());
        all
    }

    /// The jobs of the workflow that are not as they were, in the order in which they are now, those that are gone at the end. None where there is only
    /// one of the two.
    pub fn jobs(&self) -> Vec<JobChange> {
        let (Some(before), Some(now)) = (&self.before, &self.now) else { return Vec::new() };
        let (mut old, new) = (JobFacts::all(&before.optimised), JobFacts::all(&now.optimised));
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
            && self.quantities().iter().all(|quantity| quantity.before == quantity.now)
    }

    /// What is said where there is only one of the two.
    pub fn one_sided(&self) -> Option<String> {
        let revision = &self.revision;
        Some(match (&self.before, &self.now) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => format!("it is gone, and was there at `{revision}`"),
            (None, _) if self.errors_before > 0 => {
                format!("errors at `{revision}`: {}; there is nothing to compare with", self.errors_before)
            }
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

fn minutes(seconds: f64) -> String {
    format!("{:.0} min", seconds / 60.0)
}
