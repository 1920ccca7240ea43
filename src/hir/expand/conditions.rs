//! Questions of compile time: conditions, what a loop runs over, what git tracks.

use std::rc::Rc;

use super::super::{Value, ValueKind};
use super::fill::sole_parameter;
use super::{Expander, Scope};
use crate::catalog::library;
use crate::diagnostics::codes::e0202_unknown_template::unknown_lookup;
use crate::diagnostics::codes::e0205_not_a_list::{not_a_list, one_text};
use crate::diagnostics::codes::e0213_run_time_if::run_time_if;
use crate::diagnostics::codes::e0214_word_for_a_name::{text_alone, text_like_a_name, two_texts};
use crate::diagnostics::codes::e0216_unknown_repository::unknown_repository;
use crate::diagnostics::codes::w0215_nothing_found::nothing_found;
use crate::diagnostics::nearest;
use crate::expr;
use crate::pattern::{Pattern, select};
use crate::syntax::ast::{self, Condition, Quote, Word};
use crate::text::Text;

impl Expander<'_> {
    pub(super) fn iterate(&self, over: &ast::Value, scope: &Rc<Scope>) -> Vec<Value> {
        if let ast::Value::Word(word) = over
            && sole_parameter(&word.text).is_none()
        {
            self.lose();
            self.report(scope, one_text(&word.text, instead_of_text(word, scope), word.span));
            return Vec::new();
        }
        let value = self.value(over, scope);
        self.warn_of_nothing(&value, "this loop runs over nothing", scope);
        match value.kind {
            ValueKind::List(items) => items,
            ValueKind::Map(_) => {
                self.lose();
                self.report(scope, not_a_list(value.noun(), over.span()));
                Vec::new()
            }
            ValueKind::Text(text) if is_several(&text) && !library::holds(over.span()) => {
                self.lose();
                let items: Vec<&str> = text.split([' ', ',', '\n']).filter(|item| !item.is_empty()).collect();
                let help = match over {
                    _ if text.contains("${{") => IN_A_MATRIX.to_owned(),
                    _ => format!("let it be a list: `[{}]`", items.join(", ")),
                };
                self.report(scope, one_text(&text, help, over.span()));
                Vec::new()
            }
            // One value is a list of one, and nothing is a list of none: `tools: a` and `tools: [a]` are the same.
            _ if value.spelled().is_empty() => Vec::new(),
            _ => vec![value],
        }
    }

    pub(super) fn holds(&self, condition: &Condition, scope: &Rc<Scope>) -> bool {
        match condition {
            // Every part is looked at, whatever the others answer: a fault in it is one.
            Condition::Any(parts) => parts.iter().fold(false, |any, part| self.holds(part, scope) | any),
            Condition::All(parts) => parts.iter().fold(true, |all, part| self.holds(part, scope) & all),
            Condition::Not(part) => !self.holds(part, scope),
            Condition::Compare { left, equal, right } => {
                self.compares_something(left, right, scope);
                (self.operand(left, scope) == self.operand(right, scope)) == *equal
            }
            Condition::Lookup(_) | Condition::Word(_) => {
                if let Condition::Word(word) = condition
                    && asks_nothing(word)
                    && !matches!(word.text.as_str(), "true" | "false")
                {
                    self.lose();
                    self.report(scope, text_alone(&word.text, scope.find(&word.text).is_some(), word.span));
                }
                let value = self.operand(condition, scope);
                !matches!(value.as_str(), "" | "false" | "off" | "0")
            }
        }
    }

    /// Refuses a comparison that has the same answer for all values of all names.
    fn compares_something(&self, left: &Condition, right: &Condition, scope: &Rc<Scope>) {
        let texts: Vec<&Word> = [left, right]
            .into_iter()
            .filter_map(|side| if let Condition::Word(word) = side { Some(word) } else { None })
            .filter(|word| asks_nothing(word))
            .collect();
        let named = texts.iter().find(|word| word.quote == Quote::Bare && scope.find(&word.text).is_some());
        let diag = match (named, texts.as_slice()) {
            (Some(word), _) => text_like_a_name(&word.text, word.span),
            (None, [left, right]) => two_texts(&left.text, &right.text, left.span.to(right.span)),
            _ => return,
        };
        self.lose();
        self.report(scope, diag);
    }

    /// Warns where a value is what a lookup found, and that was nothing; `effect` is what comes of it.
    pub(in crate::hir) fn warn_of_nothing(&self, value: &Value, effect: &str, scope: &Scope) {
        let at = value.origin.span;
        if matches!(&value.kind, ValueKind::List(items) if items.is_empty())
            && let Some(patterns) = self.empty.borrow().get(&at)
            && !library::holds(at)
        {
            let near = near_pattern(patterns, self.facts.tracked.as_deref().unwrap_or_default());
            self.report(scope, nothing_found(patterns, near.as_deref(), effect, at));
        }
    }

    pub(super) fn operand(&self, condition: &Condition, scope: &Rc<Scope>) -> String {
        match condition {
            Condition::Word(word) if asks_the_run(word) => {
                self.lose();
                self.report(scope, run_time_if(&word.text, word.span));
                String::new()
            }
            Condition::Word(word) => match self.word(word, scope).kind {
                ValueKind::List(items) => items.iter().map(Value::spelled).collect::<Vec<_>>().join(" "),
                kind => Value { kind, ..Value::default() }.spelled(),
            },
            Condition::Lookup(lookup) => {
                let value = self.lookup(lookup, scope);
                match value.kind {
                    ValueKind::List(items) => items.iter().map(Value::spelled).collect::<Vec<_>>().join(" "),
                    _ => value.spelled(),
                }
            }
            other => self.holds(other, scope).to_string(),
        }
    }

    /// The answer to `exists`, `files` or `dirs`, from what git tracks.
    pub(super) fn lookup(&self, lookup: &ast::Lookup, scope: &Rc<Scope>) -> Value {
        let origin = scope.origin(lookup.span);
        let arguments = self.words(&lookup.arguments, scope);
        if self.facts.tracked.is_none()
            && matches!(lookup.name.text.as_str(), "exists" | "files" | "dirs")
            && !library::holds(lookup.span)
        {
            self.lose();
            self.report(scope, unknown_repository(&lookup.name.text, lookup.name.span));
        }
        let list = |paths: Vec<String>| {
            let items = paths
                .into_iter()
                .map(|path| Value { kind: ValueKind::Text(Text::verbatim(path, lookup.span)), origin: origin.clone() });
            ValueKind::List(items.collect())
        };
        let kind = match lookup.name.text.as_str() {
            "exists" => ValueKind::Bool(!self.tracked(&arguments).is_empty()),
            "files" => list(self.tracked(&arguments).iter().map(|&path| path.to_owned()).collect()),
            "dirs" => {
                let mut dirs = std::collections::BTreeSet::new();
                for path in self.facts.tracked.iter().flatten() {
                    for (at, _) in path.match_indices('/') {
                        dirs.insert(path[..at].to_owned());
                    }
                }
                // A plain folder stands for itself, not for all below it.
                let dirs: Vec<String> = dirs.into_iter().collect();
                let depth = |text: &str| text.trim_end_matches('/').matches('/').count();
                let wanted: Vec<usize> = arguments.iter().map(|text| depth(text)).collect();
                let patterns: Vec<Pattern> = arguments.iter().map(|text| Pattern::new(text)).collect();
                let deep = arguments.iter().any(|text| text.contains("**"));
                let dirs = select(&patterns, &dirs).into_iter().filter(|path| deep || wanted.contains(&depth(path)));
                list(dirs.map(str::to_owned).collect())
            }
            name if expr::functions::find(name).is_some() || expr::macros::find(name).is_some() => {
                self.lose();
                self.report(scope, run_time_if(&format!("{name}(…)"), lookup.name.span));
                ValueKind::List(Vec::new())
            }
            name => {
                let near = nearest(name, ["exists", "files", "dirs"]);
                self.report(scope, unknown_lookup(name, near, lookup.name.span));
                ValueKind::List(Vec::new())
            }
        };
        if self.facts.tracked.is_some() && matches!(&kind, ValueKind::List(items) if items.is_empty()) {
            let written: Vec<&str> = arguments.iter().map(Text::as_str).collect();
            self.empty.borrow_mut().insert(lookup.span, written.join(", "));
        }
        Value { kind, origin }
    }
}

