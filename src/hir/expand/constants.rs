//! `let` at the level of a file: it holds in all of it, whatever stands first. And what is wrong with definitions that nothing uses.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{Definition, Expander, Scope};
use crate::diagnostics::codes::e0201_unknown_parameter::unknown_parameter;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::nearest;
use crate::hir::Value;
use crate::syntax::ast::{self, Block, Item, ItemKind, Kind, Otherwise, Quote, Statement, Word};
use crate::syntax::visit;
use crate::text::Text;

impl<'a> Expander<'a> {
    /// Binds the lets of the level of a file, each after those that it asks for, wherever they stand.
    pub(in crate::hir) fn bind_constants(&self, body: &'a Block, scope: &Rc<Scope>) {
        self.note_constants(body);
        let lets: Vec<(&Word, &ast::Value)> = body.items.iter().filter_map(constant).collect();
        let by_name: HashMap<&str, usize> = lets.iter().enumerate().map(|(at, (name, _))| (name.text.as_str(), at)).collect();
        let needs = |at: usize| {
            let mut needed = Vec::new();
            visit::value_words(lets[at].1, &mut |word, _| {
                needed.extend(names_in(&word.text).filter_map(|(name, _)| by_name.get(name)));
            });
            needed
        };
        // Depth first, without recursion: a spec may have thousands, each asking for the one before.
        let mut begun = vec![false; lets.len()];
        for first in 0..lets.len() {
            let mut open = Vec::new();
            if !std::mem::replace(&mut begun[first], true) {
                open.push((first, needs(first)));
            }
            while let Some((at, left)) = open.last_mut() {
                match left.pop() {
                    Some(&next) if begun[next] => {}
                    Some(&next) => {
                        begun[next] = true;
                        open.push((next, needs(next)));
                    }
                    None => {
                        let (name, value) = lets[*at];
                        scope.bind(&name.text, self.let_value(value, scope));
                        open.pop();
                    }
                }
            }
        }
    }

    /// Notes where names are defined that hold from there on, or where a condition does.
    fn note_constants(&self, block: &Block) {
        for item in &block.items {
            let ItemKind::Statement(statement) = &item.kind else { continue };
            match &statement.kind {
                Kind::Let { name, .. } => {
                    self.constants.borrow_mut().entry(name.text.as_str().to_owned()).or_insert(name.span);
                }
                Kind::If { block, otherwise, .. } => {
                    self.note_constants(block);
                    let mut next = otherwise.as_ref();
                    while let Some(otherwise) = next.take() {
                        match otherwise {
                            Otherwise::Block(block) => self.note_constants(block),
                            Otherwise::If(item) => {
                                if let ItemKind::Statement(Statement { kind: Kind::If { block, otherwise, .. }, .. }) = &item.kind
                                {
                                    self.note_constants(block);
                                    next = otherwise.as_ref();
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The value of a `let`. A lookup without its quotes would be a text.
    pub(super) fn let_value(&self, value: &ast::Value, scope: &Rc<Scope>) -> Value {
        if let ast::Value::Word(word) = value
            && word.quote == Quote::Bare
            && let Some((name @ ("exists" | "files" | "dirs"), pattern)) =
                word.text.strip_suffix(')').and_then(|text| text.split_once('('))
        {
            let quoted = format!("{name}(\"{pattern}\")");
            self.report(scope, bad_value(&format!("`{}`", word.text.as_str()), "a pattern in quotes", &quoted, word.span));
        }
        self.value(value, scope)
    }

    /// Refuses names that nothing can define in the body of a definition that nothing uses. Used ones are checked as they are used.
    pub(in crate::hir) fn check_unused(&self, definition: &Definition<'a>) {
        if self.used.borrow().contains(&definition.name.span) {
            return;
        }
        let mut known: HashSet<&str> = definition.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
        let mut conditions = Vec::new();
        visit::statements(definition.body, &mut |statement| match &statement.kind {
            Kind::Let { name, .. } | Kind::For { name, .. } => drop(known.replace(&name.text)),
            Kind::Step { when: Some(when), .. }
            | Kind::List { when: Some(when), .. }
            | Kind::Condition { expr: Some(when), .. } => conditions.push(&when.text),
            _ => {}
        });
        let constants = self.constants.borrow();
        let scope = &definition.scope;
        let check = |text: &Text| {
            for (name, range) in names_in(text) {
                if !known.contains(name) && !constants.contains_key(name) && scope.find(name).is_none() {
                    let all = known.iter().copied().chain(constants.keys().map(String::as_str));
                    let mut all: Vec<&str> = all.take_while(|_| self.suggests()).collect();
                    all.sort_unstable();
                    self.report(scope, unknown_parameter(name, nearest(name, all), text.source(range)));
                }
            }
        };
        conditions.into_iter().for_each(check);
        visit::block_words(definition.body, &mut |word, _| check(&word.text));
        let defaults = definition.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
        defaults.for_each(|default| visit::value_words(default, &mut |word, _| check(&word.text)));
    }
}

/// The name and value of a `let`, of an item that is one.
pub(super) fn constant(item: &Item) -> Option<(&Word, &ast::Value)> {
    match &item.kind {
        ItemKind::Statement(Statement { kind: Kind::Let { name, value }, .. }) => Some((name, value)),
        _ => None,
    }
}

/// What a text asks for with `%{…}`, without properties, each with the place of its hole in the text.
fn names_in(text: &str) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
    let holes = text.match_indices("%{").filter(|(at, _)| !text[..*at].ends_with('%'));
    holes.filter_map(|(at, _)| {
        let close = at + text[at..].find('}')?;
        let name = text[at + 2..close].trim();
        Some((name.split('.').next().unwrap_or(name), at..close + 1))
    })
}
