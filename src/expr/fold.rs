//! What is known of an expression beforehand, worked out.
//!
//! [`fold`] keeps the value: `true && x` becomes `x`, but `x && true` stays, since it yields `x` where that is falsy and `true` otherwise.
//! [`fold_condition`] keeps only whether it holds, as `when` needs no more, and so may write `x && true` as `x`. Neither drops a part
//! whose evaluation could fail and would have been reached. `tests/expr/fold.rs` holds both to [`eval`] on generated expressions.

use std::collections::BTreeMap;

use super::eval::{Context, Status, compare, eval, index};
use super::functions::{self, Yields};
use super::value::{Object, Value};
use super::{CompareOp, Expr, ExprKind};
use crate::source::Span;

/// What is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Known {
    values: BTreeMap<Vec<String>, Value>,
    status: Option<Status>,
}

impl Known {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// And the value of a path such as `matrix.os`. A list or an object tells all that is in it: what it does not hold is `null`.
    #[must_use]
    pub fn with(mut self, path: &str, value: Value) -> Self {
        self.insert(path.split('.'), value);
        self
    }

    /// And how what came before ended.
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds the value of a path whose names may hold dots.
    pub fn insert<'a>(&mut self, path: impl IntoIterator<Item = &'a str>, value: Value) {
        self.values.insert(path.into_iter().map(str::to_lowercase).collect(), value);
    }

    fn get(&self, path: &[String]) -> Option<Value> {
        let (length, value) = (1..=path.len()).rev().find_map(|length| Some((length, self.values.get(&path[..length])?)))?;
        Some(path[length..].iter().fold(value.clone(), |value, name| index(&value, &Value::string(name))))
    }
}

/// An expression of the same value, with what is known worked out.
pub fn fold(expr: Expr, known: &Known) -> Expr {
    work(expr, known).0
}

/// A condition that holds exactly when `expr` does, as the condition of a job or step.
///
/// GitHub puts `success() &&` before a condition that asks for no status; one that did still does so afterwards.
pub fn fold_condition(expr: Expr, known: &Known) -> Expr {
    let asked = expr.asks_status();
    let span = expr.span;
    let folded = truth(fold(expr, known));
    if !asked || folded.asks_status() || literal(&folded).is_some_and(|value| !value.truthy()) {
        return folded;
    }
    let always = Expr::call("always", Vec::new(), span);
    if literal(&folded).is_some() { always } else { Expr::and(vec![always, folded]) }
}

/// Whether it yields `true` or `false` and nothing else.
pub fn is_boolean(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_) | ExprKind::Not(_) | ExprKind::Compare(..) => true,
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().all(is_boolean),
        ExprKind::Call(name, _) => functions::find(name).is_some_and(|function| function.yields == Yields::Bool),
        _ => false,
    }
}

/// Whether evaluating it could be an error.
pub fn can_fail(expr: &Expr) -> bool {
    let mut fails = false;
    expr.walk(&mut |part| {
        if let ExprKind::Call(name, _) = &part.kind {
            fails |= functions::find(name)
                .is_none_or(|function| matches!(function.name, "fromJSON" | "format" | "case" | "hashFiles"));
        }
    });
    fails
}

/// The value of a literal.
pub fn literal(expr: &Expr) -> Option<Value> {
    let simple = matches!(&expr.kind, ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_));
    simple.then(|| eval(expr, &Context::new(&Object::default())).ok()).flatten()
}

/// The literal of a value; none for lists and objects, which have none.
pub fn to_literal(value: &Value, span: Span) -> Option<Expr> {
    let kind = match value {
        Value::Null => ExprKind::Null,
        Value::Bool(value) => ExprKind::Bool(*value),
        Value::Number(value) if value.is_infinite() => {
            ExprKind::Number(if *value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned())
        }
        Value::Number(value) => ExprKind::Number(value.to_string()),
        Value::String(text) => ExprKind::String(text.to_string()),
        Value::Array(_) | Value::Object(_) => return None,
    };
    Some(Expr::new(kind, span))
}

/// The folded expression, and its value where that is known.
type Worked = (Expr, Option<Value>);