/// Whether a word of a condition is nothing but its text.
fn asks_nothing(word: &Word) -> bool {
    !word.text.contains("%{") && !asks_the_run(word)
}

const IN_A_MATRIX: &str = "a loop is done at compile time; what only the run knows goes into a `matrix`";

/// Whether a text is written as several values, or is known only to the run.
fn is_several(text: &str) -> bool {
    text.contains("${{") || text.trim().contains([' ', ',', '\n'])
}

/// What is meant by a loop over one text.
fn instead_of_text(word: &Word, scope: &Scope) -> String {
    let text = word.text.as_str();
    let numbers = text.split_once("..").and_then(|(from, to)| Some((from.parse::<u16>().ok()?, to.parse::<u16>().ok()?)));
    let lookup = text.strip_suffix(')').and_then(|text| text.split_once('('));
    match (lookup, numbers) {
        _ if text.contains("${{") => IN_A_MATRIX.to_owned(),
        (Some((name @ ("dirs" | "files" | "exists"), pattern)), _) => format!("quote the pattern: `{name}(\"{pattern}\")`"),
        (_, Some((from, to))) if from <= to && to - from < 10 => {
            let all: Vec<String> = (from..=to).map(|number| number.to_string()).collect();
            format!("write the numbers: `[{}]`", all.join(", "))
        }
        _ if scope.find(text).is_some() => format!("write `%{{{text}}}`"),
        _ => format!("write a list, also for one value: `[{text}]`"),
    }
}

/// The pattern with its first part that nothing is called replaced by the nearest that something is.
pub(in crate::hir) fn near_pattern(pattern: &str, tracked: &[String]) -> Option<String> {
    let mut before = String::new();
    for part in pattern.split('/') {
        if part.contains(['*', '?', '[', '{']) {
            return None;
        }
        let here = tracked.iter().filter_map(|path| path.strip_prefix(&before)?.split('/').next());
        let names: std::collections::BTreeSet<&str> = here.collect();
        if !names.contains(part) {
            let near = nearest(part, names)?;
            return Some(format!("{before}{near}{}", &pattern[before.len() + part.len()..]));
        }
        before.push_str(part);
        before.push('/');
    }
    None
}

/// Whether a word of a condition names what only the run knows: a context's property, or a `${{ }}`.
fn asks_the_run(word: &Word) -> bool {
    let context = word.text.split_once('.').map(|(context, _)| context);
    let known = |context: &str| crate::catalog::contexts::CONTEXTS.iter().any(|known| known.eq_ignore_ascii_case(context));
    word.quote == Quote::Bare && context.is_some_and(known) || word.text.contains("${{")
}
