//! Makes every data edge real: what a job writes and others read travels as an artifact.
//!
//! Each writer sends what is read of it once, at its end; each reader receives before its own steps. A matrix sends one artifact per row,
//! and its readers receive all of them.

use std::collections::HashSet;

use super::{Context, Pass};
use crate::catalog::actions::used::{DOWNLOAD, UPLOAD};
use crate::hir::{Map, Value, ValueKind};
use crate::plan::{Derived, EdgeKind, Plan, Role, text, uses};

pub(super) static PASS: Pass =
    Pass { name: "handover", summary: "hands over what one job writes and another reads", required: true, run };

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let mut sent: HashSet<(String, String)> = HashSet::new();
    // Two patterns of one reader may meet the same path.
    let mut received: HashSet<(&str, &str, &str)> = HashSet::new();
    let edges = plan.edges.clone();
    for edge in &edges {
        let EdgeKind::Data { path } = &edge.kind else { continue };
        let (name, rows) = artifact(plan, &edge.from, path);
        if sent.insert((edge.from.clone(), path.clone())) {
            let Some(writer) = plan.works.get_mut(&edge.from) else { continue };
            let origin = writer.job.origin.clone();
            // No id has a point in it: `test.*` takes no artifact of a job `test-e2e`.
            let suffix = if rows { ".${{ strategy.job-index }}" } else { "" };
            let with = Map::from_iter([
                ("name".to_owned(), text(format!("{name}{suffix}"), &origin)),
                ("path".to_owned(), text(path, &origin)),
                ("if-no-files-found".to_owned(), text("error", &origin)),
                ("include-hidden-files".to_owned(), flag(&origin)),
                ("overwrite".to_owned(), flag(&origin)),
                ("retention-days".to_owned(), Value { kind: ValueKind::Number("1".into()), origin: origin.clone() }),
            ]);
            writer.epilogue.push(Derived { role: Role::Send, step: uses(UPLOAD, with, origin), why: None });
            context.ledger.note(
                PASS.name,
                Some(&edge.from),
                format!("hands {path} over as artifact {name}"),
                format!("`{}` reads it", edge.to),
            );
        }
        if !received.insert((&edge.from, &edge.to, path)) {
            continue;
        }
        let Some(reader) = plan.works.get_mut(&edge.to) else { continue };
        let origin = reader.job.origin.clone();
        let mut with = Map::new();
        if rows {
            with.insert("pattern".to_owned(), text(format!("{name}.*"), &origin));
        } else {
            with.insert("name".to_owned(), text(&name, &origin));
        }
        with.insert("path".to_owned(), text(folder(path), &origin));
        if rows {
            with.insert("merge-multiple".to_owned(), flag(&origin));
        }
        reader.prepend(Derived { role: Role::Receive, step: uses(DOWNLOAD, with, origin), why: None });
    }
}

/// The name of the artifact, and whether every row has one of its own.
fn artifact(plan: &Plan, from: &str, path: &str) -> (String, bool) {
    let Some(writer) = plan.works.get(from) else { return (from.to_owned(), false) };
    let several = writer.job.writes.len() > 1;
    let kept = |char: char| if char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-') { char } else { '-' };
    let clean: String = path.replace("${{", "").replace("}}", "").chars().map(kept).collect();
    let name = if several { format!("{from}-{}", clean.trim_matches('-')) } else { from.to_owned() };
    (name, writer.job.matrix.is_some() || writer.job.shards.is_some())
}

/// The folder that an artifact is unpacked into: what upload-artifact takes as the root of its paths.
fn folder(path: &str) -> String {
    let is_pattern = |part: &str| part.contains(['*', '?', '[', '{', '$']);
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let fixed = parts.iter().take_while(|part| !is_pattern(part)).count();
    let kept = if fixed == parts.len() && !path.ends_with('/') { fixed.saturating_sub(1) } else { fixed };
    if kept == 0 { ".".to_owned() } else { format!("{}/", parts[..kept].join("/")) }
}

fn flag(origin: &crate::hir::Origin) -> Value {
    Value { kind: ValueKind::Bool(true), origin: origin.clone() }
}
