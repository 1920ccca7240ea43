//! Variables that may be longer than a system lets them be.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0758_event_in_a_variable::event_in_a_variable;
use crate::expr::fold::is_boolean;
use crate::expr::text::holes;
use crate::expr::{Expr, ExprKind};
use crate::hir::scripts::expressions;
use crate::hir::{Job, Map, Origin, Pipeline, Step, StepKind, Value};

/// Looks at the variables of the file, of every job, row and step, and at what hardening makes variables of.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    diags.extend(in_variables(&pipeline.defaults.env));
    let hardened = !pipeline.optimize.is_off("harden");
    for job in pipeline.jobs.values() {
        let mut tell = |origin: &Origin, found: Vec<Diag>| diags.extend(found.into_iter().map(|diag| origin.explain(diag)));
        tell(&job.origin, in_variables(&job.env));
        job.written_rows().1.iter().for_each(|row| tell(&row.job.origin, in_variables(&row.job.env)));
        for step in job.each_step() {
            tell(&step.origin, in_variables(&step.env));
            if hardened {
                tell(&step.origin, moved(pipeline, job, step));
            }
        }
    }
}

fn in_variables(env: &Map) -> Vec<Diag> {
    let told = |value: &Value| {
        let found = holes(&value.spelled()).into_iter().find_map(|(_, expr)| whole(&expr));
        found.map(|(said, is_event)| event_in_a_variable(&said, is_event, value.origin.span))
    };
    env.values().filter_map(told).collect()
}

/// What leaves a script for a variable, each once.
fn moved(pipeline: &Pipeline, job: &Job, step: &Step) -> Vec<Diag> {
    let StepKind::Run(script) = &step.kind else { return Vec::new() };
    if !script.to_ascii_lowercase().contains("tojson") {
        return Vec::new();
    }
    let mut told: Vec<String> = Vec::new();
    let mut diags = Vec::new();
    for found in expressions(pipeline, job, step, None).into_iter().filter(|it| it.edit.is_some() && it.variable.1) {
        if let Some((said, is_event)) = whole(&found.expr).filter(|(said, _)| !told.contains(said)) {
            diags.push(event_in_a_variable(&said, is_event, script.source(found.range)));
            told.push(said);
        }
    }
    diags
}

/// The part of an expression's value that is all of the event, as it is written, and whether it is that alone.
fn whole(expr: &Expr) -> Option<(String, bool)> {
    let mut found = None;
    if !is_boolean(expr) {
        expr.walk(&mut |part| {
            if let ExprKind::Call(name, arguments) = &part.kind
                && name.eq_ignore_ascii_case("toJSON")
                && let Some(path) = arguments.first().and_then(Expr::as_path)
                && let path = path.join(".").to_lowercase()
                && ["github", "github.event"].contains(&path.as_str())
            {
                let is_event = path != "github";
                found.get_or_insert_with(|| (part.to_string(), is_event));
            }
        });
    }
    found
}