fn work(expr: Expr, known: &Known) -> Worked {
    let span = expr.span;
    if let Some(value) = expr.as_path().and_then(|path| known.get(&path)) {
        return done(expr, value);
    }
    let kind = match expr.kind {
        ExprKind::Property(base, name) => {
            let (base, value) = work(*base, known);
            let found = value.map(|value| index(&value, &Value::string(&name)));
            return settle(Expr::new(ExprKind::Property(Box::new(base), name), span), found);
        }
        ExprKind::Index(base, by) => {
            let (base, value) = work(*base, known);
            let (by, at) = work(*by, known);
            let found = value.zip(at).map(|(value, at)| index(&value, &at));
            let expr = Expr::new(ExprKind::Index(Box::new(base), Box::new(by)), span);
            // An index that became a string may have completed a known path.
            let found = found.or_else(|| expr.as_path().and_then(|path| known.get(&path)));
            return settle(expr, found);
        }
        ExprKind::Star(base) => {
            let (base, value) = work(*base, known);
            return settle(Expr::new(ExprKind::Star(Box::new(base)), span), value.map(|value| super::eval::every(&value)));
        }
        ExprKind::Not(inner) => return negate(work(*inner, known), span),
        ExprKind::And(all) => return chain(all, known, true, span),
        ExprKind::Or(all) => return chain(all, known, false, span),
        ExprKind::Compare(op, left, right) => return compared(op, work(*left, known), work(*right, known), span),
        ExprKind::Call(name, args) => return call(name, args, known, span),
        leaf => leaf,
    };
    let expr = Expr::new(kind, span);
    let value = literal(&expr);
    (expr, value)
}

/// The longest text that is written out: an expression has 21,000 characters, and a call that makes more is shorter than what it makes.
const MAX_WRITTEN: usize = 1_000;

/// A known value: as a literal where there is one, else as it was written.
fn done(expr: Expr, value: Value) -> Worked {
    let short = !matches!(&value, Value::String(text) if text.len() > MAX_WRITTEN);
    let literal = short.then(|| to_literal(&value, expr.span)).flatten();
    (literal.unwrap_or(expr), Some(value))
}

fn settle(expr: Expr, value: Option<Value>) -> Worked {
    match value {
        Some(value) => done(expr, value),
        None => (expr, None),
    }
}

fn negate((inner, value): Worked, span: Span) -> Worked {
    if let Some(value) = value {
        return done(inner.negated(), Value::Bool(!value.truthy()));
    }
    let expr = match inner.kind {
        ExprKind::Not(twice) if is_boolean(&twice) => *twice,
        ExprKind::Compare(CompareOp::Eq, a, b) => Expr::new(ExprKind::Compare(CompareOp::Ne, a, b), span),
        ExprKind::Compare(CompareOp::Ne, a, b) => Expr::new(ExprKind::Compare(CompareOp::Eq, a, b), span),
        kind => Expr { span, ..Expr::new(kind, inner.span).negated() },
    };
    (expr, None)
}

/// `&&` (`all`) or `||`: operands that are passed over go, and so do those behind one that always ends it.
fn chain(operands: Vec<Expr>, known: &Known, all: bool, span: Span) -> Worked {
    let mut terms = Vec::with_capacity(operands.len());
    for operand in operands {
        let (expr, value) = work(operand, known);
        match expr.kind {
            // An operand that folded to a chain of the same kind, as `case(true, a && b, c)` does, is part of this one.
            ExprKind::And(inner) if all => terms.extend(inner.into_iter().map(|term| work(term, known))),
            ExprKind::Or(inner) if !all => terms.extend(inner.into_iter().map(|term| work(term, known))),
            kind => terms.push((Expr { kind, span: expr.span }, value)),
        }
    }
    let mut kept: Vec<Worked> = Vec::new();
    let count = terms.len();
    for (at, (expr, value)) in terms.into_iter().enumerate() {
        let ends = value.as_ref().map(|value| value.truthy() != all);
        if ends == Some(false) && at + 1 < count {
            continue;
        }
        let repeats = kept.last().is_some_and(|(last, _)| *last == expr);
        // `b && true` and `b || false` are `b`, if that is a boolean.
        let neutral =
            matches!(value, Some(Value::Bool(value)) if value == all) && kept.last().is_some_and(|(last, _)| is_boolean(last));
        if !repeats && !neutral {
            kept.push((expr, value));
        }
        if ends == Some(true) {
            break;
        }
    }
    if kept.len() == 1 {
        return kept.pop().unwrap_or_else(|| (Expr::bool(all, span), None));
    }
    let kept = kept.into_iter().map(|(expr, _)| expr).collect();
    let joined = if all { Expr::and(kept) } else { Expr::or(kept) };
    (Expr { span, ..joined }, None)
}

