//! The rows of a work, also where only the run knows them.

use std::sync::Arc;

use super::Scope;
use crate::expr::eval::{EvalError, Status};
use crate::expr::text::{sole_hole, split};
use crate::expr::value::{Object, Value};
use crate::hir::{self, Job, Map, Matrix, Origin, ValueKind, rows};
use crate::plan::{Plan, Work};
use crate::text::Text;

/// A row: the id of its task, and its values.
pub(super) struct Row {
    pub(super) id: String,
    /// Its number, and of how many.
    pub(super) place: (usize, usize),
    pub(super) values: Object,
    /// Which of the rows with statements of their own it is.
    pub(super) written: Option<usize>,
}

/// The rows of a work.
pub(super) fn of(plan: &Plan, work: &Work, scope: &Scope<'_>) -> Result<Vec<Row>, EvalError> {
    let job = resolved(&work.job, scope)?;
    let all = rows::rows(&job);
    let mut known = plan.tasks.iter().filter(|task| task.work == work.job.id);
    let count = all.len();
    let mut found = Vec::new();
    for (number, row) in all.into_iter().enumerate() {
        // Tasks of rows that only the run knows are one task in the plan.
        let id = known.next().map_or_else(|| work.job.id.clone(), |task| task.id.clone());
        let (axis, rows) = job.written_rows();
        let written = rows.iter().position(|each| row.get(axis) == Some(&each.value.spelled()));
        let values = row.iter().map(|(axis, text)| (axis.as_str(), typed(&job, axis, text))).collect();
        found.push(Row { id, place: (number, count), values, written });
    }
    Ok(found)
}

/// A value of a row with its type: to GitHub `true` and `'true'` differ.
fn typed(job: &Job, axis: &str, text: &str) -> Value {
    let mut candidates: Vec<&hir::Value> = Vec::new();
    match &job.matrix {
        Some(Matrix::Axes { axes, include, .. }) => {
            if let Some(hir::Value { kind: ValueKind::List(values), .. }) = axes.get(axis) {
                candidates.extend(values);
            }
            for each in include {
                if let ValueKind::Map(map) = &each.kind {
                    candidates.extend(map.get(axis));
                }
            }
        }
        Some(Matrix::Rows { rows, .. }) => candidates.extend(rows.iter().map(|row| &row.value)),
        _ => {}
    }
    let found = candidates.into_iter().find(|value| rows::plain(value) == text);
    found.map_or_else(|| if axis == "shard" { number(text) } else { Value::string(text) }, rows::evaluated)
}

fn number(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::string(text), Value::Number)
}

/// The job with what its matrix asks for worked out.
fn resolved(job: &Job, scope: &Scope<'_>) -> Result<Job, EvalError> {
    let origin = job.origin.clone();
    let matrix = match &job.matrix {
        Some(Matrix::Expr(text)) => {
            let all = asked(text, scope, &origin)?;
            let ValueKind::Map(mut axes) = all.kind else { return Ok(Job { matrix: None, ..job.clone() }) };
            let mut list = |key: &str| match axes.shift_remove(key).map(|value| value.kind) {
                Some(ValueKind::List(items)) => items,
                _ => Vec::new(),
            };
            let (include, exclude) = (list("include"), list("exclude"));
            Some(Matrix::Axes { axes, include, exclude, origin })
        }
        Some(Matrix::Axes { axes, include, exclude, origin }) => {
            let axes = axes.iter().map(|(axis, value)| Ok((axis.clone(), resolved_value(value, scope)?)));
            let axes = axes.collect::<Result<Map, EvalError>>()?;
            let all = |list: &[hir::Value]| list.iter().map(|value| resolved_value(value, scope)).collect::<Result<Vec<_>, _>>();
            Some(Matrix::Axes { axes, include: all(include)?, exclude: all(exclude)?, origin: origin.clone() })
        }
        other => other.clone(),
    };
    Ok(Job { matrix, ..job.clone() })
}

fn resolved_value(value: &hir::Value, scope: &Scope<'_>) -> Result<hir::Value, EvalError> {
    let kind = match &value.kind {
        ValueKind::Text(text) if text.contains("${{") => return asked(text, scope, &value.origin),
        ValueKind::List(items) => {
            ValueKind::List(items.iter().map(|item| resolved_value(item, scope)).collect::<Result<_, _>>()?)
        }
        ValueKind::Map(map) => {
            let entries = map.iter().map(|(key, value)| Ok((key.clone(), resolved_value(value, scope)?)));
            ValueKind::Map(entries.collect::<Result<_, EvalError>>()?)
        }
        kind => kind.clone(),
    };
    Ok(hir::Value { kind, origin: value.origin.clone() })
}

/// What a text asks for: the value of its only expression, else itself filled in.
fn asked(text: &Text, scope: &Scope<'_>, origin: &Origin) -> Result<hir::Value, EvalError> {
    let pieces = split(text).value;
    let value = match sole_hole(&pieces) {
        Some(expr) => scope.eval(expr, Status::Success)?,
        None => Value::string(scope.fill(text)?),
    };
    Ok(back(&value, origin))
}

/// A value of expressions as one of the language.
fn back(from: &Value, origin: &Origin) -> hir::Value {
    let kind = match from {
        Value::Null => ValueKind::Null,
        Value::Bool(value) => ValueKind::Bool(*value),
        Value::Number(_) => ValueKind::Number(from.to_text()),
        Value::String(text) => ValueKind::Text(Text::verbatim(text.as_ref(), origin.span)),
        Value::Array(array) => ValueKind::List(array.items.iter().map(|item| back(item, origin)).collect()),
        Value::Object(object) => ValueKind::Map(entries(object, origin)),
    };
    hir::Value { kind, origin: origin.clone() }
}

fn entries(object: &Arc<Object>, origin: &Origin) -> hir::Map {
    object.iter().map(|(name, value)| (name.to_owned(), back(value, origin))).collect()
}
