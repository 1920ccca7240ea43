//! Expressions as text: one spelling for each tree, with no parenthesis that the grammar does not need.

use std::fmt::{self, Display, Formatter, Write};

use super::{CompareOp, Expr, ExprKind};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Null => f.write_str("null"),
            ExprKind::Bool(value) => write!(f, "{value}"),
            ExprKind::Number(text) | ExprKind::Context(text) => f.write_str(text),
            ExprKind::String(text) => write!(f, "'{}'", text.replace('\'', "''")),
            ExprKind::Property(base, name) if is_name(name) => {
                write_in(f, base, Level::Postfix)?;
                write!(f, ".{name}")
            }
            ExprKind::Property(base, name) => {
                write_in(f, base, Level::Postfix)?;
                write!(f, "['{}']", name.replace('\'', "''"))
            }
            ExprKind::Index(base, index) => {
                write_in(f, base, Level::Postfix)?;
                write!(f, "[{index}]")
            }
            ExprKind::Star(base) => {
                write_in(f, base, Level::Postfix)?;
                f.write_str(".*")
            }
            ExprKind::Not(inner) => {
                f.write_char('!')?;
                write_in(f, inner, Level::Not)
            }
            ExprKind::And(all) => write_joined(f, all, " && ", Level::Equality),
            ExprKind::Or(all) => write_joined(f, all, " || ", Level::And),
            ExprKind::Compare(op, left, right) => {
                let (on_left, on_right) = match op {
                    CompareOp::Eq | CompareOp::Ne => (Level::Equality, Level::Order),
                    _ => (Level::Order, Level::Not),
                };
                write_in(f, left, on_left)?;
                write!(f, " {op} ")?;
                write_in(f, right, on_right)
            }
            ExprKind::Call(name, args) => {
                write!(f, "{name}(")?;
                write_joined(f, args, ", ", Level::Or)?;
                f.write_char(')')
            }
        }
    }
}

impl CompareOp {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

impl Display for CompareOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// How tightly a node holds together; a place asks for at least so much.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Or,
    And,
    Equality,
    Order,
    Not,
    Literal,
    Postfix,
}

fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Compare(CompareOp::Eq | CompareOp::Ne, ..) => Level::Equality,
        ExprKind::Compare(..) => Level::Order,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => Level::Literal,
        _ => Level::Postfix,
    }
}

fn write_in(f: &mut Formatter<'_>, expr: &Expr, least: Level) -> fmt::Result {
    if level(expr) < least { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

fn write_joined(f: &mut Formatter<'_>, all: &[Expr], between: &str, least: Level) -> fmt::Result {
    for (index, expr) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write_in(f, expr, least)?;
    }
    Ok(())
}

/// Whether `.name` can be written; GitHub's own names always can, others are indexed with a string.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
