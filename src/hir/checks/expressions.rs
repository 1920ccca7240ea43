//! Every expression is checked against what can be seen where it stands: contexts by place, and what this file says they hold.

use std::rc::Rc;
use std::sync::Arc;

use super::actions;
use crate::catalog::contexts::{self, Place};
use crate::diagnostics::codes::{e0610_unknown_property, e0620_no_expression_here as no_expression, w0653_constant_condition};
use crate::diagnostics::{Diag, Outcome};
use crate::expr::Expr;
use crate::expr::check::{check as check_value, check_condition, check_text, condition_text};
use crate::expr::scope::{self, Scope};
use crate::expr::text::{Piece, hole_length, holes, split};
use crate::expr::types::Type;
use crate::hir::Need;
use crate::hir::visit::{self, Asks, Site};
use crate::hir::{Job, Local, Matrix, Pipeline, Step, StepKind, Switch, Value, ValueKind};
use crate::map::{HashMap, IndexMap};
use crate::source::Span;

/// Checks every expression of the pipeline.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let base = file_scope(pipeline);
    let mut pieces = Pieces::default();
    // A template or loop may be meant for other events than those of this file.
    let any_event = Scope::new(&contexts::ENV).shape("github").cloned().unwrap_or(Type::Any);
    let at = |scope: &Scope, site: &Site<'_>| {
        let scope = scope.at(site.place);
        if site.origin.frame.is_some() { scope.with("github", any_event.clone()) } else { scope }
    };
    let mut say = |site: &Site<'_>, diag: Diag| {
        // A name that nothing defines may have been lost with a broken statement.
        if !(broken && diag.code == &e0610_unknown_property::CODE) {
            diags.push(site.origin.explain(diag));
        }
    };
    visit::pipeline(pipeline, &mut |site| {
        if asks(&site) {
            one(&site, at(&base, &site), &mut pieces, &mut say);
        }
    });
    for job in pipeline.jobs.values() {
        let ids = step_ids(job);
        let own = job_scope(&base, job);
        let given = actions::given(pipeline, job);
        visit::job(job, &mut |site| {
            if !asks(&site) {
                return;
            }
            let mut scope = at(&own, &site);
            // Without a word on steps, what is known of them does not matter.
            if ids.len() <= MAX_KNOWN && (mentions(&site, "steps") || mentions(&site, ".outputs.")) {
                scope = scope.with("steps", visible(&ids, site.after));
                scope.given = given.clone();
                scope.titled = job
                    .steps
                    .iter()
                    .filter(|step| step.id.is_none())
                    .filter_map(|step| Some(step.title.as_ref()?.as_str().to_owned()))
                    .collect();
                scope.later = ids.iter().filter(|(at, _)| *at > site.after).map(|(_, id)| id.clone()).collect();
            }
            one(&site, scope, &mut pieces, &mut say);
            itself(job, &site, &mut say);
        });
        // What the file says of every job is seen from each that it holds for.
        visit::defaults(&pipeline.defaults, &mut |site| {
            if asks(&site) && inherits(job, site.place) {
                one(&site, at(&own, &site), &mut pieces, &mut |site, diag| {
                    let lacks = diag.code == &e0610_unknown_property::CODE;
                    say(site, if lacks { diag.label(job.origin.span, "holds for this job too") } else { diag });
                });
            }
        });
    }
}

/// Whether the file's word on something holds for a job.
fn inherits(job: &Job, place: &Place) -> bool {
    let (_, rows) = job.written_rows();
    let own = if place == &contexts::FILE_RUNNER {
        job.runner.is_some() || rows.iter().any(|row| row.job.runner.is_some())
    } else {
        !matches!(job.timeout, Switch::Derived)
    };
    job.call.is_none() && !own
}

/// More steps than this with an id are not listed for each place anew; then any id may be asked for.
const MAX_KNOWN: usize = 300;

/// Whether there is something to check. Most texts ask for nothing; those that look as if they did are told apart by `split`.
fn asks(site: &Site<'_>) -> bool {
    match site.asks {
        Asks::When(_) | Asks::If(_) | Asks::Value(_) => true,
        Asks::Text(text) | Asks::Whole(text) => text.contains('$') || text.contains("{{"),
    }
}

