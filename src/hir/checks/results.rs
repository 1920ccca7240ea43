//! Conditions that ask for a failure and do not run after one: GitHub puts `success() &&` before what asks for no status.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0653_constant_condition::never_after_success;
use crate::expr::{CompareOp, Expr, ExprKind};
use crate::hir::{Condition, Job, Pipeline};

/// Looks at the conditions of every job and step.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let rows = job.written_rows().1.iter().filter_map(|row| row.job.when.as_ref());
        let of_jobs = job.when.iter().chain(rows);
        // In a step `success()` is about the steps before it: what the job comes after may have failed, where the job runs all the same.
        let runs_on = of_jobs.clone().any(|when| when.expr.asks_status());
        let of_steps = job.each_step().filter_map(|step| step.when.as_ref());
        diags.extend(of_jobs.filter_map(|when| one(job, when, false)));
        diags.extend(of_steps.filter_map(|when| one(job, when, runs_on)));
    }
}

/// `runs_on`: it is of a step whose job runs behind failures.
fn one(job: &Job, when: &Condition, runs_on: bool) -> Option<Diag> {
    if when.expr.asks_status() {
        return None;
    }
    let parts = if let ExprKind::And(all) = &when.expr.kind { all.as_slice() } else { std::slice::from_ref(&when.expr) };
    let part = parts.iter().find(|part| fails_with_success(job, part, runs_on))?;
    Some(when.origin.explain(never_after_success(&part.to_string(), part.span)))
}

/// Whether a part holds only where `success()` does not.
fn fails_with_success(job: &Job, part: &Expr, runs_on: bool) -> bool {
    let ExprKind::Compare(op, left, right) = &part.kind else { return false };
    let (path, value) = match (left.as_path(), right.as_string(), right.as_path(), left.as_string()) {
        (Some(path), Some(value), ..) | (.., Some(path), Some(value)) => (path, value.to_ascii_lowercase()),
        _ => return false,
    };
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let bad = |values: &[&str]| match op {
        CompareOp::Eq => values.contains(&value.as_str()),
        CompareOp::Ne => value == "success" && values.contains(&"skipped"),
        _ => false,
    };
    match path.as_slice() {
        ["needs", _, "result"] if runs_on => false,
        // A job that was skipped takes those behind it along.
        ["needs", _, "result"] | ["job", "status"] => bad(&["failure", "cancelled", "skipped"]),
        ["steps", _, "conclusion"] => bad(&["failure", "cancelled"]),
        // What may fail has failed, and the job goes on.
        ["steps", id, "outcome"] => bad(&["failure"]) && !may_fail(job, id),
        _ => false,
    }
}

fn may_fail(job: &Job, id: &str) -> bool {
    job.each_step().any(|step| {
        let own = step.id.as_ref().is_some_and(|(own, _)| own.eq_ignore_ascii_case(id));
        own && (step.may_fail.is_some() || step.background || step.raw.contains_key("continue-on-error"))
    })
}
