//! Comparisons that cannot come out either way.

use super::{Checker, traps};
use crate::catalog::contexts::{self, Form};
use crate::diagnostics::codes::{w0652_never_equal as never, w0658_swapped_arguments as swapped};
use crate::diagnostics::nearest;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::expr::{CompareOp, Expr, ExprKind, fold, number};

/// A side of a comparison with its type.
type Side<'a> = (&'a Expr, &'a Type);

/// Looks for a comparison of texts with booleans, and for one of values that are never equal.
pub(super) fn compare(checker: &mut Checker<'_>, op: CompareOp, left: Side<'_>, right: Side<'_>, whole: &Expr) {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return;
    }
    for ((text, ty), (boolean, _)) in [(left, right), (right, left)] {
        if let ExprKind::Bool(value) = boolean.kind
            && matches!(ty, Type::Output | Type::String)
        {
            traps::text_as_boolean(checker, text, &Type::Output, traps::Use::Compared { value, equal: op == CompareOp::Eq });
            return;
        }
    }
    // Two literals: what is constant is said once, of the whole condition.
    if fold::literal(left.0).is_some() && fold::literal(right.0).is_some() {
        return;
    }
    for (side, other) in [(left.0, right.0), (right.0, left.0)] {
        if let Some((form, text)) = shaped(side, other)
            && !form.can_be(text)
        {
            let help = instead(form, text);
            let (a, b) = (left.0.to_string(), right.0.to_string());
            return checker.say(never::never_equal(&a, &b, op == CompareOp::Eq, None, Some(help), whole.span));
        }
    }
    if let Some((help, near)) = never_equal(left, right).or_else(|| never_equal(right, left)) {
        if is_precaution(checker, op, left.0, right.0, near.is_some())
            || is_precaution(checker, op, right.0, left.0, near.is_some())
        {
            return;
        }
        checker.say(never::never_equal(&left.0.to_string(), &right.0.to_string(), op == CompareOp::Eq, near, help, whole.span));
    }
}

/// Whether a comparison that cannot come out otherwise misleads nobody: it asks for an event or a row that other workflows have, and what was
/// copied from there does no harm. As a condition of its own that never holds it would.
fn is_precaution(checker: &Checker<'_>, op: CompareOp, value: &Expr, text: &Expr, is_near: bool) -> bool {
    let (Some(path), Some(text)) = (value.as_path(), text.as_string()) else { return false };
    let varies = match path.first().map(String::as_str) {
        Some("github") => path.get(1).is_some_and(|name| name == "event_name") && contexts::EVENTS.contains(&text),
        Some("matrix") => !is_near,
        _ => false,
    };
    let is_group = [&contexts::CONCURRENCY, &contexts::JOB_CONCURRENCY].contains(&checker.scope.place);
    varies && (op == CompareOp::Ne || checker.in_alternative || is_group)
}

/// `startsWith(text, part)` and `endsWith(text, part)`: the text is looked into, and may begin like that.
pub(super) fn begins(checker: &mut Checker<'_>, function: &str, text: &Expr, part: &Expr) {
    if text.as_string().is_some() && fold::literal(part).is_none() {
        checker.say(swapped::swapped_arguments(function, &text.to_string(), &part.to_string(), text.span));
    } else if let Some((form, start)) = shaped(text, part)
        && function == "startsWith"
        && !form.can_begin(start)
    {
        checker.say(never::never_begins(&text.to_string(), &part.to_string(), &instead(form, start), part.span));
    }
}

/// A value whose form is known, and a text that it is held against.
fn shaped<'a>(value: &Expr, text: &'a Expr) -> Option<(Form, &'a str)> {
    Some((contexts::form(&value.as_path()?)?, text.as_string()?))
}

/// What to hold against a value of that form in place of `text`.
fn instead(form: Form, text: &str) -> String {
    match form {
        Form::FullRef => {
            // Whatever was written of the beginning, in whatever order.
            let mut name = text;
            while let Some(rest) = ["/", "refs/", "heads/", "tags/"].into_iter().find_map(|start| name.strip_prefix(start)) {
                name = rest;
            }
            format!("a ref begins with `refs/`: write `'refs/heads/{name}'` for a branch, `'refs/tags/{name}'` for a tag")
        }
        Form::ShortRef => match text.splitn(3, '/').nth(2).filter(|name| !name.is_empty()) {
            Some(name) => format!("it is the name alone: write `'{name}'`"),
            None => "it is the name alone; `github.ref_type` says whether it is a branch or a tag".to_owned(),
        },
        Form::Repository => format!("it begins with its owner: write `'OWNER/{text}'`"),
    }
}

/// Why they are never equal, if they are not: help, and a text that was perhaps meant.
fn never_equal((a, a_type): Side<'_>, (b, b_type): Side<'_>) -> Option<(Option<String>, Option<String>)> {
    match (a_type, b_type) {
        (Type::Choice(all), Type::Choice(other)) => {
            let common = all.iter().any(|text| other.iter().any(|other| Value::string(text).loose_eq(&Value::string(other))));
            // The empty text asks whether there is a value at all.
            let wanted = b.as_string().filter(|text| !text.is_empty() && !common && a.as_string().is_none())?;
            let near = nearest(wanted, all.iter().map(String::as_str)).map(str::to_owned);
            // A long list helps nobody.
            let listed = (all.len() <= 8).then(|| {
                let quoted: Vec<String> = all.iter().map(|text| format!("`{text}`")).collect();
                format!("it is one of {}", quoted.join(", "))
            });
            Some((listed, near))
        }
        (Type::Bool, Type::Choice(texts)) if texts.iter().all(|text| !is_number(text, &[0.0, 1.0])) => {
            let help = match texts.first().map(|text| text.to_lowercase()).as_deref() {
                Some(text @ ("true" | "false")) if b.as_string().is_some() => {
                    format!("compare `{a}` with `{text}`, without quotes")
                }
                _ => format!("`{a}` is `true` or `false`"),
            };
            Some((Some(help), None))
        }
        (Type::Number, Type::Choice(texts)) if texts.iter().all(|text| number::parse(text).is_nan()) => {
            Some((Some(format!("`{a}` is a number")), None))
        }
        (
            Type::Array(_) | Type::Filtered(_) | Type::Object(_),
            Type::Null | Type::Bool | Type::Number | Type::String | Type::Choice(_) | Type::Output,
        ) => {
            let help = if matches!(a_type, Type::Object(_)) {
                "compare one of its properties"
            } else {
                "`contains(list, item)` looks for an item"
            };
            Some((Some(help.to_owned()), None))
        }
        (Type::Array(_) | Type::Filtered(_), Type::Object(_)) => Some((None, None)),
        _ => None,
    }
}

#[allow(clippy::float_cmp)] // exactly these
fn is_number(text: &str, wanted: &[f64]) -> bool {
    wanted.contains(&number::parse(text))
}
