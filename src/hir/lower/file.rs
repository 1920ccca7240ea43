//! Statements of the file: what holds for all jobs.

use std::rc::Rc;
use std::sync::Arc;

use super::parts::plain_ref;
use super::toolchains::{Uses, definitions};
use super::{Files, Lowering, Once, shape};
use crate::diagnostics::codes::e0113_misplaced_statement::misplaced_statement;
use crate::diagnostics::codes::e0207_said_twice::defined_twice;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::{find_code, nearest};
use crate::hir::expand::{Definition, Scope};
use crate::hir::{Allow, Gate, Map, NamedRunner, Optimize, Pipeline, Value, ValueKind};
use crate::map::{IndexMap, IndexSet};
use crate::source::Span;
use crate::syntax::ast::{self, Block, ItemKind, Kind, Statement};
use crate::syntax::symbols::{Keyword, Place};

impl<'a> Lowering<'a> {
    pub(super) fn file(&self, file: &'a ast::File, files: &Files<'a>) -> Pipeline {
        let scope = Rc::new(Scope::default());
        let mut seen = IndexSet::from_iter([files.path.to_owned()]);
        self.imports(file, files, files.path, &scope, &mut seen);
        self.definitions(file, &scope);
        let defines = |item: &ast::Item| match &item.kind {
            ItemKind::Statement(statement) => {
                matches!(statement.kind, Kind::Let { .. } | Kind::Definition { .. }) || statement.keyword == Keyword::Import
            }
            _ => false,
        };
        let mut pipeline = Pipeline {
            path: files.path.to_owned(),
            defines: file.body.items.iter().any(defines),
            whole: file.body.span,
            ..Pipeline::default()
        };
        self.constants(file, &scope);
        self.nested_definitions(&file.body, &scope);
        self.x.refused();
        let items = self.x.expand_file(&file.body, &scope);
        pipeline.incomplete = self.x.refused();
        let mut once = Once::default();
        let mut toolchains = Uses::default();
        // Jobs last: what holds for all of them may stand below them.
        for jobs in [false, true] {
            for expanded in &items {
                let ItemKind::Statement(statement) = &expanded.item.kind else {
                    if !jobs {
                        self.statement(expanded, Place::File);
                    }
                    continue;
                };
                if jobs != (statement.keyword == Keyword::Job) || self.statement(expanded, Place::File).is_none() {
                    continue;
                }
                let scope = &expanded.scope;
                once.check(self, scope, statement.keyword, expanded.item);
                match &statement.kind {
                    Kind::Job { name, title, body } => {
                        let Some(job) = self.job(name, title.as_ref(), body, expanded.item, scope) else {
                            self.incomplete.set(true);
                            continue;
                        };
                        if let Some(before) = pipeline.jobs.get(&job.id) {
                            let (id, before) = (job.id.clone(), before.origin.span);
                            self.report(scope, defined_twice("job", &id, name.span, before));
                        } else {
                            pipeline.jobs.insert(job.id.clone(), Arc::new(job));
                        }
                    }
                    _ if statement.keyword == Keyword::Toolchain => {
                        self.toolchain_use(&statement.kind, expanded.item, scope, &mut toolchains);
                    }
                    _ => self.file_statement(statement, scope, file.body.span, &mut pipeline),
                }
            }
            if !jobs {
                self.keep_for_all(&toolchains);
            }
        }
        self.whole_triggers(&pipeline.triggers, &scope);
        // Only those of the spec itself: what is imported may be meant for specs that define more.
        for (_, name, parameters, body) in definitions(file) {
            self.x.check_unused(&Definition { name, parameters, body, scope: scope.clone() });
        }
        pipeline.constants = scope.all_names();
        pipeline
    }

