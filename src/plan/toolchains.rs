//! Which toolchains a job has in which of its rows: a row replaces the job's toolchain of the same name, or does without it.

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
    for row in rows {
        all.extend(row.job.toolchains.values().map(|toolchain| (toolchain, Some(compare(CompareOp::Eq, axis, row)))));
    }
    all
}

fn compare(op: CompareOp, axis: &str, row: &MatrixRow) -> Condition {
    let origin = row.value.origin.clone();
    let value = Expr::string(row.value.spelled(), origin.span);
    let expr = Expr::compare(op, Expr::path(["matrix", axis], origin.span), value);
    Condition { text: Text::verbatim(expr.to_string(), origin.span), expr, filled: false, origin }
}
