//! A report as text for people.

use std::fmt::Write as _;

use super::Evidence;
use super::estimate::{Estimate, Failing};
use super::machine::Visibility;
use super::model::Model;
use super::report::{Report, Side, Spared};
use super::spared;
use super::timeline::{difference, duration, money, timeline};
use crate::graph::tree::Options;
use crate::map::IndexMap;
use crate::passes::{Decision, Ground};
use crate::profile::FEW;

/// What is said of the runs in which something fails, before and behind the name of the plan.
fn failing(side: &Side) -> Option<(String, &'static str)> {
    let Failing { share, wall, dollars } = side.estimate.failing?;
    let runs = match share {
        1.0.. => "all runs fail".to_owned(),
        ..0.005 => "less than 1 % of runs fail".to_owned(),
        _ => format!("{:.0} % of runs fail", (share * 100.0).min(99.0)),
    };
    let dollars = if side.has_prices() { format!(" for {}", money(dollars)) } else { String::new() };
    let others = if side.estimate.is_of_failing() { "they are those above" } else { "the others are those above" };
    Some((format!("{runs}, and end after {}{dollars}", duration(wall)), others))
}

/// The report: both plans in numbers, the time line of the one that is compiled to, what the numbers rest on, and what the author may do.
pub fn show(report: &Report, options: Options) -> String {
    let mut text = String::new();
    let event = report.event.as_ref().map_or_else(String::new, |event| format!(", on {event}"));
    let _ = writeln!(text, "## {}{event}\n", report.spec);
    let _ = writeln!(text, "{:<12} {:>9} {:>9} {:>9} {:>9} {:>6}", "", "mean", "p90", "billed", "a run", "busy");
    for (name, side) in [("as written", &report.written), ("compiled", &report.optimised)] {
        let estimate = &side.estimate;
        let _ = writeln!(
            text,
            "{name:<12} {:>9} {:>9} {:>9} {:>9} {:>5.0}%",
            duration(estimate.wall.mean),
            duration(estimate.wall.p90),
            format!("{:.0} min", estimate.billed.mean / 60.0),
            price(side),
            estimate.busy * 100.0,
        );
    }
    let sides =
        [("as written", &report.written), ("compiled", &report.optimised)].map(|(name, side)| Some((name, failing(side)?)));
    let [written, compiled] = &sides;
    let is_same = written.as_ref().map(|(_, said)| said) == compiled.as_ref().map(|(_, said)| said);
    for (name, (before, behind)) in sides.iter().skip(usize::from(is_same)).flatten() {
        let _ = writeln!(text, "\n{before}, {name}; {behind}");
    }
    if let Some(runs) = report.per_month {
        let compiled = report.dollars_a_month().map_or_else(
            || match &report.undecided {
                Some(event) => format!("; which plan of `optimize by` runs of `{event}` have is known only when they run"),
                None => {
                    "; what they cost compiled is known once `pipelay profile fetch` has counted the events of runs".to_owned()
                }
            },
            |dollars| format!(", {} compiled", priced(&report.optimised, dollars)),
        );
        let written = priced(&report.written, report.written.dollars_a_run() * runs);
        let _ = writeln!(text, "\n{runs:.0} runs a month: {written} as written{compiled}");
    }
    let side = &report.optimised;
    let longest = report.written.estimate.typical.wall.max(side.estimate.typical.wall);
    let draw = |side: &Side| timeline(&side.model, &side.estimate, longest, options);
    let (before, after) = (draw(&report.written), draw(side));
    let _ = writeln!(text, "\na run in which everything takes its mean:");
    if before != after {
        let _ = writeln!(text, "as written\n{before}\ncompiled");
    }
    text.push_str(&after);
    let _ = writeln!(text, "\nhow long it takes is decided by {}", side.critical().join(", then "));
    let never = side.left_out();
    if !never.is_empty() {
        let _ = writeln!(text, "left out: {}", never.join(", "));
    }
    if let Some(name) = &report.chosen {
        let _ = writeln!(text, "compiled as `{name}` of `optimize by`, which those runs have");
    }
    for (name, side) in &report.alternatives {
        let Estimate { wall, .. } = &side.estimate;
        let (mean, p90) = (duration(wall.mean), duration(wall.p90));
        let _ = writeln!(text, "where `{name}` of `optimize by` is chosen: mean {mean}, p90 {p90}, {} a run", price(side));
    }
    // Of the plans of `optimize by`, where it is known which these runs have, only what is decided for that.
    let is_theirs = |decision: &&Decision| {
        decision
            .plan
            .as_ref()
            .is_none_or(|plan| report.chosen.as_ref().map_or(!report.alternatives.is_empty(), |own| own == plan))
    };
    let mut decisions = report.decisions.iter().filter(|decision| decision.pass == "place").filter(is_theirs).peekable();
    if report.decided_for == Some(Visibility::Private) && decisions.peek().is_some() {
        text.push_str(
            "\ndecided for a private repository, by the prices there; `optimize { public on }` decides for a public one\n",
        );
    }
    for decision in decisions {
        let _ = write!(text, "\n{}:\n  {}\n", decision.what, decision.why);
        if !decision.grounds.is_empty() {
            let _ = writeln!(text, "  {}", rests_on(&decision.grounds));
        }
    }
    if let Some(Spared { wall_seconds, dollars, grounds }) = report.spared_by_caches() {
        let _ = write!(text, "\nkeeps caches:\n  {}\n", difference(wall_seconds, dollars));
        if !grounds.is_empty() {
            let _ = writeln!(text, "  {}", rests_on(&grounds));
        }
    }
    text.push('\n');
    text.push_str(&evidence(report, &side.model));
    for suggestion in &report.suggestions {
        let _ = writeln!(text, "\n{}\n  help: {}", suggestion.fact, suggestion.help);
    }
    text
}

