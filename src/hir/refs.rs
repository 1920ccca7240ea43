//! Of which branches, tags and pull requests the runs of a workflow are, as far as `on` tells, and which of them a condition leaves out.
//!
//! There are as many runs as names, so they are told apart by what conditions ask for: for each event one run of every ref that is named, and one of any other
//! branch, tag and pull request. Of the latter it is known that its ref is none of those, and how it begins.

use std::collections::BTreeSet;

use crate::expr::fold::{Known, fold_condition};
use crate::expr::value::Value;
use crate::expr::{CompareOp, Expr, ExprKind};
use crate::hir::{Pipeline, Trigger};
use crate::source::Span;

const BRANCH: &str = "refs/heads/";
const TAG: &str = "refs/tags/";
const PULL: &str = "refs/pull/";

/// Activities of pull requests that are not merged: the ref of others may be the branch (github/docs, data/reusables/actions/ref-description.md).
const OF_OPEN: [&str; 5] = ["opened", "synchronize", "reopened", "ready_for_review", "converted_to_draft"];

/// Events whose runs are of the default branch, or of the base of a pull request. (GitHub's documentation, "Events that trigger workflows", `GITHUB_REF`.)
const OF_A_BRANCH: [&str; 13] = [
    "check_run",
    "check_suite",
    "delete",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "milestone",
    "pull_request_target",
    "repository_dispatch",
    "schedule",
    "watch",
    "workflow_run",
];

/// What conditions can know of runs, each of which stands for all that are alike to them.
#[derive(Debug, Default)]
pub(crate) struct Runs(Vec<Run>);

#[derive(Debug)]
struct Run {
    event: Option<String>,
    of: Ref,
}

/// What a run is of.
#[derive(Debug)]
enum Ref {
    /// This one.
    Named(String),
    /// Any that nothing names, with one of these beginnings; none where it is not known.
    Other(Option<Vec<String>>),
}

/// Refs of a kind that an event has runs of.
struct Kind {
    start: &'static str,
    /// Names and patterns of them; none where each will do.
    names: Option<Vec<String>>,
    /// Names that have no run.
    except: Vec<String>,
}

impl Runs {
    /// All that these conditions tell apart, in GitHub's words; none where nothing is known.
    pub(crate) fn of<'e>(pipeline: &Pipeline, conditions: impl Iterator<Item = &'e Expr>) -> Self {
        if pipeline.raw.contains_key("on") {
            return Self::default();
        }
        let mut named = BTreeSet::new();
        conditions.for_each(|condition| condition.walk(&mut |part| named.extend(asked(part).into_iter().flatten())));
        Self(pipeline.triggers.iter().flat_map(|trigger| runs(trigger, &named)).collect())
    }

    /// How many are told apart.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// In which a condition may hold, when `also` is known besides.
    pub(crate) fn may_hold(&self, condition: &Expr, also: &Known) -> Vec<bool> {
        self.folded(condition, also).into_iter().map(|kind| kind != ExprKind::Bool(false)).collect()
    }

    /// In which a condition holds, whatever else is known.
    pub(crate) fn holds(&self, condition: &Expr, also: &Known) -> Vec<bool> {
        self.folded(condition, also).into_iter().map(|kind| kind == ExprKind::Bool(true)).collect()
    }

    /// Whether a condition holds in no run for the events alone.
    pub(crate) fn is_of_other_events(&self, condition: &Expr) -> bool {
        let never = |run: &Run| fold_condition(condition.clone(), &run.of_event(&Known::new())).kind == ExprKind::Bool(false);
        self.0.iter().all(never)
    }

    fn folded(&self, condition: &Expr, also: &Known) -> Vec<ExprKind> {
        self.0.iter().map(|run| run.fold(condition, also)).collect()
    }
}

impl Run {
    fn of_event(&self, also: &Known) -> Known {
        let event = self.event.as_deref().map(Value::string);
        event.into_iter().fold(also.clone(), |known, event| known.with("github.event_name", event))
    }

    fn fold(&self, condition: &Expr, also: &Known) -> ExprKind {
        let known = self.of_event(also);
        let of_type = |known: Known, start: &str| match start {
            TAG => known.with("github.ref_type", Value::string("tag")),
            BRANCH | PULL => known.with("github.ref_type", Value::string("branch")),
            _ => known,
        };
        match &self.of {
            Ref::Named(full) => {
                let known = known.with("github.ref", Value::string(full)).with("github.ref_name", Value::string(short(full)));
                fold_condition(condition.clone(), &of_type(known, start(full))).kind
            }
            Ref::Other(begins) => {
                let starts: BTreeSet<&str> = begins.iter().flatten().map(|begin| start(begin)).collect();
                let known = if starts.len() == 1 { starts.into_iter().fold(known, of_type) } else { known };
                let told = condition.clone().rewrite(&mut |part| unnamed(part, begins.as_deref()));
                fold_condition(told, &known).kind
            }
        }
    }
}

