//! Matrices that GitHub refuses, or that are not what they seem.

use std::collections::HashMap;

use crate::catalog::interface::find;
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0304_bad_matrix::{
    empty_axis, no_row, second_shard_axis, shards_of_unknown_rows, variable_of_shards,
};
use crate::diagnostics::codes::w0313_exclude_of_nothing::exclude_of_nothing;
use crate::diagnostics::{Diag, nearest};
use crate::hir::{Job, Map, Matrix, Pipeline, Value, ValueKind, rows};
use crate::source::Span;

/// Checks the matrix of every job.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        if let Some(shards) = &job.shards {
            match &job.matrix {
                Some(Matrix::Expr(text)) => {
                    diags.push(job.origin.explain(shards_of_unknown_rows(shards.origin.span, text.span())));
                }
                Some(matrix) => {
                    if let Some(axis) = axes(matrix).find(|(axis, _)| axis.eq_ignore_ascii_case("shard")) {
                        diags.push(job.origin.explain(second_shard_axis(shards.origin.span, axis.1)));
                    }
                }
                None => {}
            }
        }
        variables(job, diags);
        if let Some(Matrix::Axes { axes, exclude, origin, .. }) = &job.matrix {
            axes_of(job, axes, diags);
            excluded(job, axes, exclude, origin.span, diags);
        }
    }
}

fn axes(matrix: &Matrix) -> impl Iterator<Item = (&str, Span)> {
    let (axes, row_axis) = match matrix {
        Matrix::Axes { axes, .. } => (Some(axes), None),
        Matrix::Rows { axis, origin, .. } => (None, Some((axis.as_str(), origin.span))),
        Matrix::Expr(_) => (None, None),
    };
    axes.into_iter().flatten().map(|(axis, value)| (axis.as_str(), value.origin.span)).chain(row_axis)
}

/// No variable is spelled in two ways, which GitHub takes for one key, and `shards` alone sets its own.
fn variables(job: &Job, diags: &mut Vec<Diag>) {
    let (_, rows) = job.written_rows();
    let mut spelled: HashMap<String, (&str, Span)> = HashMap::new();
    for env in std::iter::once(&job.env).chain(rows.iter().map(|row| &row.job.env)) {
        for (name, value) in env {
            let at = value.origin.span;
            // Within one block that was seen before.
            let (before, place) = *spelled.entry(name.to_lowercase()).or_insert((name, at));
            if before != name && !env.contains_key(before) {
                diags.push(value.origin.explain(said_twice(name, at, place)));
            }
            if let Some(shards) = &job.shards
                && ["SHARD", "SHARDS"].iter().any(|own| own.eq_ignore_ascii_case(name))
            {
                diags.push(value.origin.explain(variable_of_shards(name, shards.origin.span, at)));
            }
        }
    }
    if let (Some(shards), Some(Matrix::Axes { include, .. })) = (&job.shards, &job.matrix) {
        for row in include {
            let ValueKind::Map(row) = &row.kind else { continue };
            let axis = row.iter().find(|(key, _)| key.eq_ignore_ascii_case("shard"));
            diags.extend(axis.map(|(_, value)| value.origin.explain(second_shard_axis(shards.origin.span, value.origin.span))));
        }
    }
}

/// No axis is empty, and none has a value twice: two rows would be the same.
fn axes_of(job: &Job, axes: &Map, diags: &mut Vec<Diag>) {
    let mut names: HashMap<String, Span> = HashMap::new();
    for (axis, value) in axes {
        if let Some(before) = names.insert(axis.to_lowercase(), value.origin.span) {
            diags.push(value.origin.explain(said_twice(axis, value.origin.span, before)));
        }
        let ValueKind::List(values) = &value.kind else { continue };
        if values.is_empty() {
            diags.push(job.origin.explain(empty_axis(axis, value.origin.span)));
        }
        let mut seen: HashMap<String, &Value> = HashMap::new();
        for value in values {
            if let Some(before) = seen.insert(rows::exact(value), value) {
                diags.push(value.origin.explain(said_twice(&rows::plain(value), value.origin.span, before.origin.span)));
            }
        }
    }
}

/// Each exclusion takes something away, and not everything.
fn excluded(job: &Job, axes: &Map, exclude: &[Value], at: Span, diags: &mut Vec<Diag>) {
    for each in exclude {
        let ValueKind::Map(parts) = &each.kind else { continue };
        let nothing = parts.iter().find(|(axis, value)| match find(axes, axis).map(|axis| &axis.kind) {
            Some(ValueKind::List(values)) => values.iter().all(|other| rows::fits(value, other) == Some(false)),
            // What only run time knows may hold it.
            Some(_) => false,
            None => true,
        });
        if let Some((axis, value)) = nothing {
            let written = rows::plain(value);
            let values: Option<Vec<String>> = find(axes, axis).map(|of| match &of.kind {
                ValueKind::List(values) => values.iter().map(rows::plain).collect(),
                _ => Vec::new(),
            });
            let near = match &values {
                Some(values) => nearest(&written, values.iter().map(String::as_str)),
                None => nearest(axis, axes.keys().map(String::as_str)),
            };
            diags.push(each.origin.explain(exclude_of_nothing(axis, &written, values.is_some(), near, value.origin.span)));
        }
    }
    if !exclude.is_empty() && rows::rows(job).is_empty() {
        diags.push(job.origin.explain(no_row(at)));
    }
}
