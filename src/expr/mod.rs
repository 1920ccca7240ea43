//! GitHub's expression language, in full: read, check, evaluate, fold and print.
//!
//! An [`Expr`] is what stands inside `${{ }}` or behind `when`. The tree is kept in one normal form, so that equal trees print
//! alike and every printed tree reads back as itself: `&&` and `||` are flat lists (`a && (b && c)` has one node; it means the same,
//! since both operators hand on an operand), and parentheses are no nodes.
//!
//! | module | what |
//! | --- | --- |
//! | [`mod@parse`] | text → tree, by `grammar/expression.pest` |
//! | `fault` | what is wrong with a text that the grammar refuses |
//! | [`text`] | a text with `${{ }}` in it → its pieces |
//! | `print` | tree → text, with the fewest parentheses |
//! | [`value`], [`number`] | what an expression yields, with GitHub's coercions |
//! | [`eval`], [`functions`] | the meaning |
//! | [`fold`] | what is known beforehand, worked out |
//! | [`macros`] | `branch('main')` and the like → GitHub's own words |
//! | [`types`], [`scope`], [`check`] | what an expression may name where it stands, of which type it is, and which traps it walks into |

pub mod check;
pub mod eval;
mod fault;
pub mod fold;
pub mod functions;
pub mod macros;
pub mod number;
pub mod parse;
mod print;
pub mod scope;
pub mod text;
pub mod types;
pub mod value;

pub use parse::parse;

use crate::source::Span;