/// The beginning of a ref that says what it is of.
fn start(full: &str) -> &'static str {
    [BRANCH, TAG, PULL].into_iter().find(|start| full.starts_with(start)).unwrap_or_default()
}

/// `main` of `refs/heads/main`.
fn short(full: &str) -> &str {
    full.strip_prefix(start(full)).unwrap_or(full)
}

/// `github.ref` or `github.ref_name`, and whether it is in full.
fn is_full(expr: &Expr) -> Option<bool> {
    match expr.as_path()?.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["github", "ref"] => Some(true),
        ["github", "ref_name"] => Some(false),
        _ => None,
    }
}

/// Whether a condition asks for what is no ref: that is told of the comparison (W0652).
pub(crate) fn asks_for_none(condition: &Expr) -> bool {
    let mut found = false;
    condition.walk(&mut |part| {
        found |= comparison(part).is_some_and(|(_, full, text)| full == start(&text.to_lowercase()).is_empty());
        if let ExprKind::Call(name, args) = &part.kind
            && name.eq_ignore_ascii_case("startsWith")
            && let [text, beginning] = args.as_slice()
            && let (Some(true), Some(asked)) = (is_full(text), beginning.as_string())
        {
            found |= !asked.starts_with("refs/");
        }
    });
    found
}

/// The refs that a comparison with a text asks for.
fn asked(part: &Expr) -> Option<Vec<String>> {
    let (_, full, text) = comparison(part)?;
    let text = text.to_lowercase();
    let starts: &[&str] = if text.ends_with("/merge") { &[BRANCH, TAG, PULL] } else { &[BRANCH, TAG] };
    Some(if full { vec![text] } else { starts.iter().map(|start| format!("{start}{text}")).collect() })
}

fn comparison(part: &Expr) -> Option<(bool, bool, &str)> {
    let ExprKind::Compare(op @ (CompareOp::Eq | CompareOp::Ne), left, right) = &part.kind else { return None };
    let sides = (is_full(left), right.as_string(), is_full(right), left.as_string());
    let ((Some(full), Some(text), ..) | (.., Some(full), Some(text))) = sides else { return None };
    Some((*op == CompareOp::Ne, full, text))
}

/// A part of a condition in a run of a ref that nothing names.
fn unnamed(part: Expr, begins: Option<&[String]>) -> Expr {
    if let Some((unequal, ..)) = comparison(&part) {
        return Expr::bool(unequal, part.span);
    }
    let ExprKind::Call(name, args) = &part.kind else { return part };
    let ([text, beginning], Some(begins)) = (args.as_slice(), begins) else { return part };
    let (Some(full), Some(asked)) = (is_full(text), beginning.as_string()) else { return part };
    if !name.eq_ignore_ascii_case("startsWith") {
        return part;
    }
    let asked = asked.to_lowercase();
    let begin = |begin: &String| if full { begin.clone() } else { short(begin).to_owned() };
    // Of which less is known than is asked for, that may go on so.
    let always = begins.iter().all(|it| begin(it).starts_with(&asked));
    let never = begins.iter().map(begin).all(|it| !it.starts_with(&asked) && !asked.starts_with(&it));
    if always || never { Expr::bool(always, part.span) } else { part }
}

fn runs(trigger: &Trigger, named: &BTreeSet<String>) -> Vec<Run> {
    // The event of what is called is its caller's.
    let event = (trigger.event != "workflow_call").then(|| trigger.event.clone());
    let run = |of| Run { event: event.clone(), of };
    let Some(kinds) = kinds(trigger) else {
        let named = named.iter().map(|name| run(Ref::Named(name.clone())));
        return named.chain([run(Ref::Other(None))]).collect();
    };
    let mut all = Vec::new();
    for kind in kinds {
        let written = kind.names.iter().flatten().filter(|name| is_plain(name)).map(|name| format!("{}{name}", kind.start));
        let written: BTreeSet<String> = written.collect();
        let asked = named.iter().filter(|name| name.starts_with(kind.start) && kind.has(short(name))).cloned();
        all.extend(written.iter().cloned().chain(asked).collect::<BTreeSet<_>>().into_iter().map(|name| run(Ref::Named(name))));
        let begins = match &kind.names {
            None => vec![kind.start.to_owned()],
            Some(filter) => {
                let patterns = filter.iter().filter(|name| !is_plain(name) && !name.starts_with('!'));
                patterns.map(|name| format!("{}{}", kind.start, literal(name))).collect()
            }
        };
        if !begins.is_empty() {
            all.push(run(Ref::Other(Some(begins))));
        }
    }
    all
}

