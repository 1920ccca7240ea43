//! `matrix` and `shards`.

use std::rc::Rc;

use super::parts::plain_ref;
use super::toolchains::Uses;
use super::{Lowering, Once, shape};
use crate::diagnostics::codes::e0113_misplaced_statement::{misplaced_statement, statement_in_data};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0304_bad_matrix::{bad_axis, not_a_row};
use crate::expr::text::hole_length;
use crate::hir::expand::{Expanded, Scope};
use crate::hir::{Job, MAX_SHARDS, Map, Matrix, MatrixRow, Origin, Shards, Value, ValueKind};
use crate::map::IndexMap;
use crate::source::Span;
use crate::syntax::ast::{self, Block, ItemKind, Kind};
use crate::syntax::symbols::{Keyword, Place};

impl<'a> Lowering<'a> {
    pub(super) fn matrix(&self, statement: &'a ast::Statement, scope: &Rc<Scope>) -> Option<Matrix> {
        let origin = scope.origin(statement.word);
        match &statement.kind {
            Kind::Axis { name, values } => {
                let mut items = Vec::new();
                for value in values {
                    let mut filled = self.x.value(value, scope);
                    nothing(&mut filled);
                    self.x.warn_of_nothing(&filled, "the axis has no value", scope);
                    match filled.kind {
                        // `matrix os: %{oses}` and `matrix os: [a, b]` are the list itself.
                        ValueKind::List(inner) => items.extend(inner),
                        _ => items.push(filled),
                    }
                }
                let span = values.first().map_or(name.span, crate::syntax::ast::Value::span);
                let whole = match items.as_slice() {
                    [only] if is_hole(only) => only.clone(),
                    _ => Value { kind: ValueKind::List(same_type(items)), origin: scope.origin(span) },
                };
                let axes = Map::from_iter([(self.text(name, scope).as_str().to_owned(), whole)]);
                Some(Matrix::Axes { axes, include: Vec::new(), exclude: Vec::new(), origin })
            }
            Kind::Rows { name, rows } => {
                let mut all = Vec::new();
                self.rows(rows, scope, &mut all);
                let values = same_type(all.iter().map(|row| row.value.clone()).collect());
                all.iter_mut().zip(values).for_each(|(row, value)| row.value = value);
                let axis = self.text(name, scope).as_str().to_owned();
                let mut seen: IndexMap<String, Span> = IndexMap::default();
                for row in &all {
                    let (value, here) = (row.value.spelled(), row.value.origin.span);
                    if let Some(&before) = seen.get(&value) {
                        self.report(scope, said_twice(&value, here, before));
                    } else {
                        seen.insert(value, here);
                    }
                }
                Some(Matrix::Rows { axis, rows: all, origin })
            }
            Kind::Plain { block: Some(block), .. } => Some(self.axes(block, scope, origin)),
            kind => self.single_text(kind, scope).map(Matrix::Expr),
        }
    }

    fn axes(&self, block: &'a Block, scope: &Rc<Scope>, origin: Origin) -> Matrix {
        let (mut axes, mut include, mut exclude) = (Map::default(), Vec::new(), Vec::new());
        for expanded in self.x.expand(block, scope) {
            let (item, scope) = (expanded.item, &expanded.scope);
            match &item.kind {
                ItemKind::Entry { key, value: written } => {
                    let named = matches!(written, Some(ast::Value::Word(word)) if self.x.is_name(word, scope));
                    let mut map = crate::hir::Map::default();
                    self.entry_into(item, scope, &mut map);
                    for (axis, mut value) in map {
                        nothing(&mut value);
                        let is_row = |item: &Value| matches!(item.kind, ValueKind::Map(_));
                        // GitHub takes an expression for an axis, and for all the rows that are added or taken away.
                        if is_hole(&value) {
                            axes.insert(axis, value);
                            continue;
                        }
                        match (&axis[..], &mut value.kind) {
                            ("include" | "exclude", ValueKind::List(rows)) => {
                                for other in rows.iter().filter(|row| !is_row(row)) {
                                    self.report(scope, not_a_row(&axis, other.noun(), other.origin.span));
                                }
                                if axis == "include" { include.append(rows) } else { exclude.append(rows) }
                            }
                            (_, ValueKind::List(items)) => {
                                *items = same_type(std::mem::take(items));
                                if axes.insert(axis.clone(), value).is_some() {
                                    self.report(scope, said_twice(&axis, key.span, origin.span));
                                }
                            }
                            ("include" | "exclude", _) if !named => {
                                self.report(scope, not_a_row(&axis, value.noun(), value.origin.span));
                            }
                            _ => {
                                if !named {
                                    self.report(scope, bad_axis(&axis, value.noun(), value.origin.span));
                                }
                                // The axis is there, with one value.
                                value.kind = ValueKind::List(vec![value.clone()]);
                                axes.insert(axis, value);
                            }
                        }
                    }
                }
                ItemKind::Statement(statement) if matches!(statement.keyword, Keyword::Include | Keyword::Exclude) => {
                    let Some(block) = plain_ref(&statement.kind).1 else { continue };
                    let mut row = Value { kind: ValueKind::Map(self.map(block, scope)), origin: scope.origin(item.span) };
                    nothing(&mut row);
                    if statement.keyword == Keyword::Include { include.push(row) } else { exclude.push(row) }
                }
                _ => drop(self.statement(&expanded, Place::Matrix)),
            }
        }
        Matrix::Axes { axes, include, exclude, origin }
    }