    fn file_statement(&self, statement: &'a Statement, scope: &Rc<Scope>, whole: Span, pipeline: &mut Pipeline) {
        let kind = &statement.kind;
        let defaults = &mut pipeline.defaults;
        let block = plain_ref(kind).1;
        match (kind, statement.keyword) {
            (_, Keyword::Workflow) => pipeline.name = self.single_text(kind, scope),
            (_, Keyword::RunName) => pipeline.run_name = self.single_text(kind, scope),
            (_, Keyword::Description) => pipeline.description = self.single_text(kind, scope),
            (_, Keyword::On) => self.on(kind, scope, &mut pipeline.triggers),
            (_, Keyword::Runner) => {
                defaults.runner = self.runner(kind, scope);
                defaults.runner_at = scope.origin(statement.word);
            }
            (_, Keyword::Runners) => pipeline.runners = self.runners(block, scope),
            (_, Keyword::Env) => {
                if let Some(block) = block {
                    self.values_into(block, scope, &mut defaults.env);
                }
            }
            (_, Keyword::Permissions) => defaults.permissions = self.permissions(kind, scope),
            (_, Keyword::Concurrency) => defaults.concurrency = self.concurrency(kind, scope),
            (_, Keyword::Timeout) => defaults.timeout = self.timeout(kind, scope),
            (_, Keyword::Shell) => defaults.shell = self.shell(kind, scope),
            (Kind::Plain { block: None, .. }, Keyword::In) => {
                defaults.dir = self.single_text(kind, scope).filter(|dir| !dir.is_empty());
            }
            (Kind::List { items, clauses, .. }, Keyword::Gate) => {
                let except = clauses.iter().flat_map(|(_, words)| words);
                let except = except.map(|word| (self.text(word, scope).as_str().to_owned(), word.span)).collect();
                let name = items.first().map(|name| self.text(name, scope)).unwrap_or_default();
                pipeline.gate = Some(Gate { name, except, origin: scope.origin(statement.word) });
            }
            (Kind::Condition { expr: Some(expr), block }, Keyword::Optimize) => {
                pipeline.optimize.by = self.optimize_by((expr, block.as_ref()), statement.word, scope);
            }
            (_, Keyword::Optimize) => {
                let by = pipeline.optimize.by.take();
                pipeline.optimize = Optimize { by, ..self.optimize(kind, statement.word, scope) };
            }
            (_, Keyword::Target) => pipeline.target = self.target(kind, scope),
            (_, Keyword::Monitor) => {
                let map = block.map(|block| self.settings(block, scope)).unwrap_or_default();
                self.known_keys(&map, &shape::MONITOR, scope);
                pipeline.monitor = Some(Value { kind: ValueKind::Map(map), origin: scope.origin(statement.word) });
            }
            (_, Keyword::CacheVersion) => pipeline.cache_version = self.single_text(kind, scope),
            (Kind::Plain { values, .. }, Keyword::Requires) => self.requires(values, scope),
            (_, Keyword::Allow) => self.allow(statement, scope, whole),
            (_, Keyword::Raw) => {
                if let Some(block) = block {
                    self.map_into(block, scope, &mut pipeline.raw);
                }
            }
            // Done before everything else.
            (_, Keyword::Import | Keyword::Template | Keyword::ToolchainDef | Keyword::ServiceDef) => {}
            _ => self.report(scope, misplaced_statement(statement.keyword, Place::File, statement.word)),
        }
    }

    fn runners(&self, block: Option<&'a Block>, scope: &Rc<Scope>) -> IndexMap<String, NamedRunner> {
        let map = block.map(|block| self.map(block, scope)).unwrap_or_default();
        let mut runners = IndexMap::default();
        for (name, value) in map {
            let origin = value.origin.clone();
            let (label, shape) = match value.kind {
                ValueKind::Map(mut shape) => {
                    self.known_keys(&shape, &shape::NAMED_RUNNER, scope);
                    let label = shape.shift_remove("label").or_else(|| {
                        let parts = ["group", "labels"].into_iter().filter_map(|key| shape.shift_remove_entry(key));
                        let parts: Map = parts.collect();
                        (!parts.is_empty()).then(|| Value { kind: ValueKind::Map(parts), origin: origin.clone() })
                    });
                    (label.unwrap_or_else(|| text_value(&name, &origin)), shape)
                }
                kind => {
                    let label = Value { kind, origin: origin.clone() };
                    self.fits(&name, ": ", &label, &shape::Shape::Many, scope);
                    (label, Map::default())
                }
            };
            runners.insert(name, NamedRunner { label, shape, origin });
        }
        runners
    }

    pub(super) fn allow(&self, statement: &'a Statement, scope: &Rc<Scope>, within: Span) {
        let Kind::Plain { values, .. } = &statement.kind else { return };
        let Some(code) = values.first().map(|value| self.x.value(value, scope)) else { return };
        let id = code.spelled();
        let silenced = crate::diagnostics::ALL
            .iter()
            .filter(|code| code.severity() != crate::diagnostics::Severity::Error)
            .map(|code| code.id);
        match find_code(&id) {
            Some(known) if known.severity() != crate::diagnostics::Severity::Error => {
                self.allows.borrow_mut().push(Allow { code: known.id.to_owned(), within, span: code.origin.span });
            }
            Some(_) => {
                let diag = unknown_word("warning", &id, None, &[], code.origin.span);
                self.report(scope, diag.help("an error cannot be silenced: mend what it says, and remove this"));
            }
            None => {
                let near = nearest(&id, silenced);
                let diag = unknown_word("warning", &id, near, &[], code.origin.span);
                self.report(scope, if near.is_some() { diag } else { diag.help("`pipelay explain` lists all codes") });
            }
        }
    }
}

fn text_value(text: &str, origin: &crate::hir::Origin) -> Value {
    Value { kind: ValueKind::Text(crate::text::Text::verbatim(text, origin.span)), origin: origin.clone() }
}
