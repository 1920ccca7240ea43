//! Statements of the file: what holds for all jobs, definitions, imports.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::parts::plain_ref;
use super::toolchains::{Uses, definitions};
use super::{Files, Lowering, Once, shape};
use crate::diagnostics::codes::e0113_misplaced_statement::{misplaced_statement, nested_definition};
use crate::diagnostics::codes::e0207_said_twice::{defined_twice, said_twice};
use crate::diagnostics::codes::e0210_import::{cannot_import, import_brings_no, imports_a_directory, imports_another_file};
use crate::diagnostics::codes::e0211_other_compiler::other_compiler;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::codes::e0620_no_expression_here::no_expression_here;
use crate::diagnostics::{find_code, nearest};
use crate::hir::expand::{Definition, Scope};
use crate::hir::{Allow, Gate, Map, NamedRunner, Objective, Optimize, Pipeline, Target, Value, ValueKind};
use crate::source::Span;
use crate::syntax::ast::{self, Block, Item, ItemKind, Kind, Otherwise, Statement};
use crate::syntax::symbols::{Keyword, Place};

impl<'a> Lowering<'a> {
    pub(super) fn file(&self, file: &'a ast::File, files: &Files<'a>) -> Pipeline {
        let scope = Rc::new(Scope::default());
        let mut seen = IndexSet::from([files.path.to_owned()]);
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
                        let job = self.job(name, title.as_ref(), body, expanded.item, scope);
                        if let Some(before) = pipeline.jobs.get(&job.id) {
                            let (id, before) = (job.id.clone(), before.origin.span);
                            self.report(scope, defined_twice("job", &id, name.span, before));
                        } else {
                            pipeline.jobs.insert(job.id.clone(), job);
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
            (_, Keyword::Shell) => defaults.shell = self.single_text(kind, scope),
            (Kind::Plain { block: None, .. }, Keyword::In) => {
                defaults.dir = self.single_text(kind, scope).filter(|dir| !dir.is_empty());
            }
            (Kind::List { items, clauses, .. }, Keyword::Gate) => {
                let except = clauses.iter().flat_map(|(_, words)| words);
                let except = except.map(|word| (self.text(word, scope).as_str().to_owned(), word.span)).collect();
                let name = items.first().map(|name| self.text(name, scope)).unwrap_or_default();
                pipeline.gate = Some(Gate { name, except, origin: scope.origin(statement.word) });
            }
            (_, Keyword::Optimize) => pipeline.optimize = self.optimize(kind, statement.word, scope),
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

    /// Templates, toolchains and services of a file.
    fn definitions(&self, file: &'a ast::File, scope: &Rc<Scope>) {
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
    fn nested_definitions(&self, block: &'a Block, scope: &Rc<Scope>) {
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
    fn constants(&self, file: &'a ast::File, scope: &Rc<Scope>) {
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        for item in &file.body.items {
            if let ItemKind::Statement(Statement { kind: Kind::Let { name, .. }, .. }) = &item.kind
                && let Some(before) = seen.insert(&name.text, name.span)
            {
                self.report(scope, said_twice(&name.text, name.span, before));
            }
        }
    }

    /// Lets and definitions of imported files, into `scope`.
    fn imports(&self, file: &'a ast::File, files: &Files<'a>, path: &str, scope: &Rc<Scope>, seen: &mut IndexSet<String>) {
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

    fn runners(&self, block: Option<&'a Block>, scope: &Rc<Scope>) -> IndexMap<String, NamedRunner> {
        let map = block.map(|block| self.map(block, scope)).unwrap_or_default();
        let mut runners = IndexMap::new();
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
                    (label, Map::new())
                }
            };
            runners.insert(name, NamedRunner { label, shape, origin });
        }
        runners
    }

    /// `name word …` and entries, as a map: no word is `on`, several words are a list.
    pub(super) fn settings(&self, block: &'a Block, scope: &Rc<Scope>) -> Map {
        let mut map = Map::new();
        for item in &block.items {
            match &item.kind {
                ItemKind::Setting { name, words, block } => {
                    let origin = scope.origin(item.span);
                    let mut values: Vec<Value> = words.iter().map(|word| self.x.word(word, scope)).collect();
                    let kind = match (block, values.len()) {
                        (Some(block), _) => {
                            let mut inner = self.settings(block, scope);
                            if let Some(first) = values.pop() {
                                inner.insert("objective".to_owned(), first);
                            }
                            ValueKind::Map(inner)
                        }
                        (None, 0) => ValueKind::Bool(true),
                        (None, 1) => values.remove(0).kind,
                        (None, _) => ValueKind::List(values),
                    };
                    if let Some(before) = map.get(name.text.as_str()) {
                        let before: &Value = before;
                        self.report(scope, said_twice(&name.text, name.span, before.origin.span));
                    }
                    self.keys.borrow_mut().insert(origin.span, name.span);
                    map.insert(name.text.as_str().to_owned(), Value { kind, origin });
                }
                _ => self.entry_into(item, scope, &mut map),
            }
        }
        map
    }

    fn optimize(&self, kind: &'a Kind, word: Span, scope: &Rc<Scope>) -> Optimize {
        let origin = Some(scope.origin(word));
        if let Kind::Condition { expr: Some(expr), block } = kind {
            let by = self.condition(expr, scope).map(|condition| condition.expr);
            let settings = block.as_ref().map(|block| self.settings(block, scope)).unwrap_or_default();
            return Optimize { objective: Objective::Balanced, by, settings, origin };
        }
        let value = self.single(kind, scope);
        let words = ["off", "balanced", "time", "cost"];
        let objective = match value.spelled().as_str() {
            "" | "balanced" => Objective::Balanced,
            "off" => Objective::Off,
            "time" => Objective::Time,
            "cost" => Objective::Cost,
            other => {
                self.report(scope, unknown_word("objective", other, nearest(other, words), &words, value.origin.span));
                Objective::Balanced
            }
        };
        let mut settings = plain_ref(kind).1.map(|block| self.settings(block, scope)).unwrap_or_default();
        self.known_keys(&settings, &shape::OPTIMIZE, scope);
        settings.retain(|name, _| shape::OPTIMIZE.find(name).is_some());
        Optimize { objective, by: None, settings, origin }
    }

    fn target(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Target {
        let (values, block) = plain_ref(kind);
        let words: Vec<Value> = values.iter().map(|value| self.x.value(value, scope)).collect();
        let name = words.first().map(Value::spelled).unwrap_or_default();
        if !matches!(name.as_str(), "github" | "ghes") {
            let span = words.first().map_or_else(Span::default, |word| word.origin.span);
            self.report(scope, unknown_word("target", &name, nearest(&name, ["github", "ghes"]), &["github", "ghes"], span));
        }
        let settings = block.map(|block| self.settings(block, scope)).unwrap_or_default();
        self.known_keys(&settings, &shape::TARGET, scope);
        let is_on = |key: &str| {
            let value = settings.get(key).cloned()?;
            self.on_off(key, value, scope)
        };
        let on = |key: &str| {
            let value = is_on(key);
            // What the output may use is known before there is a run.
            if let Some(Value { kind: ValueKind::Text(text), .. }) = &value {
                self.report(scope, no_expression_here("`target`", None, text.span()));
            }
            value.is_some_and(|value| value.kind == ValueKind::Bool(true))
        };
        match (name.as_str(), words.get(1)) {
            ("ghes", Some(version)) if is_version(&version.spelled()) => {}
            ("ghes", version) => {
                let found = version.map_or_else(|| "`ghes` alone".to_owned(), |version| format!("`{}`", version.spelled()));
                let at = version.or(words.first()).map_or_else(Span::default, |word| word.origin.span);
                self.report(scope, bad_value(&found, "a version of GitHub Enterprise Server", "target ghes 3.17", at));
            }
            ("github", Some(version)) => {
                let found = format!("`{}` behind `github`", version.spelled());
                self.report(scope, bad_value(&found, "no version", "target github", version.origin.span));
            }
            _ => {}
        }
        let server = words.get(1).filter(|_| name == "ghes").and_then(Value::text);
        Target { server, parallel_steps: on("parallel-steps"), queue_max: on("queue-max") }
    }

    /// `requires pipelay 0.4`: this compiler is at least that one, of the same line of compatible versions.
    fn requires(&self, values: &'a [ast::Value], scope: &Rc<Scope>) {
        let words: Vec<Value> = values.iter().map(|value| self.x.value(value, scope)).collect();
        let [name, version] = words.as_slice() else { return };
        if name.spelled() != "pipelay" {
            return self
                .report(scope, unknown_word("compiler", &name.spelled(), Some("pipelay"), &["pipelay"], name.origin.span));
        }
        let own = env!("CARGO_PKG_VERSION");
        let parts = |text: &str| -> Option<Vec<u32>> { text.split('.').map(|part| part.parse().ok()).collect() };
        let wanted = parts(&version.spelled()).filter(|parts| (1..=3).contains(&parts.len()));
        let fits = wanted.is_some_and(|wanted| {
            let own = parts(own).unwrap_or_default();
            // Compatible versions share the first number that is not zero.
            let line = wanted.iter().position(|&part| part > 0).unwrap_or(wanted.len() - 1);
            own.iter().zip(&wanted).take(line + 1).all(|(own, wanted)| own == wanted) && own >= wanted
        });
        if !fits {
            self.report(scope, other_compiler(&version.spelled(), own, version.origin.span));
        }
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

/// `3.17`
fn is_version(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

fn text_value(text: &str, origin: &crate::hir::Origin) -> Value {
    Value { kind: ValueKind::Text(crate::text::Text::verbatim(text, origin.span)), origin: origin.clone() }
}
