//! What GitHub takes, and what does not do what it seems to.

use super::Checker;
use crate::diagnostics::codes::{
    w0653_constant_condition as constant_code, w0654_substring as substring_code, w0655_falsy_ternary as ternary_code,
    w0656_text_as_boolean as boolean_code,
};
use crate::diagnostics::{Diag, Outcome};
use crate::expr::fold::{self, Known};
use crate::expr::text::{Piece, split};
use crate::expr::types::Type;
use crate::expr::{CompareOp, Expr, ExprKind, parse};

/// The condition that a raw text of `when` or `if` stands for: an expression with or without `${{ }}` around it.
///
/// With other text beside the `${{ }}`, blanks and newlines included, GitHub makes one text of it all, which is not empty and so holds.
pub fn condition_text(text: &str) -> Outcome<Option<Expr>> {
    if !text.contains("${{") {
        return parse(text);
    }
    let mut outcome = split(text);
    if let [Piece::Hole { .. }] = outcome.value.as_slice() {
        let expr = outcome.value.pop().and_then(|piece| if let Piece::Hole { expr, .. } = piece { expr } else { None });
        return Outcome { value: expr, diags: outcome.diags };
    }
    if outcome.diags.is_empty()
        && let Some(Piece::Text { span, text: around }) = outcome.value.iter().find(|piece| matches!(piece, Piece::Text { .. }))
    {
        outcome.diags.push(constant_code::text_around(around.trim().is_empty(), *span));
    }
    Outcome { value: None, diags: outcome.diags }
}

/// A condition that comes out the same whatever happens. `false` switches something off, and says so; `always()` alone runs it after a failure.
pub(super) fn constant(expr: &Expr) -> Option<Diag> {
    // Without what asks for a status, which `fold_condition` would keep alive.
    let folded = fold::fold_condition(expr.clone(), &Known::new());
    let always = matches!(&folded.kind, ExprKind::Call(name, _) if name == "always") && !matches!(expr.kind, ExprKind::Call(..));
    let holds = if always { true } else { fold::literal(&folded)?.truthy() };
    let culprit = culprit(expr, holds).unwrap_or(expr);
    if matches!(culprit.kind, ExprKind::Bool(false)) {
        return None;
    }
    Some(constant_code::constant_condition(holds, &culprit.to_string(), culprit.span))
}

/// Two parts of a condition that never hold together: a value that is two texts at once, or two statuses of one job.
pub(super) fn contradiction(expr: &Expr) -> Option<Diag> {
    let mut parts = Vec::new();
    conjuncts(expr, &mut parts);
    let pairs = parts.iter().enumerate().flat_map(|(at, one)| parts[at + 1..].iter().map(move |other| (*one, *other)));
    let excludes = |one: &Expr, other: &Expr| match (&one.kind, &other.kind) {
        (ExprKind::Compare(CompareOp::Eq, a, x), ExprKind::Compare(CompareOp::Eq, b, y)) => {
            let texts = x.as_string().zip(y.as_string());
            a.as_path().is_some() && a.as_path() == b.as_path() && texts.is_some_and(|(x, y)| !x.eq_ignore_ascii_case(y))
        }
        (ExprKind::Call(one, _), ExprKind::Call(other, _)) => {
            let status =
                |name: &str| ["success", "failure", "cancelled"].iter().position(|known| known.eq_ignore_ascii_case(name));
            status(one).zip(status(other)).is_some_and(|(one, other)| one != other)
        }
        _ => false,
    };
    let (one, other) = pairs.into_iter().find(|(one, other)| excludes(one, other))?;
    Some(constant_code::never_together(&one.to_string(), &other.to_string(), one.span, other.span))
}

/// The parts that must all hold.
fn conjuncts<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::And(all) => all.iter().for_each(|part| conjuncts(part, into)),
        _ => into.push(expr),
    }
}

/// The operand that alone decides: `'b'` in `a == 'a' || 'b'`.
fn culprit(expr: &Expr, holds: bool) -> Option<&Expr> {
    let (ExprKind::And(all) | ExprKind::Or(all)) = &expr.kind else { return None };
    let decides =
        |part: &&Expr| fold::literal(&fold::fold((*part).clone(), &Known::new())).is_some_and(|value| value.truthy() == holds);
    all.iter().find(decides)
}

