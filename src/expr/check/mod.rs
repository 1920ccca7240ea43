//! The type checker: what an expression may name where it stands, of which type it is, and which traps it walks into.
//!
//! Everything that GitHub would refuse is an error here, with a name that was perhaps meant. What GitHub takes and what surely is not
//! meant is a warning: a condition that always holds, a comparison that never does, a text that is taken for a boolean.
//!
//! Messages hold names and never places, so that the same finding in many jobs can be shown as one with many labels.

mod calls;
mod compare;
mod names;
mod traps;

pub use traps::condition_text;

use super::scope::Scope;
use super::text::{Piece, sole_hole};
use super::types::Type;
use super::{Expr, ExprKind};
use crate::diagnostics::codes::e0616_object_in_text as object;
use crate::diagnostics::{Diag, Outcome};

/// Checks an expression whose value is wanted.
pub fn check(expr: &Expr, scope: &Scope) -> Outcome<Type> {
    let mut checker = Checker::new(scope);
    let value = checker.infer(expr, Want::Value);
    Outcome { value, diags: checker.diags }
}

/// Whether two parts of a condition exclude each other, as they are written.
pub fn contradicts_itself(expr: &Expr) -> bool {
    traps::contradiction(expr).is_some()
}

/// Checks an expression of which only counts whether it holds.
pub fn check_condition(expr: &Expr, scope: &Scope) -> Outcome<Type> {
    let mut checker = Checker::new(scope);
    let value = checker.infer(expr, Want::Truth);
    let mut diags = checker.diags;
    diags.extend(traps::constant(expr).or_else(|| traps::contradiction(expr)));
    Outcome { value, diags }
}

/// Checks every hole of a text. A text that is one hole and nothing else may be a list or an object if `whole` says so, as in a matrix.
pub fn check_text(pieces: &[Piece], scope: &Scope, whole: bool) -> Outcome<Type> {
    let mut diags = Vec::new();
    if let Some(expr) = sole_hole(pieces) {
        let ty = check(expr, scope).unpack(&mut diags);
        if !whole && !ty.may_be_text() {
            diags.push(object::object_in_text(&expr.to_string(), ty.noun(), expr.span));
        }
        return Outcome { value: ty, diags };
    }
    for piece in pieces {
        if let Piece::Hole { expr: Some(expr), .. } = piece {
            let ty = check(expr, scope).unpack(&mut diags);
            if !ty.may_be_text() {
                diags.push(object::object_in_text(&expr.to_string(), ty.noun(), expr.span));
            }
        }
    }
    Outcome { value: Type::String, diags }
}

/// What is done with a value: it is used, or only whether it holds counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Value,
    Truth,
}

struct Checker<'a> {
    scope: &'a Scope,
    /// Within an operand of `||`: others may hold.
    in_alternative: bool,
    /// The operand before `||`, where it is a path: what is not there has a default.
    has_default: bool,
    diags: Vec<Diag>,
}

impl<'a> Checker<'a> {
    fn new(scope: &'a Scope) -> Self {
        Self { scope, in_alternative: false, has_default: false, diags: Vec::new() }
    }

    fn say(&mut self, diag: Diag) {
        self.diags.push(diag);
    }

    fn infer(&mut self, expr: &Expr, want: Want) -> Type {
        let ty = match &expr.kind {
            ExprKind::Null => Type::Null,
            ExprKind::Bool(_) => Type::Bool,
            ExprKind::Number(_) => Type::Number,
            ExprKind::String(text) => Type::choice([text.as_str()]),
            ExprKind::Context(name) => names::context(self, name, expr, want == Want::Truth, expr.span),
            ExprKind::Property(base, name) => {
                if let Some((root, at)) = names::unknown_root(base) {
                    return names::context(self, root, expr, false, at);
                }
                let base_type = self.infer(base, Want::Value);
                names::property(self, base, &base_type, name, expr)
            }
            ExprKind::Index(base, by) => {
                let base_type = self.infer(base, Want::Value);
                if let Some(name) = by.as_string() {
                    names::property(self, base, &base_type, name, expr)
                } else {
                    self.infer(by, Want::Value);
                    names::item(&base_type)
                }
            }
            ExprKind::Star(base) => names::star(&self.infer(base, Want::Value)),
            ExprKind::Not(inner) => {
                // As a value, although only its truth counts: a bare text is then spoken of once, as negated.
                let ty = match &inner.kind {
                    ExprKind::Context(name) => names::context(self, name, inner, true, inner.span),
                    _ => self.infer(inner, Want::Value),
                };
                traps::text_as_boolean(self, inner, &ty, traps::Use::Negated);
                Type::Bool
            }
            ExprKind::And(all) => self.infer_and(all, want),
            ExprKind::Or(all) => {
                let outer = std::mem::replace(&mut self.in_alternative, true);
                let types: Vec<Type> =
                    all.iter().enumerate().map(|(at, part)| self.infer_alternative(part, at + 1 < all.len(), want)).collect();
                self.in_alternative = outer;
                if want == Want::Value {
                    traps::ternary(self, all, expr);
                }
                Type::join(types)
            }
            ExprKind::Compare(op, left, right) => {
                if let Some(ty) = names::compared_macro(self, *op, left, right) {
                    return ty;
                }
                let left_type = self.infer(left, Want::Value);
                let right_type = self.infer(right, Want::Value);
                compare::compare(self, *op, (left, &left_type), (right, &right_type), expr);
                Type::Bool
            }
            ExprKind::Call(name, args) => calls::call(self, name, args, expr),
        };
        if want == Want::Truth {
            traps::text_as_boolean(self, expr, &ty, traps::Use::Bare);
        }
        ty
    }

    fn infer_alternative(&mut self, part: &Expr, is_followed: bool, want: Want) -> Type {
        self.has_default = is_followed && part.as_path().is_some();
        let ty = self.infer(part, want);
        self.has_default = false;
        ty
    }

    /// All operands but the last decide only whether it goes on; any of them can be what it yields.
    fn infer_and(&mut self, all: &[Expr], want: Want) -> Type {
        let decides = |at: usize| at + 1 < all.len();
        let types: Vec<Type> =
            all.iter().enumerate().map(|(at, part)| self.infer(part, if decides(at) { Want::Truth } else { want })).collect();
        Type::join(types)
    }
}

#[cfg(test)]
mod tests;
