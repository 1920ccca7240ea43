//! Questions of compile time: conditions, what a loop runs over, what git tracks.

use std::rc::Rc;

use super::super::{Value, ValueKind};
use super::{Expander, Scope};
use crate::diagnostics::codes::e0202_unknown_template::unknown_lookup;
use crate::diagnostics::codes::e0205_not_a_list::not_a_list;
use crate::diagnostics::codes::e0213_run_time_if::run_time_if;
use crate::diagnostics::nearest;
use crate::expr;
use crate::pattern::{Pattern, select};
use crate::syntax::ast::{self, Condition, Quote, Word};
use crate::text::Text;

impl Expander<'_> {
    pub(super) fn iterate(&self, over: &ast::Value, scope: &Rc<Scope>) -> Vec<Value> {
        let value = self.value(over, scope);
        match value.kind {
            ValueKind::List(items) => items,
            ValueKind::Map(_) => {
                self.report(scope, not_a_list(value.noun(), over.span()));
                Vec::new()
            }
            // One value is a list of one, and nothing is a list of none: `tools: a` and `tools: [a]` are the same.
            _ if value.spelled().is_empty() => Vec::new(),
            _ => vec![value],
        }
    }

    pub(super) fn holds(&self, condition: &Condition, scope: &Rc<Scope>) -> bool {
        match condition {
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, scope)),
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, scope)),
            Condition::Not(part) => !self.holds(part, scope),
            Condition::Compare { left, equal, right } => (self.operand(left, scope) == self.operand(right, scope)) == *equal,
            Condition::Lookup(_) | Condition::Word(_) => {
                let value = self.operand(condition, scope);
                !matches!(value.as_str(), "" | "false" | "off" | "0")
            }
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
        let patterns: Vec<Pattern> = self.words(&lookup.arguments, scope).iter().map(|text| Pattern::new(text)).collect();
        let tracked = self.facts.tracked.as_deref().unwrap_or_default();
        let list = |paths: Vec<String>| {
            let items = paths
                .into_iter()
                .map(|path| Value { kind: ValueKind::Text(Text::verbatim(path, lookup.span)), origin: origin.clone() });
            ValueKind::List(items.collect())
        };
        let kind = match lookup.name.text.as_str() {
            "exists" => ValueKind::Bool(!select(&patterns, tracked).is_empty()),
            "files" => list(select(&patterns, tracked).into_iter().map(str::to_owned).collect()),
            "dirs" => {
                let mut dirs = std::collections::BTreeSet::new();
                for path in tracked {
                    for (at, _) in path.match_indices('/') {
                        dirs.insert(path[..at].to_owned());
                    }
                }
                // A plain folder stands for itself, not for all below it.
                let dirs: Vec<String> = dirs.into_iter().collect();
                let depth = |text: &str| text.trim_end_matches('/').matches('/').count();
                let wanted: Vec<usize> = lookup.arguments.iter().map(|word| depth(&word.text)).collect();
                let deep = lookup.arguments.iter().any(|word| word.text.contains("**"));
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
        Value { kind, origin }
    }
}

/// Whether a word of a condition names what only the run knows: a context's property, or a `${{ }}`.
fn asks_the_run(word: &Word) -> bool {
    let context = word.text.split_once('.').map(|(context, _)| context);
    let known = |context: &str| crate::catalog::contexts::CONTEXTS.iter().any(|known| known.eq_ignore_ascii_case(context));
    word.quote == Quote::Bare && context.is_some_and(known) || word.text.contains("${{")
}