fn mentions(site: &Site<'_>, context: &str) -> bool {
    let is_in = |text: &str| text.as_bytes().windows(context.len()).any(|part| part.eq_ignore_ascii_case(context.as_bytes()));
    match site.asks {
        Asks::When(when) => is_in(&when.expr.to_string()),
        Asks::Value(expr) => is_in(&expr.to_string()),
        Asks::Text(text) | Asks::Whole(text) | Asks::If(text) => is_in(text),
    }
}

/// Calls `see` with every expression of a site, and its place.
pub(super) fn site_expressions(site: &Site<'_>, see: &mut dyn FnMut(&Expr, Span)) {
    if asks(site) {
        parts(site, see);
    }
}

/// Calls `see` with every expression of a job, and its place.
pub(super) fn each(job: &Job, see: &mut dyn FnMut(&Expr, Span)) {
    visit::job(job, &mut |site| site_expressions(&site, see));
}

/// Calls `see` with every expression of a job that may ask for `context`, and its place.
pub fn naming(context: &str, job: &Job, see: &mut dyn FnMut(&Expr, Span)) {
    visit::job(job, &mut |site| site_naming(context, &site, see));
}

/// Calls `see` with every expression of a job's own steps that may ask for `context`, and its place.
pub fn naming_in_steps(context: &str, job: &Job, see: &mut dyn FnMut(&Expr, Span)) {
    visit::steps(job, &mut |site| site_naming(context, &site, see));
}

/// Calls `see` with every expression of a site that may ask for `context`, and its place.
pub(super) fn site_naming(context: &str, site: &Site<'_>, see: &mut dyn FnMut(&Expr, Span)) {
    // To look for a word is cheaper than to parse.
    if asks(site) && mentions(site, context) {
        parts(site, see);
    }
}

fn parts(site: &Site<'_>, see: &mut dyn FnMut(&Expr, Span)) {
    match site.asks {
        Asks::When(when) => see(&when.expr, when.origin.span),
        Asks::Value(expr) => see(expr, expr.span),
        Asks::If(text) => condition_text(text).value.iter().for_each(|expr| see(expr, text.span())),
        Asks::Text(text) | Asks::Whole(text) if text.contains("${{") => {
            holes(text).into_iter().for_each(|(span, expr)| see(&expr, text.source(span.start as usize..span.end as usize)));
        }
        _ => {}
    }
}

/// The pieces of texts: toolchains say the same in every job, and to parse is the dearest part of a check.
type Pieces = HashMap<String, Rc<Outcome<Vec<Piece>>>>;

fn one(site: &Site<'_>, mut scope: Scope, pieces: &mut Pieces, say: &mut dyn FnMut(&Site<'_>, Diag)) {
    scope.macros = true;
    match site.asks {
        Asks::When(when) => {
            // What is filled in may well make it constant: for this use of a template, in this round of a loop.
            let constant = |diag: &Diag| when.filled && diag.code == &w0653_constant_condition::CODE;
            check_condition(&when.expr, &scope).diags.into_iter().filter(|diag| !constant(diag)).for_each(|diag| say(site, diag));
        }
        Asks::Value(expr) => check_value(expr, &scope).diags.into_iter().for_each(|diag| say(site, diag)),
        Asks::If(text) => {
            // In raw data only what stands in `${{ }}` is rewritten.
            scope.macros = text.contains("${{");
            let Outcome { value: expr, diags } = condition_text(text);
            let checked = expr.map(|expr| check_condition(&expr, &scope).diags).unwrap_or_default();
            for diag in diags.into_iter().chain(checked) {
                say(site, diag.map_spans(|span| text.source(span.start as usize..span.end as usize)));
            }
        }
        Asks::Text(text) | Asks::Whole(text) if site.place.takes_no_expression() => {
            if let Some(start) = text.find("${{") {
                let length = hole_length(&text[start..]).unwrap_or(3);
                let (what, instead) = (site.place.what, instead(site.place));
                say(site, no_expression::no_expression_here(what, instead, text.source(start..start + length)));
            }
        }
        Asks::Text(text) | Asks::Whole(text) => {
            let place = |span: Span| text.source(span.start as usize..span.end as usize);
            let known = pieces.get(text.as_str()).cloned();
            let split = known.unwrap_or_else(|| pieces.entry(text.as_str().to_owned()).or_insert(Rc::new(split(text))).clone());
            let checked = check_text(&split.value, &scope, matches!(site.asks, Asks::Whole(_)));
            for diag in split.diags.iter().cloned().chain(checked.diags) {
                say(site, diag.map_spans(place));
            }
        }
    }
}

