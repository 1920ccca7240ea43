//! What is set for the compiler: the objective and its limits, the target, the compiler itself.

use std::rc::Rc;

use super::parts::plain_ref;
use super::{Lowering, shape};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0211_other_compiler::other_compiler;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::codes::e0620_no_expression_here::no_expression_here;
use crate::diagnostics::nearest;
use crate::hir::expand::Scope;
use crate::hir::{Alternative, By, Map, Objective, Optimize, Origin, Target, Value, ValueKind};
use crate::map::IndexMap;
use crate::source::Span;
use crate::syntax::ast::{self, Block, ExprText, ItemKind, Kind};

impl<'a> Lowering<'a> {
    /// `name word …` and entries, as a map: no word is `on`, several words are a list.
    pub(super) fn settings(&self, block: &'a Block, scope: &Rc<Scope>) -> Map {
        let mut map = Map::default();
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

    pub(super) fn optimize(&self, kind: &'a Kind, word: Span, scope: &Rc<Scope>) -> Optimize {
        let objective = self.objective(&self.single(kind, scope), &["off", "balanced", "time", "cost"], scope);
        let mut settings = plain_ref(kind).1.map(|block| self.settings(block, scope)).unwrap_or_default();
        self.known_keys(&settings, &shape::OPTIMIZE, scope);
        settings.retain(|name, _| shape::OPTIMIZE.find(name).is_some());
        Optimize { objective, settings, origin: Some(scope.origin(word)), by: None }
    }

    fn objective(&self, value: &Value, words: &[&str], scope: &Rc<Scope>) -> Objective {
        match value.spelled().as_str() {
            "" | "balanced" => Objective::Balanced,
            "off" if words.contains(&"off") => Objective::Off,
            "time" => Objective::Time,
            "cost" => Objective::Cost,
            other => {
                let near = nearest(other, words.iter().copied());
                self.report(scope, unknown_word("objective", other, near, words, value.origin.span));
                Objective::Balanced
            }
        }
    }

    /// `optimize by EXPR { NAME OBJECTIVE { … } … }`
    pub(super) fn optimize_by(
        &self,
        (expr, block): (&'a ExprText, Option<&'a Block>),
        word: Span,
        scope: &Rc<Scope>,
    ) -> Option<By> {
        let plans = block.map(|block| self.settings(block, scope)).unwrap_or_default();
        if plans.is_empty() {
            let example = "optimize by github.event_name { schedule cost }";
            self.report(scope, bad_value("`optimize by` without a block", "plans, each with its objective", example, word));
        }
        let expr = self.condition(expr, scope)?.expr;
        let mut alternatives: IndexMap<String, Alternative> = IndexMap::default();
        for (name, value) in plans {
            let at = self.key(&value);
            let (said, settings) = match value.kind {
                // What stands between the name and the block.
                ValueKind::Map(mut settings) => (settings.shift_remove("objective"), settings),
                // Nothing but the name.
                ValueKind::Bool(true) => (None, Map::default()),
                kind => (Some(Value { kind, origin: value.origin.clone() }), Map::default()),
            };
            let objective = said.map_or(Objective::Balanced, |said| self.objective(&said, &["balanced", "time", "cost"], scope));
            self.known_keys(&settings, &shape::ALTERNATIVE, scope);
            // To GitHub `Nightly` equals `nightly`.
            if let Some((_, other)) = alternatives.iter().find(|(other, _)| other.eq_ignore_ascii_case(&name)) {
                self.report(scope, said_twice(&name, at, other.origin.span));
            }
            let origin = Origin { span: at, ..value.origin };
            let is = Alternative::chosen(&expr, &name);
            alternatives.insert(name, Alternative { objective, is, settings, origin });
        }
        Some(By { expr, alternatives, origin: scope.origin(word) })
    }

    pub(super) fn target(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Target {
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
    pub(super) fn requires(&self, values: &'a [ast::Value], scope: &Rc<Scope>) {
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
}

/// `3.17`
fn is_version(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}
