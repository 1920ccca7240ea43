//! What differs between the rows of a job: a row replaces the job's toolchain of the same name, or does without it, and it may have a
//! condition of its own.

use crate::expr::{CompareOp, Expr};
use crate::hir::{Condition, Job, Matrix, MatrixRow, Toolchain};
use crate::text::Text;

/// The toolchains of a job and of its rows, each with the condition on the row under which it is there; none where it always is.
pub fn toolchains(job: &Job) -> Vec<(&Toolchain, Option<Condition>)> {
    let (axis, rows): (&str, &[MatrixRow]) = match &job.matrix {
        Some(Matrix::Rows { axis, rows, .. }) => (axis, rows),
        _ => ("", &[]),
    };
    let mut all = Vec::new();
    for (name, toolchain) in &job.toolchains {
        let others = rows.iter().filter(|row| row.job.toolchains.contains_key(name) || row.without.contains(name));
        all.push((toolchain, others.map(|row| compare(CompareOp::Ne, axis, row)).reduce(Condition::and)));
    }
    // Those of rows stand where the one that they replace does: what is installed by later ones may need them.
    for row in rows {
        for (name, toolchain) in &row.job.toolchains {
            let own = (toolchain, Some(compare(CompareOp::Eq, axis, row)));
            let after = all.iter().rposition(|(other, _): &(&Toolchain, _)| other.name == *name);
            all.insert(after.map_or(all.len(), |after| after + 1), own);
        }
    }
    all
}

/// The condition under which the steps of a job run in a row, where rows have `when`: each row's own in that row. One that asks for a status
/// would take the implied `success()` from every row, and is left out; `not_yet` says so.
pub(super) fn guard(job: &Job) -> Option<Condition> {
    let Some(Matrix::Rows { axis, rows, .. }) = &job.matrix else { return None };
    let guarded = rows.iter().filter_map(|row| Some((row, row.job.when.as_ref().filter(|when| !when.expr.asks_status())?)));
    guarded.map(|(row, when)| in_row(axis, row, when)).reduce(Condition::and)
}

fn in_row(axis: &str, row: &MatrixRow, when: &Condition) -> Condition {
    let other = compare(CompareOp::Ne, axis, row);
    let expr = Expr::or(vec![other.expr, when.expr.clone()]);
    Condition { text: Text::verbatim(expr.to_string(), when.origin.span), expr, filled: when.filled, origin: when.origin.clone() }
}

fn compare(op: CompareOp, axis: &str, row: &MatrixRow) -> Condition {
    let origin = row.value.origin.clone();
    let value = Expr::string(row.value.spelled(), origin.span);
    let expr = Expr::compare(op, Expr::path(["matrix", axis], origin.span), value);
    Condition { text: Text::verbatim(expr.to_string(), origin.span), expr, filled: false, origin }
}
