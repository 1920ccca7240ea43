//! Rows with statements of their own: what each puts into the matrix, and how their job asks for it.

use indexmap::IndexMap;

use super::values;
use crate::expr::text::{Piece, split};
use crate::hir::{Job, Matrix, MatrixRow, Runner, Service, Value, ValueKind};
use crate::plan::Plan;
use crate::workflow::model::{Scalar, ToNode};
use crate::workflow::yaml::{Kind, Node};

/// Something that rows set: `runner`, `timeout`, a variable, the image of a server.
pub(super) struct Column {
    /// What it is called in the matrix.
    key: String,
    /// What each row puts there.
    rows: Vec<Option<Node>>,
    /// What the job says for it.
    pub(super) asks: Scalar,
}

/// The machine, where rows have one of their own. A row without takes the job's.
pub(super) fn runner(plan: &Plan, job: &Job) -> Option<Column> {
    let own = job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref());
    let rest = own.map_or_else(|| Node::str("ubuntu-latest"), |own| machine(plan, own));
    column(job, "runner", &[], Some(rest), |row| row.job.runner.as_ref().map(|own| machine(plan, own)))
}

/// Minutes, where rows have a timeout of their own. A row without takes the job's, or what GitHub takes.
pub(super) fn timeout(plan: &Plan, job: &Job) -> Option<Column> {
    let own = super::job::own_timeout(plan, job);
    let rest = own.as_ref().map_or_else(|| Node::new(Kind::Num("360".to_owned())), ToNode::to_node);
    let minutes = |timeout: &Value| values::minutes(timeout).to_node();
    column(job, "timeout", &[], Some(rest), |row| row.job.timeout.written().map(minutes))
}

/// A variable that some row sets. One that a row does not set has the job's or the file's value there, or is empty.
pub(super) fn variable(plan: &Plan, job: &Job, name: &str) -> Option<Column> {
    let rest = job.env.get(name).or(plan.pipeline.defaults.env.get(name)).map(|value| values::scalar(value).to_node());
    column(job, name, &["runner", "timeout"], rest, |row| row.job.env.get(name).map(|value| values::scalar(value).to_node()))
}

/// The image of a server that some row has; in a row without it, the job's, or none.
pub(super) fn image(job: &Job, name: &str) -> Option<Column> {
    let image = |service: &Service| service.keys.get("image").map(|image| values::scalar(image).to_node());
    let rest = job.services.get(name).and_then(image);
    column(job, name, &["runner", "timeout"], rest, |row| row.job.services.get(name).and_then(image))
}

/// The servers that rows have, each with one row's description.
pub(super) fn services(job: &Job) -> IndexMap<&str, &Service> {
    let all = rows(job).1.iter().take(MAX_ROWS).flat_map(|row| &row.job.services);
    all.map(|(name, service)| (name.as_str(), service)).collect()
}

/// The names of the variables that rows set, in the order of their first use.
pub(super) fn variables(job: &Job) -> Vec<&str> {
    // GitHub takes no more rows, and `limits` says so.
    let mut names: Vec<&str> = rows(job).1.iter().take(MAX_ROWS).flat_map(|row| row.job.env.keys().map(String::as_str)).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

/// What each row adds to the matrix, by row.
pub(super) fn additions(plan: &Plan, job: &Job) -> Vec<IndexMap<String, Node>> {
    let (_, rows) = rows(job);
    let mut additions = vec![IndexMap::new(); rows.len()];
    let variables = variables(job).into_iter().filter_map(|name| variable(plan, job, name));
    let images = services(job).into_keys().filter_map(|name| image(job, name));
    for column in runner(plan, job).into_iter().chain(timeout(plan, job)).chain(variables).chain(images) {
        for (row, value) in additions.iter_mut().zip(column.rows) {
            row.extend(value.map(|value| (column.key.clone(), value)));
        }
    }
    additions
}

const MAX_ROWS: usize = 256;

fn rows(job: &Job) -> (&str, &[MatrixRow]) {
    match &job.matrix {
        Some(Matrix::Rows { axis, rows, .. }) => (axis, rows),
        _ => ("", &[]),
    }
}

/// A runner as the matrix holds it.
fn machine(plan: &Plan, runner: &Runner) -> Node {
    match runner {
        Runner::Label(label) => match plan.pipeline.runners.get(label.as_str()) {
            Some(named) => values::node(&named.label),
            None => values::node(&Value { kind: ValueKind::Text(label.clone()), ..Value::default() }),
        },
        Runner::Data(value) => values::node(value),
        Runner::Auto(_) => Node::str("ubuntu-latest"),
    }
}

/// A column, if some row sets it; `rest` is what it is in the others.
fn column(job: &Job, name: &str, taken: &[&str], rest: Option<Node>, of: impl Fn(&MatrixRow) -> Option<Node>) -> Option<Column> {
    let (axis, all) = rows(job);
    let mut rows: Vec<Option<Node>> = all.iter().map(of).collect();
    if rows.iter().all(Option::is_none) {
        return None;
    }
    // GitHub does not tell `Runner` from `runner`.
    let is_taken = taken.iter().chain([&axis]).any(|other| other.eq_ignore_ascii_case(name));
    let key = if is_taken { format!("own-{name}") } else { name.to_owned() };
    let path = if key.contains('.') { format!("matrix['{key}']") } else { format!("matrix.{key}") };
    let falsy = rows.iter().flatten().any(may_be_falsy);
    let asks = match rest.filter(|_| rows.iter().any(Option::is_none)).map(|rest| (as_expression(&rest), rest)) {
        None => path,
        Some((Some((rest, _)), _)) if !falsy => format!("{path} || {rest}"),
        // A row that says `false`, or nothing at all, means it.
        Some((Some((rest, true)), _)) => format!("case(toJSON({path}) != 'null', {path}, {rest})"),
        Some((_, rest)) => {
            rows.iter_mut().for_each(|row| *row = Some(row.take().unwrap_or_else(|| rest.clone())));
            path
        }
    };
    Some(Column { key, rows, asks: Scalar::Str(format!("${{{{ {asks} }}}}")) })
}

/// Whether GitHub's `||` may pass it over.
fn may_be_falsy(node: &Node) -> bool {
    match &node.kind {
        Kind::Null | Kind::Bool(false) => true,
        Kind::Num(number) => number.parse::<f64>().is_ok_and(|number| number == 0.0),
        Kind::Str(text) => text.is_empty() || text.contains("${{"),
        _ => false,
    }
}

/// One value inside an expression, and whether only run time knows it. None for lists and maps.
fn as_expression(node: &Node) -> Option<(String, bool)> {
    let text = match &node.kind {
        Kind::Bool(value) => return Some((value.to_string(), false)),
        Kind::Num(number) => return Some((number.clone(), false)),
        Kind::Null => return Some(("''".to_owned(), false)),
        Kind::Str(text) => text,
        Kind::Seq(_) | Kind::Map(_) => return None,
    };
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if !text.contains("${{") {
        return Some((quoted(text), false));
    }
    let pieces = split(text).value;
    let (mut pattern, mut holes) = (String::new(), Vec::new());
    for piece in &pieces {
        match piece {
            Piece::Text { text, .. } => pattern.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Piece::Hole { expr, .. } => {
                pattern.extend(["{", &holes.len().to_string(), "}"]);
                holes.push(expr.as_ref()?.to_string());
            }
        }
    }
    Some(match holes.as_slice() {
        [only] if pattern == "{0}" => (only.clone(), true),
        _ => (format!("format({}, {})", quoted(&pattern), holes.join(", ")), true),
    })
}