/// What a decision rests on, by how that is known.
fn rests_on(grounds: &[Ground]) -> String {
    let mut by: IndexMap<String, Vec<&str>> = IndexMap::default();
    for Ground { what, evidence } in grounds {
        let how = match evidence {
            Evidence::Measured(runs) if *runs < FEW => format!("measured in {runs:.0} runs alone"),
            Evidence::Measured(runs) => format!("measured in {runs:.0} runs"),
            Evidence::Faded(runs) => format!("measured in {runs:.0} runs, too long ago to say much"),
            Evidence::Declared => "declared by `takes`".to_owned(),
            Evidence::Assumed => "assumed".to_owned(),
        };
        by.entry(how).or_default().push(what);
    }
    by.into_iter().map(|(how, what)| format!("{how}: {}", what.join(", "))).collect::<Vec<_>>().join("; ")
}

/// What a run costs; what has no price is said.
fn price(side: &Side) -> String {
    priced(side, side.estimate.dollars.mean)
}

/// What runs cost, and that some of it is not known.
fn priced(side: &Side, dollars: f64) -> String {
    let known = money(dollars);
    if side.has_prices() { known } else { format!("{known} + ?") }
}

/// How what is known of the work of a job is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It was measured too seldom.
    Little,
    /// It was measured too long ago.
    Long,
    /// The spec says so.
    Declared,
    /// It is not.
    Assumed,
}

/// The jobs with work that is known so.
pub(super) fn jobs_known(model: &Model, wanted: Known) -> Vec<&str> {
    let is_wanted = |evidence: Evidence| match evidence {
        Evidence::Measured(runs) => wanted == Known::Little && runs < FEW,
        Evidence::Faded(_) => wanted == Known::Long,
        Evidence::Declared => wanted == Known::Declared,
        Evidence::Assumed => wanted == Known::Assumed,
    };
    let of_job = |job: &&super::Job| {
        job.legs
            .iter()
            .flat_map(|leg| &leg.parts)
            .any(|part| part.kind.is_work() && is_wanted(part.evidence) && model.share(part.on) > 0.0)
    };
    names(model.jobs.iter().filter(of_job))
}

/// What jobs are called in the spec: pieces of one are that job, and so is what is done again.
pub(super) fn names<'m>(jobs: impl Iterator<Item = &'m super::Job>) -> Vec<&'m str> {
    distinct(jobs.flat_map(super::Job::names))
}

/// Each once, in order.
pub(super) fn distinct<'m>(names: impl Iterator<Item = &'m str>) -> Vec<&'m str> {
    let names: IndexMap<&str, ()> = names.map(|name| (name, ())).collect();
    names.into_keys().collect()
}

/// What the numbers rest on.
fn evidence(report: &Report, model: &Model) -> String {
    let mut text = String::new();
    if let Some((runs, newest)) = &report.measured {
        let _ = writeln!(text, "runs that were measured: {runs:.0}, the newest of {newest}");
    }
    if !report.accidents.is_empty() {
        let each: Vec<String> = report.accidents.iter().map(|(job, seconds)| format!("{job} {}", duration(*seconds))).collect();
        let _ = writeln!(text, "left out as accidents, as they took much longer than all others: {}", each.join(", "));
    }
    let few = jobs_known(model, Known::Little);
    if !few.is_empty() {
        let _ = writeln!(text, "measured less than {FEW:.0} times, which says little: {}", few.join(", "));
    }
    let long = jobs_known(model, Known::Long);
    if !long.is_empty() {
        let _ = writeln!(text, "measured long before the newest run, which says little: {}", long.join(", "));
    }
    let declared = jobs_known(model, Known::Declared);
    if !declared.is_empty() {
        let _ = writeln!(text, "declared by `takes`: {}", declared.join(", "));
    }
    let assumed = jobs_known(model, Known::Assumed);
    if !assumed.is_empty() {
        let _ = writeln!(
            text,
            "assumed to take a minute for each command, as nothing is known, and so left on machines of their own: {}",
            assumed.join(", ")
        );
    }
    let mut by_all: Vec<&str> = Vec::new();
    for (job, changes) in &report.changes {
        if changes.touched < changes.pushes {
            let _ = writeln!(text, "{job}: touched by {} of {} pushes", changes.touched, changes.pushes);
        } else {
            by_all.push(job);
        }
    }
    if !by_all.is_empty() {
        let _ = writeln!(text, "touched by every push: {}", by_all.join(", "));
    }
    if report.measured.is_none() {
        text.push_str(
            "nothing was measured: machines start in 20 s, a checkout takes 8 s, tools 5 s, an install 60 s or with a cache 33 s, a cache 8 s to restore;\n\
             `pipelay profile fetch` takes what was measured\n",
        );
        let spared = spared::jobs(model);
        if !spared.is_empty() {
            let _ = writeln!(
                text,
                "caches are taken to spare the commands of {} {:.0} % of what they take, where they are there",
                spared.join(", "),
                super::assume::SPARED * 100.0
            );
        }
    }
    text
}
