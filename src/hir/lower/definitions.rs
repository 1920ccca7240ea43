//! What a file defines, and what it imports.

use std::rc::Rc;

use super::toolchains::definitions;
use super::{Files, Lowering};
use crate::diagnostics::codes::e0113_misplaced_statement::nested_definition;
use crate::diagnostics::codes::e0207_said_twice::{defined_twice, said_twice};
use crate::diagnostics::codes::e0210_import::{cannot_import, import_brings_no, imports_a_directory, imports_another_file};
use crate::diagnostics::nearest;
use crate::hir::expand::{Definition, Scope};
use crate::map::{IndexMap, IndexSet};
use crate::source::Span;
use crate::syntax::ast::{self, Block, Item, ItemKind, Kind, Otherwise, Statement};
use crate::syntax::symbols::Keyword;

impl<'a> Lowering<'a> {
    /// Templates, toolchains and services of a file.
    pub(super) fn definitions(&self, file: &'a ast::File, scope: &Rc<Scope>) {
        for (keyword, name, parameters, body) in definitions(file) {
            let definition = Definition { name, parameters, body, scope: scope.clone() };
            let into = |all: &std::cell::RefCell<IndexMap<String, Definition<'a>>>, definition| {
                all.borrow_mut().insert(name.text.as_str().to_owned(), definition)
            };
            let (noun, before) = match keyword {
                Keyword::ToolchainDef => ("toolchain", into(&self.toolchains, definition)),
                Keyword::ServiceDef => ("service", into(&self.services, definition)),
                _ => ("template", self.x.define(definition)),
            };
            if let Some(before) = before {
                self.report(scope, defined_twice(noun, &name.text, name.span, before.name.span));
            }
        }
    }

    /// Refuses definitions and imports in blocks of compile time: whether they hold would depend on the place that asks.
    pub(super) fn nested_definitions(&self, block: &'a Block, scope: &Rc<Scope>) {
        let mut open: Vec<(&'a Item, bool)> = block.items.iter().rev().map(|item| (item, false)).collect();
        while let Some((item, nested)) = open.pop() {
            let ItemKind::Statement(statement) = &item.kind else { continue };
            let defines = matches!(statement.kind, Kind::Definition { .. }) || statement.keyword == Keyword::Import;
            if nested && defines {
                // What it would have brought is not missed.
                self.x.miss_an_import();
                self.report(scope, nested_definition(statement.keyword, statement.word));
            }
            match &statement.kind {
                Kind::For { block, .. } => open.extend(block.items.iter().map(|item| (item, true))),
                Kind::Definition { block, .. } if statement.keyword == Keyword::Template => {
                    open.extend(block.items.iter().map(|item| (item, true)));
                }
                Kind::If { block, otherwise, .. } => {
                    open.extend(block.items.iter().map(|item| (item, true)));
                    match otherwise {
                        Some(Otherwise::Block(block)) => open.extend(block.items.iter().map(|item| (item, true))),
                        Some(Otherwise::If(item)) => open.push((item, true)),
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// A constant of the file is said once; in the body of a definition or a job a later `let` holds from there on.
    pub(super) fn constants(&self, file: &'a ast::File, scope: &Rc<Scope>) {
        let mut seen: IndexMap<&str, Span> = IndexMap::default();
        for item in &file.body.items {
            if let ItemKind::Statement(Statement { kind: Kind::Let { name, .. }, .. }) = &item.kind
                && let Some(before) = seen.insert(&name.text, name.span)
            {
                self.report(scope, said_twice(&name.text, name.span, before));
            }
        }
    }

    /// Lets and definitions of imported files, into `scope`.
    pub(super) fn imports(
        &self,
        file: &'a ast::File,
        files: &Files<'a>,
        path: &str,
        scope: &Rc<Scope>,
        seen: &mut IndexSet<String>,
    ) {
        for item in &file.body.items {
            let ItemKind::Statement(Statement { keyword: Keyword::Import, kind, .. }) = &item.kind else { continue };
            let Kind::Plain { values, .. } = kind else { continue };
            let Some(ast::Value::Word(word)) = values.first() else { continue };
            let target = crate::import_path(path, &word.text);
            if target.as_ref().is_some_and(|target| seen.contains(target)) {
                // Twice is once, and a circle ends where it began.
                continue;
            }
            let Some((target, imported)) = target.as_ref().and_then(|target| files.imports.get_key_value(target)) else {
                let tracked = self.x.facts.tracked.iter().flatten().filter(|path| crate::is_spec(path));
                let near = nearest(&word.text, tracked.map(String::as_str));
                let folder = target.as_ref().map(|target| if target.is_empty() { String::new() } else { format!("{target}/") });
                let holds = |folder: &String| self.x.facts.tracked.iter().flatten().any(|path| path.starts_with(folder.as_str()));
                let diag = if folder.as_ref().is_some_and(holds) {
                    imports_a_directory(&word.text, word.span)
                } else if near.is_none() && !crate::is_spec(&word.text) {
                    imports_another_file(&word.text, word.span)
                } else {
                    cannot_import(&word.text, near, word.span)
                };
                self.x.miss_an_import();
                self.report(scope, diag);
                continue;
            };
            seen.insert(target.clone());
            self.imports(imported, files, target, scope, seen);
            self.definitions(imported, scope);
            self.x.bind_constants(&imported.body, scope);
            for item in &imported.body.items {
                match &item.kind {
                    ItemKind::Statement(
                        Statement { keyword: Keyword::Import | Keyword::Let, .. }
                        | Statement { kind: Kind::Definition { .. }, .. },
                    ) => {}
                    ItemKind::Statement(statement) => {
                        self.report(scope, import_brings_no(statement.keyword.word(), statement.word, word.span));
                    }
                    _ => self.report(scope, import_brings_no("this", item.span, word.span)),
                }
            }
        }
    }
}
