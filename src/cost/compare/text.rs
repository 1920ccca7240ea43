//! A comparison as text for terminals.

use std::fmt::Write as _;

use super::{Comparison, JobChange, Quantity};
use crate::cost::Model;
use crate::cost::show::{Known, jobs_known};
use crate::map::IndexMap;
use crate::profile::FEW;

/// The numbers of both, the jobs that are not as they were, what is decided otherwise, and what all of it rests on.
pub fn text(comparison: &Comparison) -> String {
    let mut text = format!("## {}, compared with {}\n\n", comparison.heading(), comparison.revision);
    if let Some(said) = comparison.one_sided() {
        let _ = writeln!(text, "{said}\n");
    }
    if comparison.is_same() {
        text.push_str("no difference\n");
        return text;
    }
    let _ = writeln!(text, "{:<12} {:>10} {:>10}   difference", "", "before", "now");
    numbers(&comparison.quantities(), &mut text);
    jobs("jobs", &comparison.jobs(), &mut text);
    for plan in comparison.alternatives() {
        let _ = writeln!(text, "\nplan {}:", plan.name);
        numbers(&plan.quantities(), &mut text);
        jobs(&format!("jobs of plan {}", plan.name), &plan.jobs(), &mut text);
    }
    let (before, now) = comparison.critical_paths();
    let _ = writeln!(text, "\nhow long it takes is decided by {}", now.as_ref().or(before.as_ref()).map_or("", String::as_str));
    if let (Some(before), Some(now)) = (&before, &now)
        && before != now
    {
        let _ = writeln!(text, "before: {before}");
    }
    let decisions = comparison.decisions();
    if !decisions.is_empty() {
        let _ = writeln!(text, "\ndecisions:");
    }
    for (sign, decision) in decisions {
        let job = decision.job.as_ref().map_or_else(String::new, |job| format!(" of {job}"));
        let _ = writeln!(text, "{sign} {}{job}: {}", decision.pass, decision.what);
    }
    let _ = writeln!(text, "\n{}", comparison.evidence());
    text
}

/// A line for each number.
fn numbers(quantities: &[Quantity], text: &mut String) {
    for quantity in quantities {
        let [before, now, difference] = quantity.shown();
        let _ = writeln!(text, "{:<12} {before:>10} {now:>10}   {difference}", quantity.name);
    }
}

/// A line for each job that is not as it was.
fn jobs(heading: &str, changes: &[JobChange], text: &mut String) {
    if !changes.is_empty() {
        let _ = writeln!(text, "\n{heading}:");
    }
    for change in changes {
        let _ = writeln!(text, "{} {}: {}", change.sign(), change.job, change.says());
    }
}

impl Comparison {
    /// What both rest on.
    pub(super) fn evidence(&self) -> String {
        let Some(report) = self.now.as_ref().or(self.before.as_ref()) else { return String::new() };
        let measured = match &report.measured {
            Some((runs, newest)) => format!("runs that were measured: {runs:.0}, the newest of {newest}"),
            None => "nothing was measured".to_owned(),
        };
        let both = if self.is_one_sided() { "it rests" } else { "both rest" };
        let [now, before] = [&self.now, &self.before].map(|report| report.as_ref().map(|report| &report.optimised.model));
        let mut more = String::new();
        let mut add = |what: &str, of: &dyn Fn(&Model) -> Vec<String>| {
            let [now, before] = [now, before].map(|model| model.map(of).unwrap_or_default());
            let gone: Vec<String> = before.into_iter().filter(|one| !now.contains(one)).collect();
            for (when, each) in [("", now), ("as it was, ", gone)] {
                if !each.is_empty() {
                    let _ = write!(more, "; {when}{what}: {}", each.join(", "));
                }
            }
        };
        let jobs = |known: Known| move |model: &Model| jobs_known(model, known).into_iter().map(str::to_owned).collect();
        add(&format!("measured less than {FEW:.0} times"), &jobs(Known::Little));
        add("assumed to take a minute for each command", &jobs(Known::Assumed));
        add("counted as free, as no price is known", &|model: &Model| {
            let machines = model.jobs.iter().flat_map(|job| &job.legs).map(|leg| &leg.machine);
            let unknown: IndexMap<String, ()> =
                machines.filter(|machine| machine.price.is_none()).map(|machine| (machine.label.clone(), ())).collect();
            unknown.into_keys().collect()
        });
        format!("{both} on what is known now: {measured}{more}")
    }

    /// The jobs that decide how long a run takes, as it was and as it is.
    pub(super) fn critical_paths(&self) -> (Option<String>, Option<String>) {
        let path = |report: &crate::cost::report::Report| report.optimised.critical().join(", then ");
        (self.before.as_ref().map(path), self.now.as_ref().map(path))
    }
}
