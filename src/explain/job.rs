//! Why a job is as it is: what comes before it and why, what it keeps for later runs, where each setting and each step that nobody wrote is from, which
//! check it is, and what the passes decided about it.

use std::fmt::Write as _;

use crate::Compilation;
use crate::catalog::library;
use crate::cost::auto;
use crate::cost::machine::visibility;
use crate::expr::text::holes;
use crate::hir::hashed::hashed as calls_of_hash;
use crate::hir::{StepKind, Value};
use crate::passes::{Subject, place};
use crate::plan::{EdgeKind, Layer, Role, Saved, Work};
use crate::source::Span;
use crate::workflow::provenance::{self, Setting};

/// The explanation of a job, as text with `## ` before its headings; none where the plan has no such job.
pub fn job(made: &Compilation, id: &str) -> Option<String> {
    // A job that shares a machine is a part of what runs there; of one that was split, parts run on several.
    let is_part = |(_, work): &(&String, &Work)| work.members.iter().any(|member| member.id == id);
    let shared = made.plan.works.iter().filter(is_part);
    let parts: Vec<(&String, &Work)> = made.plan.works.get_key_value(id).map_or_else(|| shared.collect(), |whole| vec![whole]);
    let told: Vec<String> = parts.into_iter().map(|(part, work)| work_of(made, part, work, id)).collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// The explanation of what runs on one machine, of which a job is a part or all.
fn work_of(made: &Compilation, id: &str, work: &Work, asked: &str) -> String {
    let place_of = |span: Span| made.sources.place(span);
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(out, "## {id}, {}", place_of(work.job.origin.span));

    let before: Vec<String> = made
        .plan
        .edges
        .iter()
        .filter(|edge| edge.to == id)
        .map(|edge| {
            let why = match &edge.kind {
                EdgeKind::Order if work.place.is_none() => "it is judged".to_owned(),
                EdgeKind::Order => "`needs` says so".to_owned(),
                EdgeKind::Outputs => "an expression asks for its outputs or result".to_owned(),
                EdgeKind::Data { path } => format!("it writes `{path}`, which is read"),
            };
            format!("{}: {why}, {}", edge.from, place_of(edge.origin))
        })
        .collect();
    section(&mut out, "Comes after", &before);
    let after: Vec<String> = made.plan.edges.iter().filter(|edge| edge.from == id).map(|edge| edge.to.clone()).collect();
    section(&mut out, "Comes before", &unique(after));
    let layers: Vec<String> = work.layers.iter().map(layer).collect();
    section(&mut out, "Caches", &layers);
    let settings: Vec<String> =
        provenance::settings(made, id).iter().map(|setting| told(made, setting, work.job.origin.span)).collect();
    section(&mut out, "Settings", &settings);
    let steps: Vec<String> =
        provenance::added_steps(made, id).iter().map(|step| told(made, step, work.job.origin.span)).collect();
    section(&mut out, "Steps that are added", &steps);
    section(&mut out, "Check", &check(made, id));
    let decisions =
        made.ledger.decisions.iter().filter(|decision| decision.job.as_deref().is_none_or(|job| job == id || job == asked));
    // Where it has rights of its own, those of the file are not its.
    let decisions = decisions.filter(|it| it.subject != Subject::Rights || it.job.is_some() || work.job.permissions.is_none());
    // Of the pins, those of its own steps.
    let decisions = decisions.filter(|it| it.pass != "pin" || commits(work).any(|commit| it.what.ends_with(commit)));
    let decisions = decisions.map(|it| format!("{}: {}; {}", it.pass, it.what, it.why));
    // Where it is known how long it takes, it could have been chosen.
    let is_timed = work.job.takes.is_some() || made.profile.jobs.contains_key(id);
    let alone = place::alone_for(&made.plan, &work.job).filter(|_| is_timed && made.plan.works.len() > 1).map(|script| {
        let command = script.trim().lines().next().unwrap_or_default();
        format!(
            "place: shares its machine with no job; what `{command}` leaves there, and looks at, is not known: say what the job `reads`, or `fuse on`"
        )
    });
    let decisions: Vec<String> = alone.into_iter().chain(not_on_slim(made, asked)).chain(decisions).collect();
    section(&mut out, "Decided by passes", &decisions);
    out
}

/// Why `runner auto` does not mean the cheapest machine for a job; none where it may, or where another one is asked for.
fn not_on_slim(made: &Compilation, id: &str) -> Option<String> {
    let (pipeline, job) = (&made.written.pipeline, &made.written.works.get(id)?.job);
    let wishes = auto::wishes(pipeline, job)?;
    let machines = auto::machines(pipeline, wishes, visibility(&made.written));
    let slim = machines.iter().find(|machine| machine.slim && auto::is_of_arch(wishes, machine))?;
    let why = auto::not_on_slim(pipeline, job, wishes)?;
    Some(format!("place: does not run on `{}`; {why}", slim.label))
}

/// A setting or step of a job, why it is there where it is not just written, and the place of the spec that it is from.
fn told(made: &Compilation, setting: &Setting, job: Span) -> String {
    let Setting { what, home } = setting;
    let reasons: Vec<String> = home
        .reasons
        .iter()
        .filter(|reason| reason.pass != Some("pin"))
        .map(|reason| reason.pass.map_or_else(|| reason.text.clone(), |pass| format!("{pass}: {}", reason.text)))
        .collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!("; {}", reasons.join("; ")) };
    let place = home.places.iter().find(|label| !library::holds(label.span)).map(|label| label.span);
    // That it is the job's goes without saying.
    let place = place.filter(|place| *place != job || reasons.is_empty());
    let place = place.map(|place| format!(" ({})", made.sources.place(place))).unwrap_or_default();
    format!("{what}{reasons}{place}")
}

