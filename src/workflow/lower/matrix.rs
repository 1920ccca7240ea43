//! `strategy`: axes as they are, rows with statements of their own as what they set, shards as one more axis.

use super::rows::Columns;
use super::{alternatives, values};
use crate::hir::checks::expressions::naming;
use crate::hir::{self, Job, MatrixRow, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Plan, Work};
use crate::workflow::model::{Matrix, Or, Strategy};
use crate::workflow::yaml::{Kind, Map, Node};

pub(super) fn strategy(plan: &Plan, work: &Work, columns: &Columns<'_>) -> Option<Strategy> {
    let job = &work.job;
    let shards = shards(job);
    let mut matrix = match &job.matrix {
        None => shards.map(|_| Or::Is(Matrix::default())),
        Some(hir::Matrix::Expr(text)) => Some(Or::Expr(values::text(text).text().into_owned())),
        Some(hir::Matrix::Axes { axes, include, exclude, .. }) => Some(Or::Is(Matrix {
            axes: axes.iter().map(|(axis, value)| (axis.clone(), axis_values(value))).collect(),
            include: combinations(include, axes),
            exclude: combinations(exclude, axes),
            ..Matrix::default()
        })),
        Some(hir::Matrix::Rows { axis, rows, .. }) => Some(Or::Is(with_statements(columns, axis, rows))),
    };
    if let (Some(Or::Is(matrix)), Some(count)) = (&mut matrix, shards) {
        split(matrix, count);
        if let Some(chosen) = alternatives::shards(plan, work, count) {
            matrix.axes.insert("shard".to_owned(), Or::Expr(chosen.text().into_owned()));
        }
    }
    let strategy = Strategy {
        fail_fast: job.fail_fast.as_ref().map(values::scalar),
        max_parallel: job.max_parallel.as_ref().map(values::scalar),
        matrix,
        ..Strategy::default()
    };
    (strategy != Strategy::default()).then_some(strategy)
}

/// One axis more. A combination that `include` adds gets no values of it from GitHub, and is written out for each.
fn split(matrix: &mut Matrix, count: u32) {
    let shards: Vec<Node> = (1..=count).map(|shard| Node::new(Kind::Num(shard.to_string()))).collect();
    if let Some(Or::Is(include)) = &mut matrix.include {
        let axes = &matrix.axes;
        let extends = |row: &Map| {
            !axes.is_empty()
                && row.iter().all(|(key, value)| match axes.get(key) {
                    Some(Or::Is(values)) => values.contains(value),
                    _ => true,
                })
        };
        let with = |row: &Map, shard: &Node| {
            let mut row = row.clone();
            row.insert("shard".to_owned(), shard.clone());
            row
        };
        let rows = include
            .iter()
            .flat_map(|row| if extends(row) { vec![row.clone()] } else { shards.iter().map(|shard| with(row, shard)).collect() });
        *include = rows.collect();
    }
    // Without an axis, the combinations that `include` adds are all there are.
    if !matrix.axes.is_empty() || matrix.include.is_none() {
        matrix.axes.insert("shard".to_owned(), Or::Is(shards));
    }
}

/// How many shards a job has, where that is a number that GitHub takes; the lowering has refused any other. One that nothing splits yet is the first of one, where
/// it asks the matrix for its number.
pub(super) fn shards(job: &Job) -> Option<u32> {
    let asks = || {
        let mut asks = false;
        naming("matrix", job, &mut |expr, _| asks |= expr.paths().iter().any(|path| path.iter().eq(["matrix", "shard"])));
        asks
    };
    let count = job.shards.as_ref()?.number().or_else(|| asks().then_some(1));
    count.filter(|&count| count <= crate::hir::MAX_SHARDS)
}

fn axis_values(value: &Value) -> Or<Vec<Node>> {
    match &value.kind {
        ValueKind::List(items) => Or::Is(items.iter().map(values::node).collect()),
        _ => Or::Expr(values::scalar(value).text().into_owned()),
    }
}

fn combinations(rows: &[Value], axes: &hir::Map) -> Option<Or<Vec<Map>>> {
    let node = |axis: &String, value: &Value| match (&value.kind, axes.get(axis).map(|axis| &axis.kind)) {
        // An axis whose numbers became texts has texts here too: to `==` they are equal, but what `include` adds has a type.
        (ValueKind::Number(spelled), Some(ValueKind::List(items))) if items.iter().any(Value::is_bare_like_a_number) => {
            Node::str(spelled.as_str())
        }
        _ => values::node(value),
    };
    let map = |row: &Value| match &row.kind {
        ValueKind::Map(map) => map.iter().map(|(key, value)| (key.clone(), node(key, value))).collect(),
        _ => Map::default(),
    };
    (!rows.is_empty()).then(|| Or::Is(rows.iter().map(map).collect()))
}

/// Rows by their value, each with what it sets for its job.
fn with_statements(columns: &Columns<'_>, axis: &str, rows: &[MatrixRow]) -> Matrix {
    let values: Vec<Node> = rows.iter().map(|row| values::node(&row.value)).collect();
    let additions = values.iter().zip(columns.additions(rows.len())).filter(|(_, addition)| !addition.is_empty());
    let include: Vec<Map> =
        additions.map(|(value, addition)| std::iter::once((axis.to_owned(), value.clone())).chain(addition).collect()).collect();
    Matrix {
        axes: IndexMap::from_iter([(axis.to_owned(), Or::Is(values))]),
        include: (!include.is_empty()).then_some(Or::Is(include)),
        ..Matrix::default()
    }
}
