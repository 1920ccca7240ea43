//! Axes of a matrix that nothing asks for.

use super::expressions;
use crate::diagnostics::codes::w0335_unused_axis::unused_axis;
use crate::diagnostics::{Diag, has_errors};
use crate::hir::visit::{self, Asks};
use crate::hir::{Job, Matrix, Pipeline, Value, ValueKind};

/// Looks at the axes of every job.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    // What was lost or refused may have asked for it.
    if broken || has_errors(diags) {
        return;
    }
    for job in pipeline.jobs.values() {
        let Some(Matrix::Axes { axes, include, exclude, .. }) = &job.matrix else { continue };
        if raw_mentions(job) {
            continue;
        }
        let mut asked: Vec<String> = Vec::new();
        let mut all = false;
        let known = |axis: &String| axes.keys().any(|known| known.eq_ignore_ascii_case(axis));
        let mut note = |path: &[String]| match path {
            [context, axis, ..] if context == "matrix" => asked.push(axis.clone()),
            [context] if context == "matrix" => all = true,
            [axis] if known(axis) => asked.push(axis.clone()),
            _ => {}
        };
        expressions::each(job, &mut |expr, _| expr.paths().iter().for_each(|path| note(path)));
        visit::defaults(&pipeline.defaults, &mut |site| {
            expressions::site_expressions(&site, &mut |expr, _| expr.paths().iter().for_each(|path| note(path)));
        });
        // One that was meant for an expression is reported as such.
        let mut texts = String::new();
        visit::job(job, &mut |site| {
            if let Asks::Text(text) | Asks::Whole(text) | Asks::If(text) = site.asks
                && text.contains("matrix.")
            {
                texts.push_str(text);
            }
        });
        let slips = asked.iter().any(|axis| !known(axis) && !of_a_row(include, axis));
        let chooses = |axis: &str| {
            let known = |row: &Value| matches!(row.kind, ValueKind::Map(_));
            of_a_row(include, axis) || !include.iter().chain(exclude).all(known)
        };
        for (axis, value) in axes.iter().filter(|(axis, _)| *axis != "include" && *axis != "exclude") {
            let used = all
                || slips
                || texts.contains(&format!("matrix.{axis}"))
                || asked.iter().any(|known| known.eq_ignore_ascii_case(axis));
            let several = matches!(&value.kind, ValueKind::List(items) if items.len() > 1);
            if !used && several && !chooses(axis) {
                diags.push(job.origin.explain(unused_axis(axis, pipeline.key(value))));
            }
        }
    }
}

fn of_a_row(rows: &[Value], axis: &str) -> bool {
    rows.iter().any(|row| matches!(&row.kind, ValueKind::Map(row) if row.keys().any(|key| key.eq_ignore_ascii_case(axis))))
}

/// Whether keys of GitHub's own may ask for it, which nothing here reads.
fn raw_mentions(job: &Job) -> bool {
    !job.raw.is_empty() || job.each_step().any(|step| !step.raw.is_empty())
}
