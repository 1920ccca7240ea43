//! Pieces that several statements share.

use std::rc::Rc;

use super::{Lowering, shape};
use crate::diagnostics::codes::e0113_misplaced_statement::statement_in_data;
use crate::diagnostics::codes::e0114_yaml::{block_scalar, merge_key};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::nearest;
use crate::expr;
use crate::hir::expand::Scope;
use crate::hir::job::MayFail;
use crate::hir::{Concurrency, Condition, Duration, Map, Permissions, Runner, Switch, Value, ValueKind};
use crate::source::Span;
use crate::syntax::ast::{self, Block, ExprText, ItemKind, Kind};
use crate::text::Text;
use crate::workflow::model::SCOPES;

/// What a runner knows to call with a script: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>, November 2026.
const SHELLS: [&str; 6] = ["bash", "sh", "pwsh", "powershell", "cmd", "python"];

impl<'a> Lowering<'a> {
    /// The entries of a block, with loops and conditions done. Statements among them are refused.
    pub(super) fn map(&self, block: &'a Block, scope: &Rc<Scope>) -> Map {
        let mut map = Map::default();
        self.map_into(block, scope, &mut map);
        map
    }

    /// The same into a map that may have entries already; a key that is said twice is refused.
    pub(super) fn map_into(&self, block: &'a Block, scope: &Rc<Scope>, map: &mut Map) {
        for expanded in self.x.expand(block, scope) {
            self.entry_into(expanded.item, &expanded.scope, map);
        }
    }

    /// The entries of a block that are one value each: variables, outputs, secrets.
    pub(super) fn values_into(&self, block: &'a Block, scope: &Rc<Scope>, map: &mut Map) {
        self.map_into(block, scope, map);
        self.values(map, &shape::VALUES, scope);
    }

    /// One entry into a map.
    pub(super) fn entry_into(&self, item: &'a ast::Item, scope: &Rc<Scope>, map: &mut Map) {
        let ItemKind::Entry { key, value } = &item.kind else {
            return self.report(scope, statement_in_data(item.span));
        };
        if key.text.as_str() == "<<" {
            return self.report(scope, merge_key(key.span));
        }
        let name = self.x.fill(&key.text, scope, false).as_str().to_owned();
        if let Some(ast::Value::Word(word)) = value
            && word.quote == ast::Quote::Bare
            && matches!(word.text.as_str(), "|" | "|-" | "|+" | ">" | ">-" | ">+")
        {
            return self.report(scope, block_scalar(&name, &word.text, word.span));
        }
        let written_list = matches!(value, Some(ast::Value::List(_)));
        let value = value
            .as_ref()
            .map_or_else(|| Value { kind: ValueKind::Null, origin: scope.origin(item.span) }, |value| self.nested(value, scope));
        // A parameter that stands for an empty list leaves its entry out.
        if matches!(&value.kind, ValueKind::List(items) if items.is_empty() && !written_list) {
            self.x.warn_of_nothing(&value, "its entry is left out", scope);
            return;
        }
        if let Some(before) = map.get(&name) {
            self.report(scope, said_twice(&name, key.span, self.key(before)));
        }
        self.keys.borrow_mut().insert(value.origin.span, key.span);
        map.insert(name, value);
    }

    /// A value whose maps may hold loops and conditions too.
    fn nested(&self, value: &'a ast::Value, scope: &Rc<Scope>) -> Value {
        match value {
            ast::Value::Map(block) => Value { kind: ValueKind::Map(self.map(block, scope)), origin: scope.origin(block.span) },
            other => self.x.value(other, scope),
        }
    }

    /// A word or string as text; no command.
    pub(super) fn text(&self, word: &ast::Word, scope: &Scope) -> Text {
        self.x.braces_of(word, scope);
        self.x.fill(&word.text, scope, false)
    }

