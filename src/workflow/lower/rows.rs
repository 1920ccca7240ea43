//! Rows with statements of their own: what each puts into the matrix, and how their job asks for it.

use std::collections::HashSet;

use super::values;
use crate::cost::auto;
use crate::expr::text::{Piece, split};
use crate::hir::{Job, MatrixRow, Runner, Service, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::Plan;
use crate::workflow::model::{Scalar, ToNode};
use crate::workflow::yaml::{Kind, Map, Node};

/// Something that rows set: `runner`, `timeout`, a variable, the image of a server.
pub(super) struct Column {
    /// What it is called in the matrix.
    key: String,
    /// What each row puts there.
    rows: Vec<Option<Node>>,
    /// What the job says for it.
    pub(super) asks: Scalar,
}

/// All that the rows of a job set.
#[derive(Default)]
pub(super) struct Columns<'a> {
    /// The machine. A row without takes the job's.
    pub(super) runner: Option<Column>,
    /// Minutes. A row without takes the job's, or what GitHub takes.
    pub(super) timeout: Option<Column>,
    /// Variables, in the order of their first use. One that a row does not set has the job's or the file's value there, or is empty.
    pub(super) variables: IndexMap<&'a str, Column>,
    /// Images of servers, each with one row's description of the server. A row without it has the job's, or none.
    pub(super) images: IndexMap<&'a str, (Column, &'a Service)>,
}

/// GitHub takes no more rows, and `limits` says so.
const MAX_ROWS: usize = 256;

impl<'a> Columns<'a> {
    /// Those of a job.
    pub(super) fn of(plan: &Plan, job: &'a Job) -> Self {
        let (axis, rows) = job.written_rows();
        if rows.is_empty() || rows.len() > MAX_ROWS {
            return Self::default();
        }
        // GitHub does not tell `Runner` from `runner`.
        let mut taken: HashSet<String> = [axis.to_lowercase(), "shard".to_owned()].into();
        let own = job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref());
        let rest = own.map_or_else(|| Node::str("ubuntu-latest"), |own| machine(plan, job, own));
        let of = |row: &MatrixRow| row.job.runner.as_ref().map(|own| machine(plan, job, own));
        let runner = column(rows, "runner", &mut taken, Some(rest), of);

        let own = super::job::own_timeout(plan, job);
        let rest = own.as_ref().map_or_else(|| Node::new(Kind::Num("360".to_owned())), ToNode::to_node);
        let of = |row: &MatrixRow| row.job.timeout.written().map(|timeout| values::minutes(timeout).to_node());
        let timeout = column(rows, "timeout", &mut taken, Some(rest), of);

        let node = |value: &Value| values::scalar(value).to_node();
        let mut variables = IndexMap::default();
        for name in rows.iter().flat_map(|row| row.job.env.keys()) {
            if !variables.contains_key(name.as_str()) {
                let rest = job.env.get(name).or(plan.pipeline.defaults.env.get(name)).map(node);
                let made = column(rows, name, &mut taken, rest, |row| row.job.env.get(name).map(node));
                variables.extend(made.map(|column| (name.as_str(), column)));
            }
        }
        let mut images: IndexMap<&str, (Column, &Service)> = IndexMap::default();
        for (name, service) in rows.iter().flat_map(|row| &row.job.services) {
            if !images.contains_key(name.as_str()) {
                let image = |service: &Service| service.keys.get("image").map(node);
                let rest = job.services.get(name).and_then(image);
                let made = column(rows, name, &mut taken, rest, |row| row.job.services.get(name).and_then(image));
                images.extend(made.map(|column| (name.as_str(), (column, service))));
            }
        }
        Self { runner, timeout, variables, images }
    }

    /// What each row adds to the matrix, by row.
    pub(super) fn additions(&self, count: usize) -> Vec<Map> {
        let mut additions = vec![Map::default(); count];
        let images = self.images.values().map(|(column, _)| column);
        for column in self.runner.iter().chain(&self.timeout).chain(self.variables.values()).chain(images) {
            for (row, value) in additions.iter_mut().zip(&column.rows) {
                row.extend(value.clone().map(|value| (column.key.clone(), value)));
            }
        }
        additions
    }
}

/// A runner as the matrix holds it.
fn machine(plan: &Plan, job: &Job, runner: &Runner) -> Node {
    match runner {
        Runner::Label(label) => match plan.pipeline.runners.get(label.as_str()) {
            Some(named) => values::node(&named.label),
            None => values::node(&Value { kind: ValueKind::Text(label.clone()), ..Value::default() }),
        },
        Runner::Data(value) => values::node(value),
        Runner::Auto(wishes) => {
            let usual = auto::usual(&plan.pipeline, job, wishes);
            plan.pipeline.runners.get(&usual).map_or_else(|| Node::str(&usual), |named| values::node(&named.label))
        }
    }
}

/// A column, if some row sets it, under a name that no other has; `rest` is what it is in the others.
fn column(
    all: &[MatrixRow],
    name: &str,
    taken: &mut HashSet<String>,
    rest: Option<Node>,
    of: impl Fn(&MatrixRow) -> Option<Node>,
) -> Option<Column> {
    let mut rows: Vec<Option<Node>> = all.iter().map(of).collect();
    if rows.iter().all(Option::is_none) {
        return None;
    }
    let mut key = name.to_owned();
    while !taken.insert(key.to_lowercase()) {
        key.insert_str(0, "own-");
    }
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
