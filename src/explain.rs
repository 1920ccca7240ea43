//! Why a job is as it is: what comes before it and why, what it keeps for later runs, and what the passes decided about it.

use std::fmt::Write as _;

use crate::Compilation;
use crate::expr::text::holes;
use crate::hir::StepKind;
use crate::hir::hashed::hashed as calls_of_hash;
use crate::plan::{EdgeKind, Layer, Saved, Work};
use crate::source::Span;

/// The explanation of a job, as text with `## ` before its headings; none where the plan has no such job.
pub fn job(made: &Compilation, id: &str) -> Option<String> {
    let work = made.plan.works.get(id)?;
    let place = |span: Span| made.sources.place(span);
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(out, "## {id}, {}", place(work.job.origin.span));

    let before: Vec<String> = made
        .plan
        .edges
        .iter()
        .filter(|edge| edge.to == id)
        .map(|edge| {
            let why = match &edge.kind {
                EdgeKind::Order => "`needs` says so".to_owned(),
                EdgeKind::Outputs => "an expression asks for its outputs or result".to_owned(),
                EdgeKind::Data { path } => format!("it writes `{path}`, which is read"),
            };
            format!("{}: {why}, {}", edge.from, place(edge.origin))
        })
        .collect();
    section(&mut out, "Comes after", &before);
    let after: Vec<String> = made.plan.edges.iter().filter(|edge| edge.from == id).map(|edge| edge.to.clone()).collect();
    section(&mut out, "Comes before", &unique(after));
    let layers: Vec<String> = work.layers.iter().map(layer).collect();
    section(&mut out, "Caches", &layers);
    let decisions = made.ledger.decisions.iter().filter(|decision| decision.job.as_deref().is_none_or(|job| job == id));
    // Of the pins, those of its own steps.
    let decisions = decisions.filter(|it| it.pass != "pin" || commits(work).any(|commit| it.what.ends_with(commit)));
    let decisions: Vec<String> = decisions.map(|it| format!("{}: {}; {}", it.pass, it.what, it.why)).collect();
    section(&mut out, "Decided by passes", &decisions);
    Some(out)
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
    lines.push(format!("  anew      {files}on another system or version, or with another `cache-version`"));
    lines.join("\n  ")
}

/// The files that a key is made of.
fn hashed(key: &str) -> Vec<String> {
    let holes = holes(key);
    let calls = holes.iter().flat_map(|(_, expr)| calls_of_hash(expr));
    calls.flat_map(|(patterns, _)| patterns).map(|pattern| format!("`{pattern}`")).collect()
}