    /// The one value of a statement.
    pub(super) fn single(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Value {
        plain_ref(kind).0.first().map(|value| self.nested(value, scope)).unwrap_or_default()
    }

    /// The one value of a statement, as text.
    pub(super) fn single_text(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Option<Text> {
        self.single(kind, scope).text()
    }

    /// A condition, parsed; what is wrong with it is said at its place.
    pub(super) fn condition(&self, written: &ExprText, scope: &Rc<Scope>) -> Option<Condition> {
        let text = self.x.fill(&written.text, scope, true);
        // `${{ … }}` around all of it is not needed, and does no harm.
        let parsed = expr::check::condition_text(&text);
        let place = |span: Span| text.source(span.start as usize..span.end as usize);
        for diag in parsed.diags {
            self.report(scope, diag.map_spans(place));
        }
        let expr = parsed.value?.map_spans(&place);
        let filled = written.text.contains("%{");
        Some(Condition { expr, origin: scope.origin(written.text.span()), text, filled })
    }

    /// A shell that the runner knows, or a command that says with `{0}` where the script stands.
    pub(super) fn shell(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Option<Text> {
        let shell = self.single_text(kind, scope)?;
        if !shell.contains("${{") && !shell.contains("{0}") && !SHELLS.contains(&shell.as_str()) {
            let near = nearest(&shell, SHELLS);
            let diag = unknown_word("shell", &shell, near, &[], shell.span());
            let all = SHELLS.join(", ");
            let help = format!("there are {all}; another is a command with its script: `\"{} {{0}}\"`", shell.as_str());
            self.report(scope, if near.is_some() { diag } else { diag.help(help) });
        }
        Some(shell)
    }

    /// `may-fail`, `may-fail when EXPR`
    pub(super) fn may_fail(&self, kind: &Kind, scope: &Rc<Scope>) -> Option<MayFail> {
        match kind {
            Kind::Condition { expr: Some(expr), .. } => self.condition(expr, scope).map(Some),
            _ => Some(None),
        }
    }

    /// `none`, `read-all`, `write-all` or `{ scope: level }`
    pub(super) fn permissions(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Option<Permissions> {
        let value = self.single(kind, scope);
        let span = value.origin.span;
        match value.kind {
            ValueKind::Map(map) => {
                let mut scopes = Map::default();
                for (name, level) in map {
                    if !SCOPES.contains(&name.as_str()) {
                        let near = nearest(&name, SCOPES.iter().copied());
                        self.report(scope, unknown_word("scope of `permissions`", &name, near, SCOPES, self.key(&level)));
                    }
                    let levels = ["read", "write", "none"];
                    let spelled = level.spelled();
                    if level.text().is_none() {
                        let usage = format!("{name}: read");
                        self.report(scope, bad_value(level.noun(), "`read`, `write` or `none`", &usage, level.origin.span));
                    } else if !levels.contains(&spelled.as_str()) {
                        self.report(
                            scope,
                            unknown_word(
                                "level of a permission",
                                &spelled,
                                nearest(&spelled, levels),
                                &levels,
                                level.origin.span,
                            ),
                        );
                    }
                    scopes.insert(name, level);
                }
                Some(Permissions::Scopes(scopes))
            }
            _ => match value.spelled().as_str() {
                "none" => Some(Permissions::None),
                "read-all" => Some(Permissions::ReadAll),
                "write-all" => Some(Permissions::WriteAll),
                word => {
                    let words = ["none", "read-all", "write-all"];
                    self.report(scope, unknown_word("form of `permissions`", word, nearest(word, words), &words, span));
                    None
                }
            },
        }
    }

    /// `off`, a group, or `{ group: …, cancel-in-progress: … }`
    pub(super) fn concurrency(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Switch<Concurrency> {
        let mut value = self.single(kind, scope);
        let mut map = match plain_ref(kind).1 {
            Some(block) => self.map(block, scope),
            None => Map::default(),
        };
        if value.spelled() == "off" {
            return Switch::Off;
        }
        match &mut value.kind {
            ValueKind::Map(own) => map = std::mem::take(own),
            _ => {
                if let Some(second) = map.insert("group".into(), value.clone()) {
                    self.report(scope, said_twice("group", self.key(&second), value.origin.span));
                }
            }
        }
        self.known_keys(&map, &shape::CONCURRENCY, scope);
        shape::spell_switches(&mut map, &shape::CONCURRENCY);
        // A key that is none is most likely the one that is missing.
        let all_known = map.keys().all(|key| shape::CONCURRENCY.find(key).is_some());
        let Some(group) = map.swap_remove("group") else {
            if !all_known {
                return Switch::Derived;
            }
            self.report(
                scope,
                bad_value("`concurrency` without a `group`", "a group", "concurrency { group: NAME }", value.origin.span),
            );
            return Switch::Derived;
        };
        Switch::Written(Concurrency { group, cancel: map.swap_remove("cancel-in-progress"), queue: map.swap_remove("queue") })
    }

    /// `off`, a duration, or an expression that gives minutes.
    pub(super) fn timeout(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Switch<Value> {
        let value = self.single(kind, scope);
        match value.spelled().as_str() {
            "off" => Switch::Off,
            _ if self.is_duration("timeout", "15m", &value, scope) => Switch::Written(value),
            _ => Switch::Derived,
        }
    }

    /// Whether a value is a duration or a run-time expression; else a message.
    pub(super) fn is_duration(&self, what: &str, example: &str, value: &Value, scope: &Scope) -> bool {
        let spelled = value.spelled();
        let fine = spelled.contains("${{") || Duration::parse(&spelled).is_some_and(|duration| duration.0 > 0);
        if !fine {
            let meant = Duration::meant(&spelled, example);
            self.report(scope, bad_value(&format!("`{spelled}`"), "a duration", &format!("{what} {meant}"), value.origin.span));
        }
        fine
    }

    /// Whether a value is a whole number of at least one, or a run-time expression; else a message.
    pub(super) fn is_count(&self, what: &str, value: &Value, scope: &Scope) -> bool {
        let spelled = value.spelled();
        let fine = spelled.contains("${{") || is_count(&spelled);
        if !fine {
            self.report(
                scope,
                bad_value(&format!("`{spelled}`"), "a whole number of at least 1", &format!("{what} 3"), value.origin.span),
            );
        }
        fine
    }

    /// `on`, `off`, or a run-time expression, as a boolean.
    pub(super) fn on_off(&self, what: &str, value: Value, scope: &Scope) -> Option<Value> {
        let kind = match value.spelled().as_str() {
            "on" | "true" => ValueKind::Bool(true),
            "off" | "false" => ValueKind::Bool(false),
            expr if expr.contains("${{") => value.kind,
            other => {
                self.report(
                    scope,
                    bad_value(&format!("`{other}`"), "`on`, `off` or an expression", &format!("{what} off"), value.origin.span),
                );
                return None;
            }
        };
        Some(Value { kind, origin: value.origin })
    }

    /// A label, labels or a group, `auto`.
    pub(super) fn runner(&self, kind: &'a Kind, scope: &Rc<Scope>) -> Option<Runner> {
        let value = self.single(kind, scope);
        let block = plain_ref(kind).1.map(|block| self.map(block, scope));
        match (&value.kind, block) {
            (ValueKind::List(_), _) => {
                self.fits("runner", " ", &value, &shape::Shape::Many, scope);
                Some(Runner::Data(value))
            }
            (ValueKind::Map(map), _) => {
                self.known_keys(map, &shape::RUNNER, scope);
                Some(Runner::Data(value))
            }
            (_, block) if value.spelled() == "auto" => {
                let block = block.unwrap_or_default();
                self.known_keys(&block, &shape::AUTO, scope);
                Some(Runner::Auto(block))
            }
            (_, Some(block)) => {
                let span = block.first().map_or(value.origin.span, |(_, value)| value.origin.span);
                self.report(
                    scope,
                    bad_value("data behind a label", "`auto` before it, or nothing", "runner auto { arch: any }", span),
                );
                None
            }
            _ => value.text().map(Runner::Label),
        }
    }
}

/// Whether a text is a whole number of at least one, as every reader spells it.
pub(super) fn is_count(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u32>().is_ok_and(|count| count > 0)
}

/// The values and block of a plain statement, for as long as the tree lives.
pub(super) fn plain_ref(kind: &Kind) -> (&[ast::Value], Option<&Block>) {
    match kind {
        Kind::Plain { values, block } => (values, block.as_ref()),
        _ => (&[], None),
    }
}
