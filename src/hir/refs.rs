//! Of which branches, tags and pull requests the runs of a workflow are, as far as `on` tells, and which of them a condition leaves out.
//!
//! There are as many runs as names, so they are told apart by what conditions ask for: for each event one run of every ref that is named, and one of any other
//! branch, tag and pull request. Of the latter it is known that its ref is none of those, and how it begins.

use std::collections::BTreeSet;

use crate::expr::fold::{Known, fold_condition};
use crate::expr::value::Value;
use crate::expr::{CompareOp, Expr, ExprKind};
use crate::hir::started::{BRANCH, PULL, TAG, is_plain, kinds, literal};
use crate::hir::{Pipeline, Trigger};
use crate::source::Span;

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
        let full = |name: &str| format!("{}{name}", kind.start);
        // Texts are the same to GitHub whatever their case.
        let filter: Option<Vec<String>> = kind.names.as_ref().map(|names| names.iter().map(|name| name.to_lowercase()).collect());
        let written: BTreeSet<String> = filter.iter().flatten().filter(|name| is_plain(name)).map(|name| full(name)).collect();
        let asked = named.iter().filter(|name| name.starts_with(kind.start) && kind.has(short(name))).cloned();
        all.extend(written.iter().cloned().chain(asked).collect::<BTreeSet<_>>().into_iter().map(|name| run(Ref::Named(name))));
        let begins = match &filter {
            None => vec![kind.start.to_owned()],
            Some(filter) => {
                let patterns = filter.iter().filter(|name| !is_plain(name) && !name.starts_with('!'));
                patterns.map(|name| full(literal(name))).collect()
            }
        };
        if !begins.is_empty() {
            all.push(run(Ref::Other(Some(begins))));
        }
    }
    all
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
