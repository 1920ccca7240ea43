//! Comparisons that cannot come out either way.

use super::{Checker, traps};
use crate::diagnostics::codes::w0652_never_equal as never;
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
    if let Some(found) = never_equal(left, right).or_else(|| never_equal(right, left)) {
        let (help, near) = found;
        checker.say(never::never_equal(&left.0.to_string(), &right.0.to_string(), op == CompareOp::Eq, near, help, whole.span));
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
