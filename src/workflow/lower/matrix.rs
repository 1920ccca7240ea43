//! `strategy`: axes as they are, rows with statements of their own as what they set, shards as one more axis.

use indexmap::IndexMap;

use super::values;
use crate::hir::{self, Job, MatrixRow, Runner, Value, ValueKind};
use crate::plan::Plan;
use crate::workflow::model::{Matrix, Or, Scalar, Strategy};
use crate::workflow::yaml::{Kind, Node};

pub(super) fn strategy(plan: &Plan, job: &Job) -> Option<Strategy> {
    let mut matrix = match &job.matrix {
        None => None,
        Some(hir::Matrix::Expr(text)) => Some(Or::Expr(text.as_str().to_owned())),
        Some(hir::Matrix::Axes { axes, include, exclude, .. }) => Some(Or::Is(Matrix {
            axes: axes.iter().map(|(axis, value)| (axis.clone(), axis_values(value))).collect(),
            include: rows(include, axes),
            exclude: rows(exclude, axes),
            ..Matrix::default()
        })),
        Some(hir::Matrix::Rows { axis, rows, .. }) => Some(Or::Is(with_statements(plan, axis, rows))),
    };
    if let Some(count) = shards(job) {
        let values = (1..=count).map(|shard| Node::new(Kind::Num(shard.to_string()))).collect();
        let own = matrix.get_or_insert_with(|| Or::Is(Matrix::default()));
        if let Or::Is(matrix) = own {
            matrix.axes.insert("shard".to_owned(), Or::Is(values));
        }
    }
    let matrix = matrix?;
    Some(Strategy {
        fail_fast: job.fail_fast.as_ref().map(values::scalar),
        max_parallel: job.max_parallel.as_ref().map(values::scalar),
        matrix: Some(matrix),
        ..Strategy::default()
    })
}

/// How many shards a job has, where that is a number that GitHub takes; the lowering has refused any other.
pub(super) fn shards(job: &Job) -> Option<u32> {
    job.shards.as_ref()?.count.spelled().parse().ok().filter(|&count| count <= crate::hir::MAX_SHARDS)
}

fn axis_values(value: &Value) -> Or<Vec<Node>> {
    match &value.kind {
        ValueKind::List(items) => Or::Is(items.iter().map(values::node).collect()),
        _ => Or::Expr(value.spelled()),
    }
}

fn rows(rows: &[Value], axes: &hir::Map) -> Option<Or<Vec<IndexMap<String, Node>>>> {
    let node = |axis: &String, value: &Value| match (&value.kind, axes.get(axis).map(|axis| &axis.kind)) {
        // An axis of texts has texts here too: GitHub finds no `3.9` among them.
        (ValueKind::Number(spelled), Some(ValueKind::List(items)))
            if items.iter().any(|item| matches!(item.kind, ValueKind::Text(_))) =>
        {
            Node::str(spelled.as_str())
        }
        _ => values::node(value),
    };
    let map = |row: &Value| match &row.kind {
        ValueKind::Map(map) => map.iter().map(|(key, value)| (key.clone(), node(key, value))).collect(),
        _ => IndexMap::new(),
    };
    (!rows.is_empty()).then(|| Or::Is(rows.iter().map(map).collect()))
}

/// The label that a runner's name stands for, if it is a name and stands for one.
pub(super) fn label(plan: &Plan, name: &str) -> String {
    plan.pipeline.runners.get(name).map_or_else(|| name.to_owned(), |named| named.label.spelled())
}

/// What rows set beside variables is kept under these names.
pub(super) const RUNNER: &str = "runner";
pub(super) const TIMEOUT: &str = "timeout";

/// The name under which rows keep a statement: its own, unless the axis has that.
pub(super) fn column(axis: &str, statement: &str) -> String {
    own(statement, &[axis])
}

/// The name under which rows keep a variable: its own, unless something else has that.
pub(super) fn variable(axis: &str, name: &str) -> String {
    own(name, &[axis, RUNNER, TIMEOUT])
}

/// GitHub does not tell `Runner` from `runner`.
fn own(name: &str, taken: &[&str]) -> String {
    if taken.iter().any(|other| other.eq_ignore_ascii_case(name)) { format!("own-{name}") } else { name.to_owned() }
}

/// What a row sets for its job, under keys that its job asks for.
fn with_statements(plan: &Plan, axis: &str, rows: &[MatrixRow]) -> Matrix {
    let values: Vec<Node> = rows.iter().map(|row| values::node(&row.value)).collect();
    let include: Vec<IndexMap<String, Node>> = rows
        .iter()
        .filter_map(|row| {
            let mut set = IndexMap::from([(axis.to_owned(), values::node(&row.value))]);
            let runner = match &row.job.runner {
                Some(Runner::Label(label)) => plan.pipeline.runners.get(label.as_str()).map_or_else(
                    || Some(values::node(&Value { kind: ValueKind::Text(label.clone()), ..Value::default() })),
                    |named| Some(values::node(&named.label)),
                ),
                Some(Runner::Data(value)) => Some(values::node(value)),
                Some(Runner::Auto(_)) => Some(Node::str("ubuntu-latest")),
                None => None,
            };
            set.extend(runner.map(|runner| (column(axis, RUNNER), runner)));
            if let Some(timeout) = row.job.timeout.written() {
                set.insert(column(axis, TIMEOUT), scalar_node(&values::minutes(timeout)));
            }
            for (name, value) in &row.job.env {
                set.insert(variable(axis, name), scalar_node(&values::scalar(value)));
            }
            (set.len() > 1).then_some(set)
        })
        .collect();
    Matrix {
        axes: IndexMap::from([(axis.to_owned(), Or::Is(values))]),
        include: (!include.is_empty()).then_some(Or::Is(include)),
        ..Matrix::default()
    }
}

fn scalar_node(scalar: &Scalar) -> Node {
    use crate::workflow::model::ToNode;
    scalar.to_node()
}
