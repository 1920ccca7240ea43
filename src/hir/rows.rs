//! The rows of a matrix, as far as they are known before it runs: all combinations, less `exclude`, with `include` added as GitHub does.

use super::{Job, Map, Matrix, Value, ValueKind};
use crate::map::IndexMap;

type Row = IndexMap<String, String>;

/// More rows than GitHub takes are not spelled out.
const MAX_ROWS: usize = 256;

/// The rows of a job: one without values where there is no matrix, or where only run time knows it.
pub(crate) fn rows(job: &Job) -> Vec<Row> {
    let unknown = vec![Row::default()];
    let mut rows = match &job.matrix {
        None => unknown.clone(),
        Some(Matrix::Expr(_)) => return unknown,
        Some(Matrix::Rows { axis, rows, .. }) => {
            rows.iter().map(|row| Row::from_iter([(axis.clone(), row.value.spelled())])).collect()
        }
        Some(Matrix::Axes { axes, include, exclude, .. }) => match combinations(axes) {
            Some(combinations) => included(combinations, include, exclude, axes),
            None => return unknown,
        },
    };
    if let Some(count) = job.shards.as_ref().and_then(super::Shards::number).map(|count| count as usize)
        && rows.len().saturating_mul(count) <= MAX_ROWS
    {
        rows = rows.iter().flat_map(|row| (1..=count).map(move |shard| with(row, "shard", &shard.to_string()))).collect();
    }
    rows
}

/// All combinations of the axes; none where an axis is an expression or there are too many.
fn combinations(axes: &IndexMap<String, Value>) -> Option<Vec<Row>> {
    let mut rows = vec![Row::default()];
    for (axis, value) in axes {
        let ValueKind::List(values) = &value.kind else { return None };
        if rows.len().saturating_mul(values.len()) > MAX_ROWS {
            return None;
        }
        rows = rows.iter().flat_map(|row| values.iter().map(move |value| with(row, axis, &plain(value)))).collect();
    }
    Some(if axes.is_empty() { Vec::new() } else { rows })
}

fn included(mut rows: Vec<Row>, include: &[Value], exclude: &[Value], axes: &IndexMap<String, Value>) -> Vec<Row> {
    for each in exclude.iter().filter_map(map) {
        rows.retain(|row| !each.iter().all(|(axis, value)| row.get(axis) == Some(&plain(value))));
    }
    let original = rows.clone();
    for each in include.iter().filter_map(map) {
        // A row takes the values where none of its own axes is changed by them.
        let fits = |row: &Row| each.iter().all(|(axis, value)| !axes.contains_key(axis) || row.get(axis) == Some(&plain(value)));
        let mut taken = false;
        for (row, before) in rows.iter_mut().zip(&original) {
            if fits(before) {
                taken = true;
                row.extend(each.iter().map(|(axis, value)| (axis.clone(), plain(value))));
            }
        }
        if !taken {
            rows.push(each.iter().map(|(axis, value)| (axis.clone(), plain(value))).collect());
        }
    }
    rows
}

fn map(value: &Value) -> Option<&Map> {
    match &value.kind {
        ValueKind::Map(map) => Some(map),
        _ => None,
    }
}

fn with(row: &Row, axis: &str, value: &str) -> Row {
    let mut row = row.clone();
    row.insert(axis.to_owned(), value.to_owned());
    row
}

/// A value as an id shows it: maps and lists by what they hold.
pub(crate) fn plain(value: &Value) -> String {
    match &value.kind {
        ValueKind::List(items) => items.iter().map(plain).collect::<Vec<_>>().join("+"),
        ValueKind::Map(map) => map.values().map(plain).collect::<Vec<_>>().join("+"),
        _ => value.spelled(),
    }
}