/// Where a value of run time can be said, for places that take none.
fn instead(place: &Place) -> Option<&'static str> {
    [
        (&contexts::STEP_SHELL, "write it as the `shell` of the job, which takes one"),
        (&contexts::FILE_DEFAULTS, "write it in the jobs, whose `shell` and directory take one"),
        (&contexts::WORKFLOW_NAME, "write it as `run-name`, the name of each run, which takes one"),
        (&contexts::FILTER, "ask for it with `when` in the jobs"),
    ]
    .into_iter()
    .find_map(|(known, instead)| (known == place).then_some(instead))
}

/// A job cannot need itself: `needs` holds all others.
fn itself(job: &Job, site: &Site<'_>, say: &mut dyn FnMut(&Site<'_>, Diag)) {
    let names_it = |path: &[String]| matches!(path, [context, name, ..] if context.eq_ignore_ascii_case("needs") && name.eq_ignore_ascii_case(&job.id));
    site_naming("needs", site, &mut |expr, span| {
        if expr.paths().iter().any(|path| names_it(path)) {
            say(site, e0610_unknown_property::unknown_property("needs", &job.id, None, &[], span));
        }
    });
}

/// What can be seen in a job, its steps apart.
pub(super) fn job_scope(base: &Scope, job: &Job) -> Scope {
    let mut scope = base.clone().with("matrix", matrix(job));
    if job.needs.iter().any(|need| matches!(need, Need::Off)) {
        // Nothing comes before it but what it names.
        let named = job.needs.iter().filter_map(|need| if let Need::Job(name, _) = need { Some(name) } else { None });
        let shape = |name: &String| scope.shape("needs").and_then(|needs| needs.property(name)).cloned();
        let needs = Type::record(named.filter_map(|name| Some((name.as_str(), shape(name)?))));
        scope = scope.with("needs", needs);
    }
    scope.itself = Some(Arc::from(job.id.as_str()));
    scope
}

/// What can be seen in the file, by every job.
pub(super) fn file_scope(pipeline: &Pipeline) -> Scope {
    let mut inputs: IndexMap<String, Type> = IndexMap::default();
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
                dispatch.push((name.clone(), input.of_type.as_str() == "boolean"));
            }
        }
    }
    // To name a job's output is to come after it, so every other job can be named.
    let jobs = Type::record(pipeline.jobs.values().map(|job| (job.id.as_str(), shown(job, pipeline))));
    let mut scope =
        Scope::new(&contexts::ENV).with("inputs", Type::record(inputs)).with("jobs", jobs.clone()).with("needs", jobs);
    if pipeline.triggers.iter().any(|trigger| trigger.event == "workflow_dispatch") {
        scope = scope.with_event_inputs(dispatch);
    }
    scope.calls = pipeline.jobs.values().filter(|job| job.call.is_some()).map(|job| job.id.clone()).collect();
    scope.constants = pipeline.constants.iter().map(|name| Arc::from(name.as_str())).collect();
    // What is called has the event of its caller.
    let known = !pipeline.triggers.is_empty() && !pipeline.raw.contains_key("on");
    if known && pipeline.triggers.iter().all(|trigger| trigger.event != "workflow_call") {
        scope = scope.with_events(pipeline.triggers.iter().map(|trigger| trigger.event.as_str()));
    }
    scope
}

/// A job as others see it: the outputs of a called workflow are those that it declares, where it can be read.
fn shown(job: &Job, pipeline: &Pipeline) -> Type {
    let called = job.call.as_ref().map(|call| pipeline.locals.get(call.workflow.as_str()).and_then(Local::interface));
    scope::job(match called {
        _ if job.raw.contains_key("outputs") => None,
        Some(interface) => interface.and_then(|interface| interface.outputs.clone()),
        None => Some(job.outputs.keys().cloned().collect()),
    })
}

fn matrix(job: &Job) -> Type {
    let mut axes: IndexMap<String, Type> = IndexMap::default();
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
    let of_rows = job.written_rows().1.iter().flat_map(|row| row.job.toolchains.values());
    for toolchain in job.toolchains.values().chain(of_rows) {
        toolchain.steps().for_each(|step| collect(step, 0, &mut ids));
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
