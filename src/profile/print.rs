//! A profile as text: JSON with a line for each step, so that a change of one is a change of one line.

use std::fmt::Write as _;

use super::{Changes, Measured, Observed, Profile, Step, Times};

pub(super) fn profile(profile: &Profile) -> String {
    let mut text = String::from("{\n");
    let _ = writeln!(text, "  \"version\": {},", profile.version);
    let _ = writeln!(text, "  \"newest\": {},", quoted(&profile.newest));
    let _ = writeln!(text, "  \"runs\": {},", number(profile.runs));
    if let Some(counted) = counted(profile.counted(), profile.runs) {
        let _ = writeln!(text, "  {counted},");
    }
    if let Some(last_run) = profile.last_run {
        let _ = writeln!(text, "  \"last_run\": {last_run},");
    }
    if !profile.unfinished.is_empty() {
        let runs: Vec<String> = profile.unfinished.iter().map(u64::to_string).collect();
        let _ = writeln!(text, "  \"unfinished\": [{}],", runs.join(", "));
    }
    if let Some(per_month) = profile.per_month {
        let _ = writeln!(text, "  \"per_month\": {},", number(per_month));
    }
    if let Some(Observed { days, runs }) = profile.observed {
        let _ = writeln!(text, "  \"observed\": {{ \"days\": {}, \"runs\": {} }},", (days * 1e3).round() / 1e3, number(runs));
    }
    if !profile.events.is_empty() {
        let mut events: Vec<String> =
            profile.events.iter().map(|(event, runs)| format!("{}: {}", quoted(event), number(*runs))).collect();
        events.sort();
        let _ = writeln!(text, "  \"events\": {{ {} }},", events.join(", "));
    }
    changes(profile, &mut text);
    text.push_str("  \"jobs\": {");
    let mut names: Vec<&String> = profile.jobs.keys().collect();
    names.sort();
    for (place, name) in names.into_iter().enumerate() {
        let _ = write!(text, "{}\n    {}: {{", comma(place), quoted(name));
        let machines = &profile.jobs[name];
        let mut labels: Vec<&String> = machines.keys().collect();
        labels.sort();
        for (place, label) in labels.into_iter().enumerate() {
            let _ = write!(text, "{}\n      {}: {{", comma(place), quoted(label));
            measured(&machines[label], &mut text);
            text.push_str("\n      }");
        }
        text.push_str("\n    }");
    }
    text.push_str("\n  }\n}\n");
    text
}

/// A line for each job.
fn changes(profile: &Profile, text: &mut String) {
    if profile.changes.is_empty() {
        return;
    }
    let mut names: Vec<&String> = profile.changes.keys().collect();
    names.sort();
    text.push_str("  \"changes\": {");
    for (place, name) in names.into_iter().enumerate() {
        let Changes { pushes, touched } = profile.changes[name];
        let _ = write!(text, "{}\n    {}: {{ \"pushes\": {pushes}, \"touched\": {touched} }}", comma(place), quoted(name));
    }
    text.push_str("\n  },\n");
}

fn measured(measured: &Measured, text: &mut String) {
    let mut lines = vec![format!("\"runs\": {}", number(measured.runs))];
    lines.extend(counted(measured.counted(), measured.runs));
    if measured.failed > 0.0 {
        lines.push(format!("\"failed\": {}", number(measured.failed)));
    }
    if measured.skipped > 0.0 {
        lines.push(format!("\"skipped\": {}", number(measured.skipped)));
    }
    if measured.cancelled > 0.0 {
        lines.push(format!("\"cancelled\": {}", number(measured.cancelled)));
    }
    lines.extend(measured.queue.as_ref().map(|times| format!("\"queue\": {{ {} }}", both(times))));
    lines.extend(measured.whole.as_ref().map(|times| format!("\"whole\": {{ {} }}", both(times))));
    lines.extend(measured.failing.as_ref().map(|times| format!("\"failing\": {{ {} }}", both(times))));
    if !measured.busy.is_empty() {
        let busy: Vec<String> =
            measured.busy.iter().map(|(label, minutes)| format!("{}: {}", quoted(label), number(*minutes))).collect();
        lines.push(format!("\"busy\": {{ {} }}", busy.join(", ")));
    }
    if !measured.steps.is_empty() {
        let steps: Vec<String> = measured.steps.iter().map(|(name, each)| format!("\n          {}", step(name, each))).collect();
        lines.push(format!("\"steps\": {{{}\n        }}", steps.join(",")));
    }
    text.push_str("\n        ");
    text.push_str(&lines.join(",\n        "));
}

fn step(name: &str, step: &Step) -> String {
    let mut parts = vec![format!("\"runs\": {}", number(step.runs))];
    parts.extend(counted(step.counted(), step.runs + step.skipped));
    if step.skipped > 0.0 {
        parts.push(format!("\"skipped\": {}", number(step.skipped)));
    }
    if step.failed > 0.0 {
        parts.push(format!("\"failed\": {}", number(step.failed)));
    }
    parts.push(both(&step.times));
    format!("{}: {{ {} }}", quoted(name), parts.join(", "))
}

fn both(times: &Times) -> String {
    let seen: Vec<String> = times.seen.each().map(|(range, runs)| format!("{}: {}", quoted(&range), number(runs))).collect();
    let seen = if seen.is_empty() { String::new() } else { format!(", \"seen\": {{ {} }}", seen.join(", ")) };
    format!("\"p50\": {}, \"p90\": {}{seen}", number(times.p50), number(times.p90))
}

/// How many there were, where they do not count as much.
fn counted(counted: f64, weight: f64) -> Option<String> {
    ((counted - weight.round()).abs() >= 0.005).then(|| format!("\"counted\": {}", number(counted)))
}

/// To the hundredth, and without what is no part of it.
fn number(number: f64) -> String {
    ((number * 100.0).round() / 100.0).to_string()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn comma(place: usize) -> &'static str {
    if place == 0 { "" } else { "," }
}