/// An expression and where it stands. Two are equal if they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where it stands, without parentheses around it.
    pub span: Span,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as it was written; [`number::parse`] has its value.
    Number(String),
    /// `'text'`, without quotes and with `''` undone.
    String(String),
    /// `github`: a context as a whole, as it was written (case does not count).
    Context(String),
    /// `a.b`
    Property(Box<Expr>, String),
    /// `a[b]`
    Index(Box<Expr>, Box<Expr>),
    /// `a.*`, `a[*]`
    Star(Box<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a && b && c`; at least two.
    And(Vec<Expr>),
    /// `a || b || c`; at least two.
    Or(Vec<Expr>),
    /// `a == b` and its kin.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `f(a, b)`, the name as it was written (case does not count).
    Call(String, Vec<Expr>),
}

/// An operator that compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    /// An expression at a place.
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// A text literal.
    pub fn string(text: impl Into<String>, span: Span) -> Self {
        Self::new(ExprKind::String(text.into()), span)
    }

    /// `true` or `false`.
    pub fn bool(value: bool, span: Span) -> Self {
        Self::new(ExprKind::Bool(value), span)
    }

    /// The path `first.second.…`, of a context and its properties.
    pub fn path<'a>(names: impl IntoIterator<Item = &'a str>, span: Span) -> Self {
        let mut names = names.into_iter();
        let context = Self::new(ExprKind::Context(names.next().unwrap_or_default().to_owned()), span);
        names.fold(context, |base, name| Self::new(ExprKind::Property(Box::new(base), name.to_owned()), span))
    }

    /// A call.
    pub fn call(name: &str, args: Vec<Self>, span: Span) -> Self {
        Self::new(ExprKind::Call(name.to_owned(), args), span)
    }

    /// A comparison.
    pub fn compare(op: CompareOp, left: Self, right: Self) -> Self {
        let span = left.span.to(right.span);
        Self::new(ExprKind::Compare(op, Box::new(left), Box::new(right)), span)
    }

    /// All of them; one alone is itself, none is `true`.
    pub fn and(terms: Vec<Self>) -> Self {
        Self::flat(terms, true)
    }

    /// Any of them; one alone is itself, none is `false`.
    pub fn or(terms: Vec<Self>) -> Self {
        Self::flat(terms, false)
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        let span = self.span;
        Self::new(ExprKind::Not(Box::new(self)), span)
    }

    fn flat(terms: Vec<Self>, all: bool) -> Self {
        let mut flat = Vec::with_capacity(terms.len());
        for term in terms {
            match term.kind {
                ExprKind::And(inner) if all => flat.extend(inner),
                ExprKind::Or(inner) if !all => flat.extend(inner),
                kind => flat.push(Self { kind, span: term.span }),
            }
        }
        let span = flat.iter().map(|term| term.span).reduce(Span::to).unwrap_or_default();
        match (flat.pop(), flat.is_empty()) {
            (None, _) => Self::bool(all, span),
            (Some(only), true) => only,
            (Some(last), false) => {
                flat.push(last);
                Self::new(if all { ExprKind::And(flat) } else { ExprKind::Or(flat) }, span)
            }
        }
    }

    /// The parts it is made of, from left to right.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Property(a, _) | ExprKind::Star(a) | ExprKind::Not(a) => vec![a],
            ExprKind::Index(a, b) | ExprKind::Compare(_, a, b) => vec![a, b],
            ExprKind::And(all) | ExprKind::Or(all) | ExprKind::Call(_, all) => all.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Shows `see` this expression and then every part of it, outermost first.
    pub fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        for child in self.children() {
            child.walk(see);
        }
    }

    /// Rebuilds the tree from its leaves up: `change` gets every node with its parts already rebuilt.
    #[must_use]
    pub fn rewrite(self, change: &mut impl FnMut(Self) -> Self) -> Self {
        let span = self.span;
        let kind = match self.kind {
            ExprKind::Property(a, name) => ExprKind::Property(boxed(*a, change), name),
            ExprKind::Index(a, b) => ExprKind::Index(boxed(*a, change), boxed(*b, change)),
            ExprKind::Star(a) => ExprKind::Star(boxed(*a, change)),
            ExprKind::Not(a) => ExprKind::Not(boxed(*a, change)),
            ExprKind::And(all) => Self::and(each(all, change)).kind,
            ExprKind::Or(all) => Self::or(each(all, change)).kind,
            ExprKind::Compare(op, a, b) => ExprKind::Compare(op, boxed(*a, change), boxed(*b, change)),
            ExprKind::Call(name, args) => ExprKind::Call(name, each(args, change)),
            leaf => leaf,
        };
        change(Self { kind, span })
    }

    /// With every place moved: what was read from a part, in terms of the whole.
    #[must_use]
    pub fn map_spans(self, map: &impl Fn(Span) -> Span) -> Self {
        self.rewrite(&mut |mut expr| {
            expr.span = map(expr.span);
            expr
        })
    }

    /// Whether it is a literal, and which text a string literal has.
    pub fn as_string(&self) -> Option<&str> {
        if let ExprKind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// Whether it binds as tightly as a name: no operator is its outermost part.
    pub fn is_operand(&self) -> bool {
        !matches!(self.kind, ExprKind::Not(_) | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Compare(..))
    }

    /// The names of a path such as `github.event.number`, in lower case; `a['b']` counts as `a.b`.
    pub fn as_path(&self) -> Option<Vec<String>> {
        match &self.kind {
            ExprKind::Context(name) => Some(vec![name.to_lowercase()]),
            ExprKind::Property(base, name) => {
                let mut path = base.as_path()?;
                path.push(name.to_lowercase());
                Some(path)
            }
            ExprKind::Index(base, index) => {
                let mut path = base.as_path()?;
                path.push(index.as_string()?.to_lowercase());
                Some(path)
            }
            _ => None,
        }
    }

    /// Whether it calls `success`, `failure`, `cancelled` or `always`: then GitHub adds no `success() &&` of its own.
    pub fn asks_status(&self) -> bool {
        let mut found = false;
        self.walk(&mut |expr| found |= matches!(&expr.kind, ExprKind::Call(name, _) if functions::is_status(name)));
        found
    }

    /// Whether it calls another of these than `success`.
    pub fn asks_for_more_than_success(&self) -> bool {
        let is_other = |name: &str| functions::is_status(name) && !name.eq_ignore_ascii_case("success");
        let mut found = false;
        self.walk(&mut |expr| found |= matches!(&expr.kind, ExprKind::Call(name, _) if is_other(name)));
        found
    }

    /// The paths of all contexts in it, each as long as it is known: `github.event.number`, `matrix` for `matrix[x]`.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        self.collect_paths(&mut all);
        all
    }

    fn collect_paths(&self, all: &mut Vec<Vec<String>>) {
        if let Some(path) = self.as_path() {
            all.push(path);
            return;
        }
        for child in self.children() {
            child.collect_paths(all);
        }
    }
}

fn boxed(expr: Expr, change: &mut impl FnMut(Expr) -> Expr) -> Box<Expr> {
    Box::new(expr.rewrite(change))
}

fn each(exprs: Vec<Expr>, change: &mut impl FnMut(Expr) -> Expr) -> Vec<Expr> {
    exprs.into_iter().map(|expr| expr.rewrite(change)).collect()
}