/// How it is shown beside a commit, and what the gate makes of its result.
fn check(made: &Compilation, id: &str) -> Vec<String> {
    let Some(work) = made.plan.works.get(id) else { return Vec::new() };
    let mut lines = vec![format!(
        "shown as `{}`{}",
        work.job.title.as_deref().unwrap_or(id),
        if work.job.has_rows() { ", with its row" } else { "" }
    )];
    let judges = |work: &&Work| work.place.is_none() && work.epilogue.iter().any(|derived| derived.role == Role::Judge);
    let Some(gate) = made.plan.works.values().find(judges) else {
        let off = made.plan.pipeline.optimize.is_off("gate");
        lines.push(if off {
            "there is no gate: it is switched off".to_owned()
        } else {
            "there is no gate: no job may be skipped by its condition, or no run is of a commit that is to be merged".to_owned()
        });
        return lines;
    };
    let name = &gate.job.id;
    if name == id {
        lines.push("the one to require in branch protection".to_owned());
        if let Some((filter, at)) = made.plan.pipeline.leaves_out_pull_requests() {
            let place = made.sources.place(at);
            lines.push(format!(
                "where it is required, a pull request that `{filter}` leaves out waits for ever: it starts no run, {place}"
            ));
        }
    } else if let Some((_, span)) = made.plan.pipeline.gate.iter().flat_map(|gate| &gate.except).find(|(except, _)| except == id)
    {
        lines.push(format!("`{name}` does not look at it: `except` names it, {}", made.sources.place(*span)));
    } else {
        let texts = gate.epilogue.iter().flat_map(|derived| derived.step.env.values()).map(Value::spelled);
        let line = texts.collect::<Vec<_>>().join("\n");
        let line = line.lines().find(|line| line.split(' ').next() == Some(id)).unwrap_or_default();
        // The id, the result, and when it is rightly skipped.
        let skipped = holes(line).into_iter().nth(1).map(|(_, expr)| expr.to_string());
        lines.push(match skipped {
            None if line.ends_with(" true") => format!("`{name}` fails where it fails or is cancelled"),
            Some(when) => format!("`{name}` fails where it fails or is cancelled, and where it is skipped, unless {when}"),
            None => format!("`{name}` fails where it fails, is cancelled or skipped"),
        });
    }
    lines
}

/// What the actions of a work are pinned to.
fn commits(work: &Work) -> impl Iterator<Item = &str> {
    let derived = work.prologue.iter().chain(&work.epilogue).map(|derived| &derived.step);
    derived.chain(&work.job.steps).filter_map(|step| match &step.kind {
        StepKind::Uses { action, .. } => action.split_once('@').map(|(_, commit)| commit),
        _ => None,
    })
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(out, "\n## {title}");
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
    }
}

fn unique(mut names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn layer(layer: &Layer) -> String {
    let mut lines = vec![format!("{}: {}", layer.name, layer.paths.join(", "))];
    let of = layer.toolchain.as_ref().map_or_else(|| "`cache` asks for it".to_owned(), |name| format!("toolchain `{name}`"));
    lines.push(format!("  from      {of}"));
    lines.push(format!("  key       {}", layer.key));
    let older = if layer.prefixes.is_empty() { "none will do".to_owned() } else { layer.prefixes.join(", ") };
    lines.push(format!("  or older  {older}"));
    lines.push(format!(
        "  restored  {}",
        layer.restored.as_ref().map_or_else(|| "in every run".to_owned(), |when| format!("when {when}"))
    ));
    let saved = match &layer.saved {
        Saved::By(other) => format!("by `{other}`, which makes the very same"),
        Saved::Here { for_all: true } => "by this job, on the default branch, unless it was there".to_owned(),
        Saved::Here { for_all: false } => "by this job, in each run, for the same branch or pull request alone".to_owned(),
    };
    lines.push(format!("  saved     {saved}"));
    let files = hashed(&layer.key);
    let files = if files.is_empty() { String::new() } else { format!("when {} change, ", files.join(", ")) };
    let asked = asked(&layer.key);
    let asked = if asked.is_empty() { String::new() } else { format!("with another {}, ", asked.join(", ")) };
    // A cache of one's own is of no version but what its key says.
    let other = if layer.toolchain.is_some() { "system or version" } else { "system" };
    lines.push(format!("  anew      {files}{asked}on another {other}, or with another `cache-version`"));
    lines.join("\n  ")
}

/// What else a key asks for, but the system: the run, the row, an input.
fn asked(key: &str) -> Vec<String> {
    let mut paths: Vec<String> = holes(key).iter().flat_map(|(_, expr)| expr.paths()).map(|path| path.join(".")).collect();
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| !path.starts_with("runner.") && seen.insert(path.clone()));
    paths.iter().map(|path| format!("`{path}`")).collect()
}

/// The files that a key is made of.
fn hashed(key: &str) -> Vec<String> {
    let holes = holes(key);
    let calls = holes.iter().flat_map(|(_, expr)| calls_of_hash(expr));
    calls.flat_map(|(patterns, _)| patterns).map(|pattern| format!("`{pattern}`")).collect()
}
