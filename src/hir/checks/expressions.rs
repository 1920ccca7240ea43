//! Every expression is checked against what can be seen where it stands: contexts by place, and what this file says they hold.

use indexmap::IndexMap;

use crate::diagnostics::codes::e0610_unknown_property;
use crate::diagnostics::{Diag, Outcome};
use crate::expr::Expr;
use crate::expr::check::{check_condition, check_text};
use crate::expr::scope::{self, Scope};
use crate::expr::text::{Piece, split};
use crate::expr::types::Type;
use crate::hir::visit::{self, Asks, Site};
use crate::hir::{Job, Matrix, Pipeline, Step, StepKind, Value, ValueKind};
use crate::source::Span;

/// Checks every expression of the pipeline.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let base = file_scope(pipeline);
    let mut say = |site: &Site<'_>, diag: Diag| {
        // A name that nothing defines may have been lost with a broken statement.
        if !(broken && diag.code == &e0610_unknown_property::CODE) {
            diags.push(site.origin.explain(diag));
        }
    };
    visit::pipeline(pipeline, &mut |site| one(&site, &base.at(site.place), &mut say));
    for job in pipeline.jobs.values() {
        let ids = step_ids(job);
        let own = base.clone().with("matrix", matrix(job));
        visit::job(job, &mut |site| {
            if !asks(&site) {
                return;
            }
            let mut scope = own.at(site.place);
            // Without a word on steps, what is known of them does not matter.
            if ids.len() <= MAX_KNOWN && mentions(&site, "steps") {
                scope = scope.with("steps", visible(&ids, site.after));
            }
            one(&site, &scope, &mut say);
            itself(job, &site, &mut say);
        });
    }
}

/// More steps than this with an id are not listed for each place anew; then any id may be asked for.
const MAX_KNOWN: usize = 300;

/// Whether there is something to check. Most texts ask for nothing; those that look as if they did are told apart by `split`.
fn asks(site: &Site<'_>) -> bool {
    match site.asks {
        Asks::When(_) => true,
        Asks::Text(text) | Asks::Whole(text) => text.contains('$') || text.contains("{{"),
    }
}

fn mentions(site: &Site<'_>, context: &str) -> bool {
    match site.asks {
        Asks::When(when) => when.expr.to_string().to_ascii_lowercase().contains(context),
        Asks::Text(text) | Asks::Whole(text) => text.to_ascii_lowercase().contains(context),
    }
}

/// Calls `see` with every expression of a job, and its place.
pub fn each(job: &Job, see: &mut dyn FnMut(&Expr, Span)) {
    visit::job(job, &mut |site| site_expressions(&site, see));
}

fn site_expressions(site: &Site<'_>, see: &mut dyn FnMut(&Expr, Span)) {
    match site.asks {
        Asks::When(when) => see(&when.expr, when.origin.span),
        Asks::Text(text) | Asks::Whole(text) if text.contains("${{") => {
            for piece in split(text).value {
                if let Piece::Hole { expr: Some(expr), span } = piece {
                    see(&expr, text.source(span.start as usize..span.end as usize));
                }
            }
        }
        _ => {}
    }
}

fn one(site: &Site<'_>, scope: &Scope, say: &mut dyn FnMut(&Site<'_>, Diag)) {
    if !asks(site) {
        return;
    }
    let mut scope = scope.clone();
    scope.macros = true;
    match site.asks {
        Asks::When(when) => {
            for diag in check_condition(&when.expr, &scope).diags {
                say(site, diag);
            }
        }
        Asks::Text(text) | Asks::Whole(text) => {
            let place = |span: Span| text.source(span.start as usize..span.end as usize);
            let Outcome { value: pieces, diags } = split(text);
            let checked = check_text(&pieces, &scope, matches!(site.asks, Asks::Whole(_)));
            for diag in diags.into_iter().chain(checked.diags) {
                say(site, diag.map_spans(place));
            }
        }
    }
}

/// A job cannot need itself: `needs` holds all others.
fn itself(job: &Job, site: &Site<'_>, say: &mut dyn FnMut(&Site<'_>, Diag)) {
    let names_it = |path: &[String]| matches!(path, [context, name, ..] if context.eq_ignore_ascii_case("needs") && name.eq_ignore_ascii_case(&job.id));
    site_expressions(site, &mut |expr, span| {
        if expr.paths().iter().any(|path| names_it(path)) {
            say(site, e0610_unknown_property::unknown_property("needs", &job.id, None, &[], span));
        }
    });
}

