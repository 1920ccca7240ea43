//! A comparison as JSON, with the names that a plan has there.

use serde::Serialize;

use super::{Comparison, JobChange, without};
use crate::cost::estimate::Expected;
use crate::cost::report::{Report, SideJson};
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
    jobs: Vec<JobChange>,
    decisions: Decisions<'a>,
}

/// What it is now, less what it was.
#[derive(Serialize)]
struct Difference {
    wall_seconds: Expected,
    billed_seconds: Expected,
    dollars: Expected,
    dollars_per_month: Option<f64>,
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
        let month = now.dollars_a_month().zip(before.dollars_a_month());
        Self {
            wall_seconds: less(new.wall, old.wall),
            billed_seconds: less(new.billed, old.billed),
            dollars: less(new.dollars, old.dollars),
            dollars_per_month: month.map(|(now, before)| ((now - before) * 100.0).round() / 100.0),
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
            before: self.before.as_ref().map(|report| report.side(&report.optimised)),
            now: self.now.as_ref().map(|report| report.side(&report.optimised)),
            difference: self.before.as_ref().zip(self.now.as_ref()).map(|(before, now)| Difference::of(before, now)),
            jobs: self.jobs(),
            decisions: Decisions { made: without(new, old).collect(), dropped: without(old, new).collect() },
        };
        // Numbers and texts alone: that cannot fail.
        serde_json::to_string(&json).unwrap_or_default()
    }
}
