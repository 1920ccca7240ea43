//! A comparison as JSON, with the names that a plan has there.

use serde::Serialize;

use super::{Alternative, Comparison, JobChange, have_prices, without};
use crate::cost::estimate::{Estimate, Expected};
use crate::cost::report::{Report, Side, SideJson};
use crate::map::IndexMap;
use crate::passes::Decision;

/// All of a comparison.
#[derive(Serialize)]
struct ComparisonJson<'a> {
    spec: &'a str,
    revision: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    errors_before: usize,
    runs_measured: f64,
    runs_per_month: Option<f64>,
    before: Option<SideJson<'a>>,
    now: Option<SideJson<'a>>,
    difference: Option<Difference>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    alternatives: IndexMap<&'a str, AlternativeJson<'a>>,
    jobs: Vec<JobChange>,
    decisions: Decisions<'a>,
}

/// A plan of `optimize by`, as it was and as it is.
#[derive(Serialize)]
struct AlternativeJson<'a> {
    before: Option<SideJson<'a>>,
    now: Option<SideJson<'a>>,
    jobs: Vec<JobChange>,
}

impl<'a> Alternative<'a> {
    fn json(&self) -> AlternativeJson<'a> {
        let one = |report: Option<&'a Report>, side: Option<&'a Side>| Some(report?.alternative(self.name, side?));
        AlternativeJson {
            before: one(self.reports[0], self.sides[0]),
            now: one(self.reports[1], self.sides[1]),
            jobs: self.jobs(),
        }
    }
}

/// What it is now, less what it was.
#[derive(Serialize)]
struct Difference {
    wall_seconds: Expected,
    billed_seconds: Expected,
    dollars: Option<Expected>,
    dollars_per_month: Option<f64>,
    /// Of how many more runs something fails.
    failing_share: f64,
}

/// What is decided now alone, and what then alone.
#[derive(Serialize)]
struct Decisions<'a> {
    made: Vec<&'a Decision>,
    dropped: Vec<&'a Decision>,
}

impl Difference {
    fn of(before: &Report, now: &Report) -> Self {
        let less = |now: Expected, before: Expected| {
            Expected { mean: now.mean - before.mean, p50: now.p50 - before.p50, p90: now.p90 - before.p90 }.rounded()
        };
        let (old, new) = (&before.optimised.estimate, &now.optimised.estimate);
        let has_prices = have_prices([before, now].map(|report| Some(&report.optimised)));
        let fails = |estimate: &Estimate| estimate.failing.map_or(0.0, |failing| failing.share);
        let month = now.dollars_a_month().zip(before.dollars_a_month()).filter(|_| has_prices);
        Self {
            wall_seconds: less(new.wall, old.wall),
            billed_seconds: less(new.billed, old.billed),
            dollars: has_prices.then(|| less(new.dollars, old.dollars)),
            dollars_per_month: month.map(|(now, before)| ((now - before) * 100.0).round() / 100.0),
            failing_share: ((fails(new) - fails(old)) * 1e4).round() / 1e4,
        }
    }
}

impl Comparison {
    /// All of it as one line; seconds, and US dollars.
    pub fn json(&self) -> String {
        let one = self.now.as_ref().or(self.before.as_ref());
        // Where there is one of the two, no decision is another.
        let (old, new) = match (&self.before, &self.now) {
            (Some(before), Some(now)) => (before.decisions.as_slice(), now.decisions.as_slice()),
            _ => (&[][..], &[][..]),
        };
        let json = ComparisonJson {
            spec: &self.spec,
            revision: &self.revision,
            event: one.and_then(|report| report.event.as_deref()),
            errors_before: self.errors_before,
            runs_measured: one.and_then(|report| report.measured.as_ref()).map_or(0.0, |(runs, _)| *runs),
            runs_per_month: one.and_then(|report| report.per_month),
            before: self.before.as_ref().map(Report::compiled),
            now: self.now.as_ref().map(Report::compiled),
            difference: self.before.as_ref().zip(self.now.as_ref()).map(|(before, now)| Difference::of(before, now)),
            alternatives: self.alternatives().into_iter().map(|plan| (plan.name, plan.json())).collect(),
            jobs: self.jobs(),
            decisions: Decisions { made: without(new, old).collect(), dropped: without(old, new).collect() },
        };
        // Numbers and texts alone: that cannot fail.
        serde_json::to_string(&json).unwrap_or_default()
    }
}
