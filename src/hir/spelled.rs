//! What of an expression's values stands in the spec, and means something to a shell.

use crate::expr::text::has_hole;
use crate::expr::{Expr, ExprKind};
use crate::hir::strangers::parts;
use crate::hir::{Job, Matrix, Pipeline, Step, Value, ValueKind};

/// The signs of quoting, of expansions and between commands that written values have: their author may have meant them for the shell, which reads none
/// of them in the value of a variable.
pub(super) fn signs(pipeline: &Pipeline, job: &Job, step: &Step, expr: &Expr) -> String {
    let written: Vec<String> = parts(expr).iter().flat_map(|part| values(pipeline, job, step, part)).collect();
    let has = |sign: char| written.iter().any(|value| value.contains(sign));
    // These say something at the begin of a word alone.
    let begins = |sign: char| written.iter().flat_map(|value| value.split_whitespace()).any(|word| word.starts_with(sign));
    "\"'\\$`&|;<>(){}\n".chars().filter(|sign| has(*sign)).chain("~#".chars().filter(|sign| begins(*sign))).collect()
}

/// The values of a part that are written as a whole: of a literal, of the matrix, of the nearest variable of that name, of an input.
fn values(pipeline: &Pipeline, job: &Job, step: &Step, part: &Expr) -> Vec<String> {
    if let ExprKind::String(text) = &part.kind {
        return vec![text.clone()];
    }
    let path = part.as_path().unwrap_or_default();
    let found: Vec<&Value> = match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["matrix", axis, ref rest @ ..] => of_axis(job, axis).into_iter().filter_map(|value| below(value, rest)).collect(),
        ["env", name] => {
            let envs = [&step.env, &job.env, &pipeline.defaults.env];
            let is_it = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
            envs.iter().find_map(|env| env.iter().find(is_it)).map(|(_, value)| value).into_iter().collect()
        }
        ["inputs", name] | ["github", "event", "inputs", name] => {
            let inputs = pipeline.triggers.iter().flat_map(|trigger| &trigger.inputs);
            let own = inputs.filter(|(input, _)| input.eq_ignore_ascii_case(name)).map(|(_, input)| input);
            own.flat_map(|input| input.choices.iter().chain(&input.default)).collect()
        }
        _ => Vec::new(),
    };
    found.iter().map(|value| value.spelled()).filter(|text| !has_hole(text)).collect()
}

/// What the spec says of an axis, be it one of several, or of added combinations alone.
fn of_axis<'a>(job: &'a Job, axis: &str) -> Vec<&'a Value> {
    let items = |value: &'a Value| match &value.kind {
        ValueKind::List(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    match &job.matrix {
        Some(Matrix::Axes { axes, include, .. }) => {
            let added = include.iter().filter_map(|value| below(value, &[axis]));
            axes.get(axis).map(items).unwrap_or_default().into_iter().chain(added).collect()
        }
        Some(Matrix::Rows { axis: name, rows, .. }) if name == axis => rows.iter().map(|row| &row.value).collect(),
        _ => Vec::new(),
    }
}

fn below<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let Some((name, rest)) = path.split_first() else { return Some(value) };
    match &value.kind {
        ValueKind::Map(map) => below(map.get(*name)?, rest),
        _ => None,
    }
}