impl Kind {
    fn all(start: &'static str) -> Self {
        Self { start, names: None, except: Vec::new() }
    }

    /// Whether a ref of that name may have a run: what a pattern lets through is looked at as far as it is plain.
    fn has(&self, name: &str) -> bool {
        let fits = |pattern: &String| if is_plain(pattern) { pattern == name } else { name.starts_with(literal(pattern)) };
        let is_let_in = self.names.as_ref().is_none_or(|names| names.iter().filter(|name| !name.starts_with('!')).any(fits));
        is_let_in && self.except.iter().all(|except| except != name)
    }
}

/// Refs that an event has runs of; none where it may be any, or nothing.
fn kinds(trigger: &Trigger) -> Option<Vec<Kind>> {
    let names = |filter: &str| {
        let value = trigger.filters.get(filter)?;
        Some(value.words().iter().map(|name| name.to_lowercase()).collect::<Vec<_>>())
    };
    let filtered = |start: &'static str, filter: &str| Kind {
        start,
        names: names(filter),
        except: names(&format!("{filter}-ignore")).unwrap_or_default(),
    };
    let has = |filter: &str| trigger.filters.contains_key(filter) || trigger.filters.contains_key(&format!("{filter}-ignore"));
    Some(match trigger.event.as_str() {
        // Who filters one of the two has no run of the other. (GitHub's documentation, "Workflow syntax", `on.push`.)
        "push" => match (has("branches"), has("tags")) {
            (true, false) => vec![filtered(BRANCH, "branches")],
            (false, true) => vec![filtered(TAG, "tags")],
            _ => vec![filtered(BRANCH, "branches"), filtered(TAG, "tags")],
        },
        "pull_request" if names("types").is_none_or(|types| types.iter().all(|one| OF_OPEN.contains(&one.as_str()))) => {
            vec![Kind::all(PULL)]
        }
        "pull_request" => vec![Kind::all(PULL), Kind::all(BRANCH)],
        "release" => vec![Kind::all(TAG)],
        "create" | "workflow_dispatch" => vec![Kind::all(BRANCH), Kind::all(TAG)],
        event if OF_A_BRANCH.contains(&event) => vec![Kind::all(BRANCH)],
        _ => return None,
    })
}

/// Whether a pattern of a filter of branches or tags is the name of one (github/docs, "Filter pattern cheat sheet").
pub(crate) fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['*', '?', '+', '[', ']', '!', '\\'])
}

/// What all that a pattern of a filter matches begins with. (`?` and `+` are of the character before them: GitHub's "Filter pattern cheat sheet".)
fn literal(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', '+', '[', ']', '!', '\\']).unwrap_or(pattern.len());
    let begin = &pattern[..end];
    match pattern[end..].chars().next() {
        Some('?' | '+') => begin.char_indices().next_back().map_or(begin, |(at, _)| &begin[..at]),
        _ => begin,
    }
}

/// What decides over a job where another was skipped.
pub(crate) fn behind_a_skip(condition: Expr) -> Expr {
    condition.rewrite(&mut |part| match &part.kind {
        ExprKind::Call(name, _) if name.eq_ignore_ascii_case("always") => Expr::bool(true, part.span),
        ExprKind::Call(name, _) if name.eq_ignore_ascii_case("success") || name.eq_ignore_ascii_case("cancelled") => {
            Expr::bool(false, Span::default())
        }
        _ => part,
    })
}

#[cfg(test)]
mod tests {
    use super::{is_plain, literal};

    #[test]
    fn the_plain_beginning_of_a_pattern() {
        for (pattern, begin) in
            [("main", "main"), ("v*", "v"), ("v1.[0-9]+", "v1."), ("ab?c", "a"), ("ab+", "a"), ("**", ""), ("!x", "")]
        {
            assert_eq!(literal(pattern), begin, "{pattern}");
            assert_eq!(is_plain(pattern), pattern == "main");
        }
    }
}
