//! What differs between the rows of a job: a row replaces the job's toolchain of the same name, or does without it, and it may have a
//! condition of its own.

use std::sync::Arc;

use crate::expr::{CompareOp, Expr, ExprKind};
use crate::hir::{Condition, Job, MatrixRow, Toolchain, ValueKind};

/// Under which condition on the row a path is written: none where the job itself writes it, and so every row.
pub fn writing(job: &Job, path: &str) -> Option<Condition> {
    let writes = |job: &Job| job.writes.iter().any(|writes| writes.pattern.as_str() == path);
    let (axis, rows) = job.written_rows();
    if writes(job) {
        return None;
    }
    let in_row = rows.iter().filter(|row| writes(&row.job)).map(|row| compare(CompareOp::Eq, axis, row));
    in_row.reduce(|one, other| Condition::derived(Expr::or(vec![one.expr, other.expr]), one.origin))
}

/// The toolchains of a job and of its rows, each with the condition on the row under which it is there; none where it always is.
pub fn toolchains(job: &Job) -> Vec<(&Arc<Toolchain>, Option<Condition>)> {
    let (axis, rows) = job.written_rows();
    let mut all = Vec::new();
    for (name, toolchain) in &job.toolchains {
        let others = rows.iter().filter(|row| row.job.toolchains.contains_key(name) || row.without.contains(name));
        let others: Vec<&MatrixRow> = others.collect();
        if rows.is_empty() || others.len() < rows.len() {
            let when = others.into_iter().map(|row| compare(CompareOp::Ne, axis, row)).reduce(Condition::and);
            all.push((toolchain, when));
        }
    }
    // Those of rows stand where the one that they replace does: what is installed by later ones may need them.
    for row in rows {
        for (name, toolchain) in &row.job.toolchains {
            let own = (toolchain, Some(compare(CompareOp::Eq, axis, row)));
            let after = all.iter().rposition(|(other, _): &(&Arc<Toolchain>, _)| other.name == *name);
            all.insert(after.map_or(all.len(), |after| after + 1), own);
        }
    }
    all
}

/// The condition under which the steps of a job run in a row, where rows have `when`: each row's own in that row. One that asks for a status
/// would take the implied `success()` from every row, and is left out; `not_yet` says so.
pub(super) fn guard(job: &Job) -> Option<Condition> {
    let (axis, rows) = job.written_rows();
    let guarded = rows.iter().filter_map(|row| Some((row, row.job.when.as_ref().filter(|when| !when.expr.asks_status())?)));
    guarded.map(|(row, when)| in_row(axis, row, when)).reduce(Condition::and)
}

fn in_row(axis: &str, row: &MatrixRow, when: &Condition) -> Condition {
    let other = compare(CompareOp::Ne, axis, row);
    let expr = Expr::or(vec![other.expr, when.expr.clone()]);
    Condition { filled: when.filled, ..Condition::derived(expr, when.origin.clone()) }
}

fn compare(op: CompareOp, axis: &str, row: &MatrixRow) -> Condition {
    let origin = row.value.origin.clone();
    // To GitHub `true` and `'true'` differ, as do `3.1` and `'3.1'`.
    let value = match &row.value.kind {
        ValueKind::Bool(value) => Expr::bool(*value, origin.span),
        ValueKind::Number(number) => Expr::new(ExprKind::Number(number.clone()), origin.span),
        _ => Expr::string(row.value.spelled(), origin.span),
    };
    let expr = Expr::compare(op, Expr::path(["matrix", axis], origin.span), value);
    Condition::derived(expr, origin)
}