    fn rows(&self, block: &'a Block, scope: &Rc<Scope>, into: &mut Vec<MatrixRow>) {
        for expanded in self.x.expand(block, scope) {
            let (item, scope) = (expanded.item, &expanded.scope);
            let ItemKind::Row { value, block } = &item.kind else {
                self.report(scope, statement_in_data(item.span));
                continue;
            };
            let mut row = MatrixRow {
                value: self.x.word(value, scope),
                job: Job { origin: scope.origin(value.span), ..Job::default() },
                without: Vec::new(),
            };
            let mut toolchains = Uses::default();
            let mut once = Once::default();
            for inner in self.x.expand(block, scope) {
                if let ItemKind::Statement(statement) = &inner.item.kind {
                    once.check(self, &inner.scope, statement.keyword, inner.item);
                }
                self.row_statement(&inner, &mut row.job, &mut toolchains);
            }
            row.job.toolchains = toolchains.made();
            row.without = toolchains.off();
            into.push(row);
        }
    }

    fn row_statement(&self, expanded: &Expanded<'a>, job: &mut Job, toolchains: &mut Uses<'a>) {
        let ItemKind::Statement(statement) = &expanded.item.kind else {
            self.statement(expanded, Place::Row);
            return;
        };
        if self.statement(expanded, Place::Row).is_some()
            && !self.shared(statement, &expanded.scope, expanded.item, job, toolchains)
        {
            self.report(&expanded.scope, misplaced_statement(statement.keyword, Place::Row, statement.word));
        }
    }

    pub(super) fn shards(&self, kind: &'a Kind, word: Span, scope: &Rc<Scope>) -> Option<Shards> {
        let (values, block) = plain_ref(kind);
        let mut values = values.iter().map(|value| self.x.value(value, scope));
        let count = values.next()?;
        let files = values.filter_map(|value| value.text()).collect();
        let settings = block.map(|block| self.settings(block, scope)).unwrap_or_default();
        self.known_keys(&settings, &shape::SHARDS, scope);
        if count.spelled() != "auto" {
            if !self.is_count("shards", &count, scope) {
                return None;
            }
            if count.spelled().parse::<u32>().is_ok_and(|count| count > MAX_SHARDS) {
                let wanted = format!("a number from 1 to {MAX_SHARDS}");
                self.report(scope, bad_value(&format!("`{}`", count.spelled()), &wanted, "shards 4", count.origin.span));
                return None;
            }
        }
        Some(Shards { count, files, settings, is_chosen: false, origin: scope.origin(word) })
    }
}

/// Whether a value is one run-time expression and nothing else.
fn is_hole(value: &Value) -> bool {
    value
        .kind
        .as_text()
        .is_some_and(|text| hole_length(text).is_some_and(|length| text.starts_with("${{") && length == text.len()))
}

/// A bare `null` in a matrix is nothing, as GitHub takes it; in quotes, which are no part of a text's place, it is a text.
fn nothing(value: &mut Value) {
    match &mut value.kind {
        ValueKind::Text(text) if text.as_str() == "null" && text.span() == value.origin.span => value.kind = ValueKind::Null,
        ValueKind::List(items) => items.iter_mut().for_each(nothing),
        ValueKind::Map(map) => map.values_mut().for_each(nothing),
        _ => {}
    }
}

/// An axis is numeric only if all its items are: `3.9, 3.10` are texts, since `3.10` is one.
fn same_type(items: Vec<Value>) -> Vec<Value> {
    // `3.10` is a text, and so are then `3.9` beside it; beside `stable` or `"3.10"`, a number is one.
    if !items.iter().any(Value::is_bare_like_a_number) {
        return items;
    }
    let text = |mut item: Value| {
        if let (ValueKind::Number(_), Some(text)) = (&item.kind, item.text()) {
            item.kind = ValueKind::Text(text);
        }
        item
    };
    items.into_iter().map(text).collect()
}

/// The axes of two statements, of which the second was refused: what asks for them is right.
pub(super) fn both(before: Option<Matrix>, again: Option<Matrix>) -> Option<Matrix> {
    match (before, again) {
        (
            Some(Matrix::Axes { mut axes, mut include, mut exclude, origin }),
            Some(Matrix::Axes { axes: more, include: added, exclude: less, .. }),
        ) => {
            axes.extend(more);
            include.extend(added);
            exclude.extend(less);
            Some(Matrix::Axes { axes, include, exclude, origin })
        }
        (before, again) => again.or(before),
    }
}
