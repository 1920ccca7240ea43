//! What an expression means: GitHub's evaluator, to the letter.
//!
//! `tests/expr.rs` compares it with GitHub's own TypeScript evaluator on thousands of generated expressions.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::value::{Array, Object, Value};
use super::{CompareOp, Expr, ExprKind, functions, number};

/// How what came before ended, as `success()` and its kin see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// All is well.
    #[default]
    Success,
    /// Something failed.
    Failure,
    /// The run was cancelled.
    Cancelled,
    /// Something was skipped, and nothing failed: `success()` is false as well.
    Skipped,
}

/// What `hashFiles` answers for its patterns.
pub type HashFiles<'a> = &'a dyn Fn(&[String]) -> String;

/// What an expression can see.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The contexts by name.
    pub values: &'a Object,
    /// How what came before ended.
    pub status: Status,
    /// What `hashFiles` answers; without it the function is an error.
    pub hash_files: Option<HashFiles<'a>>,
}

impl<'a> Context<'a> {
    /// With these contexts, all being well so far, and no files.
    pub fn new(values: &'a Object) -> Self {
        Self { values, status: Status::Success, hash_files: None }
    }
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    /// No context of that name.
    UnknownContext(String),
    /// No function of that name.
    UnknownFunction(String),
    /// A function that gets too few or too many arguments, or cannot be asked here.
    BadCall(String),
    /// The format string, and what is wrong with it.
    BadFormat(String),
    /// A text that is no JSON.
    BadJson(String),
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownContext(name) => write!(f, "no context is named `{name}`"),
            Self::UnknownFunction(name) => write!(f, "no function is named `{name}`"),
            Self::BadCall(why) | Self::BadFormat(why) => f.write_str(why),
            Self::BadJson(text) => write!(f, "`{text}` is no JSON"),
        }
    }
}

impl std::error::Error for EvalError {}

/// The value of an expression.
pub fn eval(expr: &Expr, context: &Context<'_>) -> Result<Value, EvalError> {
    match &expr.kind {
        ExprKind::Null => Ok(Value::Null),
        ExprKind::Bool(value) => Ok(Value::Bool(*value)),
        ExprKind::Number(text) => Ok(Value::Number(number::parse(text))),
        ExprKind::String(text) => Ok(Value::string(text)),
        ExprKind::Context(name) => context.values.get(name).cloned().ok_or_else(|| EvalError::UnknownContext(name.clone())),
        ExprKind::Property(base, name) => Ok(index(&eval(base, context)?, &Value::string(name))),
        ExprKind::Index(base, by) => {
            let by = eval(by, context)?;
            Ok(index(&eval(base, context)?, &by))
        }
        ExprKind::Star(base) => Ok(every(&eval(base, context)?)),
        ExprKind::Not(inner) => Ok(Value::Bool(!eval(inner, context)?.truthy())),
        ExprKind::And(all) => first_that(all, context, |value| !value.truthy()),
        ExprKind::Or(all) => first_that(all, context, Value::truthy),
        ExprKind::Compare(op, left, right) => {
            let left = eval(left, context)?;
            let right = eval(right, context)?;
            Ok(Value::Bool(compare(*op, &left, &right)))
        }
        ExprKind::Call(name, args) => {
            let function = functions::find(name).ok_or_else(|| EvalError::UnknownFunction(name.clone()))?;
            if !function.takes(args.len()) {
                return Err(EvalError::BadCall(format!("`{}` takes {}, not {}", function.name, function.arity(), args.len())));
            }
            let args = args.iter().map(|arg| eval(arg, context)).collect::<Result<Vec<_>, _>>()?;
            (function.run)(&args, context)
        }
    }
}

/// Whether the comparison holds.
pub fn compare(op: CompareOp, left: &Value, right: &Value) -> bool {
    let order = || left.loose_cmp(right);
    match op {
        CompareOp::Eq => left.loose_eq(right),
        CompareOp::Ne => !left.loose_eq(right),
        CompareOp::Lt => order() == Some(Ordering::Less),
        CompareOp::Gt => order() == Some(Ordering::Greater),
        CompareOp::Le => left.loose_eq(right) || order() == Some(Ordering::Less),
        CompareOp::Ge => left.loose_eq(right) || order() == Some(Ordering::Greater),
    }
}

/// `base[by]`: null for what is not there, and for each item where `.*` made the list.
pub fn index(base: &Value, by: &Value) -> Value {
    match base {
        Value::Array(array) if array.filtered => {
            let found = array.items.iter().filter_map(|item| item_at(item, by)).collect();
            Value::Array(Arc::new(Array { items: found, filtered: true }))
        }
        _ => item_at(base, by).unwrap_or(Value::Null),
    }
}

fn item_at(base: &Value, by: &Value) -> Option<Value> {
    match base {
        Value::Object(object) if by.is_primitive() => object.get(&by.to_text()).cloned(),
        Value::Array(array) => {
            let at = by.to_number();
            // A fraction is cut off; what is negative, too large or no number is no index.
            if !at.is_finite() || at < 0.0 {
                return None;
            }
            #[allow(clippy::cast_sign_loss)] // checked above
            array.items.get(at as usize).cloned()
        }
        _ => None,
    }
}

/// `base.*`: the items of a list or the values of an object; of a list that `.*` made, those of its items.
pub fn every(base: &Value) -> Value {
    let items = match base {
        Value::Array(array) if array.filtered => array.items.iter().flat_map(values_of).collect(),
        _ => values_of(base),
    };
    Value::Array(Arc::new(Array { items, filtered: true }))
}

fn values_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(array) => array.items.clone(),
        Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
        _ => Vec::new(),
    }
}

fn first_that(all: &[Expr], context: &Context<'_>, ends: impl Fn(&Value) -> bool) -> Result<Value, EvalError> {
    let mut last = Value::Null;
    for expr in all {
        last = eval(expr, context)?;
        if ends(&last) {
            break;
        }
    }
    Ok(last)
}
