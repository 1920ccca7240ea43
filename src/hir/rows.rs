//! The rows of a matrix, as far as they are known before it runs: all combinations, less `exclude`, with `include` added as GitHub does.

use super::{Job, Map, Matrix, Value, ValueKind};
use crate::catalog::interface::find;
use crate::map::IndexMap;

type Row = IndexMap<String, String>;

/// A value of each axis.
type Combination<'j> = IndexMap<String, &'j Value>;

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
fn combinations(axes: &Map) -> Option<Vec<Combination<'_>>> {
    let mut all = vec![Combination::default()];
    for (axis, value) in axes {
        let ValueKind::List(values) = &value.kind else { return None };
        if all.len().saturating_mul(values.len()) > MAX_ROWS {
            return None;
        }
        all = all.iter().flat_map(|before| values.iter().map(move |value| one_more(before, axis, value))).collect();
    }
    Some(if axes.is_empty() { Vec::new() } else { all })
}

fn one_more<'j>(before: &Combination<'j>, axis: &str, value: &'j Value) -> Combination<'j> {
    let mut combination = before.clone();
    combination.insert(axis.to_owned(), value);
    combination
}

fn included(mut all: Vec<Combination<'_>>, include: &[Value], exclude: &[Value], axes: &Map) -> Vec<Row> {
    let has = |combination: &Combination<'_>, each: &Map| {
        let own = each.iter().filter_map(|(axis, wanted)| Some((wanted, find(combination, axis)?)));
        every(own.map(|(wanted, value)| fits(wanted, value)))
    };
    for each in exclude.iter().filter_map(map) {
        let is_axis = |axis: &String| find(axes, axis).is_some();
        all.retain(|combination| !each.keys().all(is_axis) || has(combination, each) != Some(true));
    }
    let mut rows: Vec<Row> =
        all.iter().map(|combination| combination.iter().map(|(axis, value)| (axis.clone(), plain(value))).collect()).collect();
    for each in include.iter().filter_map(map) {
        // A row takes the values where none of its own axes is changed by them.
        let mut taken = false;
        for (row, _) in rows.iter_mut().zip(&all).filter(|(_, combination)| has(combination, each) == Some(true)) {
            taken = true;
            let added = each.iter().filter(|(axis, _)| find(axes, axis).is_none());
            row.extend(added.map(|(axis, value)| (axis.clone(), plain(value))));
        }
        if !taken {
            rows.push(each.iter().map(|(axis, value)| (axis.clone(), plain(value))).collect());
        }
    }
    rows
}

/// Whether a value of an axis is what an `exclude` or `include` asks for, as GitHub has it: a map asks only for the keys that it names, and single
/// values are equal as `==` says. None where only a run knows. Read in `MatrixBuilder.cs` of actions/runner.
pub(crate) fn fits(wanted: &Value, value: &Value) -> Option<bool> {
    let of_run = |value: &Value| value.kind.as_text().is_some_and(|text| text.contains("${{"));
    if of_run(wanted) || of_run(value) {
        return (plain(wanted) == plain(value)).then_some(true);
    }
    let nothing = Value::default();
    match (&wanted.kind, &value.kind) {
        (ValueKind::Map(all), of) => every(all.iter().map(|(key, wanted)| {
            let inner = if let ValueKind::Map(of) = of { find(of, key) } else { None };
            fits(wanted, inner.unwrap_or(&nothing))
        })),
        (ValueKind::List(all), of) => every(all.iter().enumerate().map(|(index, wanted)| {
            let inner = if let ValueKind::List(of) = of { of.get(index) } else { None };
            fits(wanted, inner.unwrap_or(&nothing))
        })),
        _ => Some(evaluated(wanted).loose_eq(&evaluated(value))),
    }
}

fn every(mut all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all.try_fold(Some(true), |known, each| match each {
        Some(false) => Err(Some(false)),
        Some(true) => Ok(known),
        None => Ok(None),
    })
    .unwrap_or_else(|no| no)
}

/// A value of the language as one of expressions.
pub(crate) fn evaluated(from: &Value) -> crate::expr::value::Value {
    use crate::expr::value::Value as Evaluated;
    match &from.kind {
        ValueKind::Null => Evaluated::Null,
        ValueKind::Bool(value) => Evaluated::Bool(*value),
        ValueKind::Number(spelling) => spelling.parse().map_or_else(|_| Evaluated::string(spelling), Evaluated::Number),
        ValueKind::Text(text) => Evaluated::string(text.as_str()),
        ValueKind::List(items) => Evaluated::array(items.iter().map(evaluated).collect()),
        ValueKind::Map(map) => Evaluated::object(map.iter().map(|(key, value)| (key.as_str(), evaluated(value)))),
    }
}

fn map(value: &Value) -> Option<&Map> {
    match &value.kind {
        ValueKind::Map(map) => Some(map),
        _ => None,
    }
}

/// A value as no other is written: `1` is not `"1"`, and `[1, 2]` not `[[1, 2]]`.
pub(crate) fn exact(value: &Value) -> String {
    match &value.kind {
        ValueKind::Text(text) => format!("{:?}", text.as_str()),
        ValueKind::List(items) => format!("[{}]", items.iter().map(exact).collect::<Vec<_>>().join(", ")),
        ValueKind::Map(map) => {
            let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key:?}: {}", exact(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        ValueKind::Null => "null".to_owned(),
        ValueKind::Bool(_) | ValueKind::Number(_) => value.spelled(),
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
