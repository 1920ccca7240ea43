//! Makes every data edge real: what a job writes and others read travels as an artifact. And keeps files for people, which are artifacts too.
//!
//! Each writer sends what is read of it once, at its end; each reader receives before its own steps. A matrix sends one artifact per row,
//! and its readers receive all of them.
//!
//! `actions/upload-artifact` keeps paths from a root that it works out (`findFilesToUpload` in its `src/shared/search.ts`, v7): the folder
//! before the first wildcard of a single path, its own folder for a single file, and what several paths have in common. Where the
//! first rule does not tell the root before the run, a second path makes it the repository's.

use std::collections::HashSet;

use super::artifacts::{Names, expand};
use super::{Context, Pass};
use crate::catalog::actions::used::{DOWNLOAD, UPLOAD};
use crate::expr::{Expr, ExprKind};
use crate::hir::{Condition, Duration, Job, Keep, Map, Origin, Step, Value, ValueKind, Writes};
use crate::plan::{Derived, EdgeKind, Plan, Role, lines, rows_collide, text, uses, writing};

pub(super) static PASS: Pass = Pass {
    name: "handover",
    summary: "hands over what one job writes and another reads, and keeps files for people",
    required: true,
    run,
};

/// Never there: with it, what paths have in common is the repository's root.
const ANCHOR: &str = ".artifact-root";

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let mut names = Names::of(plan);
    hand_over(plan, &mut names, context);
    for work in plan.works.values_mut() {
        let kept: Vec<Derived> = work.job.keeps.iter().map(|keep| self::keep(keep, &work.job, &mut names)).collect();
        work.epilogue.extend(kept);
    }
}

fn hand_over(plan: &mut Plan, names: &mut Names, context: &mut Context<'_>) {
    let mut sent: HashSet<(String, String)> = HashSet::new();
    // Two patterns of one reader may meet the same path.
    let mut received: HashSet<(&str, &str, &str)> = HashSet::new();
    // What a later writer made is unpacked later, over what an earlier one did.
    let mut edges = plan.edges.clone();
    edges.sort_by_key(|edge| plan.works.get_index_of(&edge.from));
    for edge in &edges {
        let EdgeKind::Data { path } = &edge.kind else { continue };
        let Some(writer) = plan.works.get_mut(&edge.from) else { continue };
        let rows = writer.job.has_rows();
        let name = names.of_path(&writer.job, path);
        let root = root(path);
        if sent.insert((edge.from.clone(), path.clone())) {
            let origin = writer.job.origin.clone();
            // No id has a point in it: `test.*` takes no artifact of a job `test-e2e`.
            let suffix = if rows { ".${{ strategy.job-index }}" } else { "" };
            let mut paths = expand(path);
            paths.extend(except(&writer.job, path).flat_map(expand));
            paths.extend(root.is_none().then(|| ANCHOR.to_owned()));
            let with = Map::from_iter([
                ("name".to_owned(), text(format!("{name}{suffix}"), &origin)),
                ("path".to_owned(), lines(&paths, &origin)),
                ("if-no-files-found".to_owned(), text("error", &origin)),
                ("include-hidden-files".to_owned(), flag(&origin)),
                ("overwrite".to_owned(), flag(&origin)),
                ("retention-days".to_owned(), number(1, &origin)),
            ]);
            let why = root
                .is_none()
                .then(|| "The last path is never there: with it, the artifact keeps the paths from the root.".to_owned());
            let step = Step { when: writing(&writer.job, path), ..uses(UPLOAD, with, origin) };
            writer.epilogue.push(Derived { role: Role::Send, step, why });
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
        if let Some(root) = root.filter(|root| !root.is_empty()) {
            with.insert("path".to_owned(), text(root, &origin));
        }
        if rows {
            with.insert("merge-multiple".to_owned(), flag(&origin));
        }
        reader.prepend(Derived { role: Role::Receive, step: uses(DOWNLOAD, with, origin), why: None });
    }
}

/// Files for people: also when the job failed, unless their condition says otherwise.
fn keep(keep: &Keep, job: &Job, names: &mut Names) -> Derived {
    let origin = &keep.origin;
    let mut name = names.of_keep(keep, job);
    // Artifacts are immutable: each row needs a name of its own.
    if job.has_rows() && rows_collide(job, &name) {
        name.push_str("-${{ strategy.job-index }}");
    }
    let paths: Vec<String> = keep.paths.iter().flat_map(|path| expand(path)).collect();
    let hidden = |path: &String| path.split('/').any(|name| name.starts_with('.') && !matches!(name, "." | ".."));
    let mut with = Map::from_iter([("name".to_owned(), text(name, origin)), ("path".to_owned(), lines(&paths, origin))]);
    if paths.iter().any(hidden) {
        with.insert("include-hidden-files".to_owned(), flag(origin));
    }
    if let Some(time) = &keep.retention {
        let days = Duration::parse(&time.spelled()).map_or_else(|| time.clone(), |time| number(time.days(), origin));
        with.insert("retention-days".to_owned(), days);
    }
    let when = keep.when.clone().unwrap_or_else(|| not_cancelled(origin));
    Derived { role: Role::Keep, step: Step { when: Some(when), ..uses(UPLOAD, with, origin.clone()) }, why: None }
}

fn not_cancelled(origin: &Origin) -> Condition {
    let expr = Expr::new(ExprKind::Not(Box::new(Expr::call("cancelled", Vec::new(), origin.span))), origin.span);
    Condition::derived(expr, origin.clone())
}

/// The exclusions of the writer that come behind a path.
fn except<'a>(job: &'a Job, path: &str) -> impl Iterator<Item = &'a str> {
    let lists = all_writes(job).into_iter().map(|list| list.iter().map(|writes| writes.pattern.as_str()));
    let behind = lists.flat_map(move |list| list.skip_while(move |other| *other != path));
    behind.filter(|pattern| pattern.starts_with('!'))
}

/// What a job writes in all rows, and in each.
pub(super) fn all_writes(job: &Job) -> Vec<&[Writes]> {
    let (_, rows) = job.written_rows();
    std::iter::once(job.writes.as_slice()).chain(rows.iter().map(|row| row.job.writes.as_slice())).collect()
}

/// The folder that paths in the artifact begin at, where that is certain, and empty for the repository's root: before the first wildcard,
/// or a folder that is written as one. A plain name may be a file or a folder, and what is filled in at run time belongs to the root.
fn root(path: &str) -> Option<String> {
    let first_wildcard = path.find(['*', '?', '[']);
    if path.contains('{') || first_wildcard.is_none() && !path.ends_with('/') {
        return None;
    }
    let (fixed, _) = path[..first_wildcard.unwrap_or(path.len())].rsplit_once('/').unwrap_or_default();
    Some(if fixed.is_empty() { String::new() } else { format!("{fixed}/") })
}

fn flag(origin: &Origin) -> Value {
    Value { kind: ValueKind::Bool(true), origin: origin.clone() }
}

fn number(number: u64, origin: &Origin) -> Value {
    Value { kind: ValueKind::Number(number.to_string()), origin: origin.clone() }
}