fn file_scope(pipeline: &Pipeline) -> Scope {
    let mut inputs: IndexMap<String, Type> = IndexMap::new();
    let mut dispatch = Vec::new();
    for trigger in &pipeline.triggers {
        for (name, input) in &trigger.inputs {
            let of_type = match input.of_type.as_str() {
                "boolean" => Type::Bool,
                "number" => Type::Number,
                "choice" => Type::choice(input.choices.iter().map(Value::spelled)),
                _ => Type::String,
            };
            inputs.entry(name.clone()).or_insert(of_type);
            if trigger.event == "workflow_dispatch" {
                dispatch.push(name.clone());
            }
        }
    }
    // To name a job's output is to come after it, so every other job can be named.
    let jobs = Type::record(pipeline.jobs.values().map(|job| (job.id.as_str(), shown(job))));
    let mut scope = Scope::new(&crate::catalog::contexts::ENV)
        .with("inputs", Type::record(inputs))
        .with("jobs", jobs.clone())
        .with("needs", jobs);
    if pipeline.triggers.iter().any(|trigger| trigger.event == "workflow_dispatch") {
        scope = scope.with_event_inputs(dispatch);
    }
    scope
}

/// A job as others see it: a called workflow's outputs are known to that workflow alone.
fn shown(job: &Job) -> Type {
    let open = job.call.is_some() || job.raw.contains_key("outputs");
    scope::job((!open).then(|| job.outputs.keys().cloned().collect::<Vec<_>>()))
}

fn matrix(job: &Job) -> Type {
    let mut axes: IndexMap<String, Type> = IndexMap::new();
    let mut open = job.raw.contains_key("strategy");
    match &job.matrix {
        None => {}
        Some(Matrix::Expr(_)) => open = true,
        Some(Matrix::Rows { axis, rows, .. }) => {
            axes.insert(axis.clone(), Type::join(rows.iter().map(|row| of_value(&row.value))));
        }
        Some(Matrix::Axes { axes: own, include, .. }) => {
            for (axis, value) in own {
                let ty = match &value.kind {
                    ValueKind::List(items) => Type::join(items.iter().map(of_value)),
                    _ => Type::Any,
                };
                open |= axis == "include";
                axes.insert(axis.clone(), ty);
            }
            for row in include {
                let ValueKind::Map(row) = &row.kind else { continue };
                for (axis, value) in row {
                    let added = of_value(value);
                    let ty = axes.swap_remove(axis).map_or(added.clone(), |ty| Type::join([ty, added]));
                    axes.insert(axis.clone(), ty);
                }
            }
            // Rows that an include does not fill have nothing there.
            for (axis, ty) in &mut axes {
                let everywhere = own.contains_key(axis)
                    || own.is_empty()
                        && include.iter().all(|row| matches!(&row.kind, ValueKind::Map(row) if row.contains_key(axis)));
                if !everywhere {
                    *ty = Type::Any;
                }
            }
        }
    }
    if job.shards.is_some() {
        axes.insert("shard".to_owned(), Type::Number);
    }
    if open { Type::partly(axes, Type::Any) } else { Type::record(axes) }
}

fn of_value(value: &Value) -> Type {
    match &value.kind {
        ValueKind::Null => Type::Null,
        ValueKind::Bool(_) => Type::Bool,
        ValueKind::Number(_) => Type::Number,
        ValueKind::Text(text) if text.contains("${{") => Type::Any,
        ValueKind::Text(text) => Type::choice([text.as_str()]),
        ValueKind::List(items) => Type::Array(Box::new(Type::join(items.iter().map(of_value)))),
        ValueKind::Map(map) => Type::record(map.iter().map(|(key, value)| (key.as_str(), of_value(value)))),
    }
}

/// The ids of a job's steps, each with the number of the step that has it; those of its toolchains come before all.
fn step_ids(job: &Job) -> Vec<(usize, String)> {
    fn collect(step: &Step, at: usize, ids: &mut Vec<(usize, String)>) {
        ids.extend(step.id.iter().map(|(id, _)| (at, id.clone())));
        if let StepKind::Parallel(steps) = &step.kind {
            steps.iter().for_each(|step| collect(step, at, ids));
        }
    }
    let mut ids = Vec::new();
    for toolchain in job.toolchains.values() {
        toolchain.setup.iter().chain(&toolchain.install).for_each(|step| collect(step, 0, &mut ids));
    }
    for (at, step) in job.steps.iter().enumerate() {
        collect(step, at + 1, &mut ids);
    }
    ids
}

fn visible(ids: &[(usize, String)], after: usize) -> Type {
    let seen = ids.iter().filter(|(at, _)| *at <= after).map(|(_, id)| (id.as_str(), scope::step(None::<[&str; 0]>)));
    Type::record(seen)
}