fn compared(op: CompareOp, (left, a): Worked, (right, b): Worked, span: Span) -> Worked {
    let rebuilt = |left, right| Expr { span, ..Expr::compare(op, left, right) };
    if let (Some(a), Some(b)) = (&a, &b) {
        return done(rebuilt(left, right), Value::Bool(compare(op, a, b)));
    }
    // A boolean that is compared with one is itself, or its opposite.
    let equal = match op {
        CompareOp::Eq => true,
        CompareOp::Ne => false,
        _ => return (rebuilt(left, right), None),
    };
    match (a, b) {
        (Some(Value::Bool(value)), None) if is_boolean(&right) => keep_or_negate(right, value == equal, span),
        (None, Some(Value::Bool(value))) if is_boolean(&left) => keep_or_negate(left, value == equal, span),
        _ => (rebuilt(left, right), None),
    }
}

fn keep_or_negate(expr: Expr, keep: bool, span: Span) -> Worked {
    if keep { (expr, None) } else { negate((expr, None), span) }
}

fn call(name: String, args: Vec<Expr>, known: &Known, span: Span) -> Worked {
    let worked: Vec<Worked> = args.into_iter().map(|arg| work(arg, known)).collect();
    let Some(function) = functions::find(&name) else {
        return (rebuild(name, worked, span), None);
    };
    let values: Option<Vec<Value>> = worked.iter().map(|(_, value)| value.clone()).collect();
    let at_run_time = match function.name {
        // It says something to GitHub by being there.
        "always" | "hashFiles" => true,
        "success" | "failure" | "cancelled" => known.status.is_none(),
        _ => false,
    };
    if let (Some(values), false, true) = (values, at_run_time, function.takes(worked.len())) {
        let empty = Object::default();
        let context = Context { status: known.status.unwrap_or_default(), ..Context::new(&empty) };
        if let Ok(value) = (function.run)(&values, &context) {
            return done(rebuild(name, worked, span), value);
        }
        return (rebuild(name, worked, span), None);
    }
    if function.name == "case" && function.takes(worked.len()) {
        return case(name, worked, span);
    }
    (rebuild(name, worked, span), None)
}

fn rebuild(name: String, args: Vec<Worked>, span: Span) -> Expr {
    Expr::new(ExprKind::Call(name, args.into_iter().map(|(expr, _)| expr).collect()), span)
}

/// `case` evaluates all it is given: a branch that is not taken can go only if it cannot fail.
fn case(name: String, mut args: Vec<Worked>, span: Span) -> Worked {
    let mut at = 0;
    while at + 1 < args.len() {
        match args[at].1 {
            Some(Value::Bool(false)) if !can_fail(&args[at + 1].0) => {
                args.drain(at..at + 2);
            }
            Some(Value::Bool(true)) if args[at + 2..].iter().all(|(expr, _)| !can_fail(expr)) => {
                let value = args.swap_remove(at + 1);
                args.truncate(at);
                args.push(value);
                break;
            }
            _ => at += 2,
        }
    }
    match <[Worked; 1]>::try_from(args) {
        Ok([only]) => only,
        Err(args) => (rebuild(name, args, span), None),
    }
}

/// What holds exactly when `expr` does.
fn truth(expr: Expr) -> Expr {
    let span = expr.span;
    if let Some(value) = literal(&expr) {
        return Expr::bool(value.truthy(), span);
    }
    match expr.kind {
        ExprKind::Not(inner) => {
            let inner = truth(*inner);
            match inner.kind {
                ExprKind::Not(twice) => *twice,
                ExprKind::Bool(value) => Expr::bool(!value, span),
                kind => Expr { span, ..Expr::new(kind, inner.span).negated() },
            }
        }
        ExprKind::And(all) => truth_of_chain(all, true, span),
        ExprKind::Or(all) => truth_of_chain(all, false, span),
        kind => Expr::new(kind, span),
    }
}

fn truth_of_chain(operands: Vec<Expr>, all: bool, span: Span) -> Expr {
    let mut kept: Vec<Expr> = Vec::new();
    for operand in operands {
        let operand = truth(operand);
        match operand.kind {
            ExprKind::Bool(value) if value == all => {}
            ExprKind::Bool(_) if !kept.iter().any(can_fail) => return Expr::bool(!all, span),
            _ if kept.contains(&operand) => {}
            _ => kept.push(operand),
        }
    }
    let joined = if all { Expr::and(kept) } else { Expr::or(kept) };
    Expr { span, ..joined }
}