/// `contains('a b', x)`: a literal that is searched for a value.
pub(super) fn substring(checker: &mut Checker<'_>, all: &Expr, one: &Expr) {
    if let (Some(text), None) = (all.as_string(), fold::literal(one)) {
        let items: Vec<&str> = text.split([' ', ',', '|', ';']).filter(|item| !item.is_empty()).collect();
        let list = serde_json::to_string(&items).unwrap_or_default().replace('\'', "''");
        checker.say(substring_code::substring(text, &one.to_string(), &list, all.span));
    }
}

/// `a && b || c`, where a falsy `b` yields `c`.
pub(super) fn ternary(checker: &mut Checker<'_>, all: &[Expr], whole: &Expr) {
    let [first, default] = all else { return };
    let ExprKind::And(terms) = &first.kind else { return };
    let Some((chosen, conditions)) = terms.split_last() else { return };
    if fold::is_boolean(whole) && fold::literal(chosen).is_none() {
        return;
    }
    let falsy = fold::literal(chosen).is_some_and(|value| !value.truthy());
    let scope = checker.scope;
    let type_of = |expr: &Expr| super::check(expr, scope).value;
    // An output may be empty as well, and then the default is mostly what is wanted.
    if falsy {
        let condition = Expr::and(conditions.to_vec());
        // `case` takes booleans only, and `!!` makes one of anything.
        let condition = if type_of(&condition) == Type::Bool { condition } else { condition.negated().negated() };
        let diag = ternary_code::falsy_ternary(&condition.to_string(), &chosen.to_string(), &default.to_string(), chosen.span);
        checker.say(diag);
    }
}

/// How a text is used as if it were a boolean.
#[derive(Clone, Copy)]
pub(super) enum Use {
    /// On its own as a condition.
    Bare,
    /// Behind `!`.
    Negated,
    /// Compared with `true` or `false`.
    Compared {
        /// Which one.
        value: bool,
        /// With `==`, not `!=`.
        equal: bool,
    },
}

/// Words in the names of values that are `true` or `false`.
const OF_BOOLEANS: [&str; 40] = [
    "any",
    "allow",
    "allowed",
    "can",
    "changed",
    "clean",
    "contains",
    "dirty",
    "disable",
    "disabled",
    "does",
    "enable",
    "enabled",
    "exist",
    "exists",
    "failed",
    "force",
    "found",
    "has",
    "hit",
    "is",
    "match",
    "matched",
    "matches",
    "modified",
    "must",
    "need",
    "needed",
    "needs",
    "only",
    "ready",
    "required",
    "should",
    "skip",
    "skipped",
    "succeeded",
    "success",
    "updated",
    "valid",
    "was",
];

/// Whether a path leads to the text of a boolean, as far as its name says: `cache-hit`, `shouldRelease`. The inputs of an event that are asked for
/// here were declared as booleans.
fn is_of_a_boolean(expr: &Expr) -> bool {
    let name = match &expr.kind {
        ExprKind::Property(_, name) => name.as_str(),
        ExprKind::Index(_, by) => by.as_string().unwrap_or_default(),
        _ => return false,
    };
    let mut words = vec![String::new()];
    let mut small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && small {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        small = letter.is_lowercase();
    }
    let of_an_event = expr.as_path().is_some_and(|path| path.first().is_some_and(|first| first == "github"));
    of_an_event || words.iter().any(|word| OF_BOOLEANS.contains(&word.as_str()))
}

/// An output of a step or job, or an input of an event, used as if it were a boolean.
pub(super) fn text_as_boolean(checker: &mut Checker<'_>, expr: &Expr, ty: &Type, how: Use) {
    if *ty != Type::Output || matches!(expr.kind, ExprKind::And(_) | ExprKind::Or(_)) {
        return;
    }
    // Whether there is any text at all is a fair question.
    if !matches!(how, Use::Compared { .. }) && !is_of_a_boolean(expr) {
        return;
    }
    let name = expr.to_string();
    checker.say(match how {
        Use::Bare => boolean_code::bare(&name, expr.span),
        Use::Negated => boolean_code::negated(&name, expr.span),
        Use::Compared { value, equal } => boolean_code::compared(&name, value, equal, expr.span),
    });
}
