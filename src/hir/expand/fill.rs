//! Data and texts, with every `%{…}` filled in.

use std::cell::OnceCell;
use std::rc::Rc;

use super::super::{Map, Value, ValueKind};
use super::limits::MAX_FILLED;
use super::{Expander, Scope};
use crate::diagnostics::codes::e0201_unknown_parameter::{
    no_such_key, not_an_expression, not_text, not_yet_known, unknown_parameter,
};
use crate::diagnostics::codes::e0204_endless_expansion::too_large;
use crate::diagnostics::nearest;
use crate::expr::text::{Closers, Piece, has_hole, split};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, Quote, Word};
use crate::text::Text;

impl Expander<'_> {
    /// Data, filled in and typed.
    pub(in crate::hir) fn value(&self, value: &ast::Value, scope: &Rc<Scope>) -> Value {
        match value {
            ast::Value::Word(word) => self.word(word, scope),
            ast::Value::Lookup(lookup) => self.lookup(lookup, scope),
            ast::Value::List(list) => {
                let mut items = Vec::new();
                for (_, item) in &list.items {
                    let spreads = matches!(item, ast::Value::Word(word) if sole_parameter(&word.text).is_some());
                    let value = self.value(item, scope);
                    match value.kind {
                        ValueKind::List(inner) if spreads => items.extend(inner),
                        _ => items.push(value),
                    }
                }
                Value { kind: ValueKind::List(items), origin: scope.origin(list.span) }
            }
            ast::Value::Map(block) => {
                // Loops and conditions in data borrow from the tree; a map that is a value has only entries.
                let mut map = Map::default();
                for item in &block.items {
                    if let ItemKind::Entry { key, value } = &item.kind {
                        let key = self.fill(&key.text, scope, false);
                        let value = value.as_ref().map_or_else(
                            || Value { kind: ValueKind::Null, origin: scope.origin(item.span) },
                            |value| self.value(value, scope),
                        );
                        map.insert(key.as_str().to_owned(), value);
                    } else {
                        let diag = crate::diagnostics::codes::e0113_misplaced_statement::statement_in_data(item.span);
                        self.report(scope, diag);
                    }
                }
                Value { kind: ValueKind::Map(map), origin: scope.origin(block.span) }
            }
        }
    }

    /// A word or string, filled in; a bare one is typed where it prints as it is written.
    pub(in crate::hir) fn word(&self, word: &Word, scope: &Scope) -> Value {
        self.braces_of(word, scope);
        let origin = scope.origin(word.span);
        if let Some(name) = sole_parameter(&word.text)
            && let Some(value) = self.parameter(name, word.span, scope)
        {
            // Written as a string, it is text, whatever it stands for.
            let kind = match value.kind {
                ValueKind::Number(_) | ValueKind::Bool(_) if word.quote != Quote::Bare => {
                    value.text().map_or(ValueKind::Null, ValueKind::Text)
                }
                ValueKind::List(_) if word.quote != Quote::Bare => ValueKind::Text(self.fill(&word.text, scope, false)),
                kind => kind,
            };
            if let Some(patterns) = self.nothing_at(value.origin.span) {
                self.empty.borrow_mut().insert(word.span, patterns);
            }
            return Value { kind, origin };
        }
        let text = self.fill(&word.text, scope, false);
        let kind = match text.as_str() {
            "true" if word.quote == Quote::Bare => ValueKind::Bool(true),
            "false" if word.quote == Quote::Bare => ValueKind::Bool(false),
            number if word.quote == Quote::Bare && prints_back(number) => ValueKind::Number(number.to_owned()),
            _ => ValueKind::Text(text),
        };
        Value { kind, origin }
    }

    /// Words of a list, filled in; a parameter that stands for a list spreads.
    pub(in crate::hir) fn words(&self, words: &[Word], scope: &Scope) -> Vec<Text> {
        let mut texts = Vec::new();
        for word in words {
            let value = self.word(word, scope);
            match &value.kind {
                ValueKind::List(items) => texts.extend(items.iter().filter_map(Value::text)),
                _ => texts.extend(value.text()),
            }
        }
        texts
    }

    fn parameter(&self, name: &str, at: Span, scope: &Scope) -> Option<Value> {
        let (base, property) = name.split_once('.').map_or((name, None), |(base, property)| (base, Some(property)));
        let value = scope.find(name).or_else(|| scope.find(base));
        if let Some(value) = &value
            && !self.affords(value, scope, at)
        {
            return None;
        }
        let found = match (value, property) {
            (Some(value), None) => Some(value),
            (Some(value), Some(property)) => match &value.kind {
                ValueKind::Map(_) => {
                    let (value, rest) = inside_of(&value, property);
                    rest.is_empty().then(|| value.clone())
                }
                ValueKind::Text(path) if matches!(property, "name" | "stem") => {
                    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                    // What begins with a dot has no extension.
                    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                    let last = if property == "stem" && !stem.is_empty() { stem } else { name };
                    Some(Value { kind: ValueKind::Text(Text::verbatim(last, value.origin.span)), origin: value.origin.clone() })
                }
                // What only the run knows, or nothing.
                kind if property == "computed" && !matches!(kind, ValueKind::Map(_)) => {
                    let is_computed = has_hole(&value.spelled());
                    Some(if is_computed {
                        value
                    } else {
                        Value { kind: ValueKind::List(Vec::new()), origin: value.origin.clone() }
                    })
                }
                // No item is no text either: an entry without any is left out.
                ValueKind::List(items) if property == "commas" && !items.is_empty() => {
                    let joined = items.iter().map(|item| self.plain(item, at, scope)).collect::<Vec<_>>().join(",");
                    Some(Value { kind: ValueKind::Text(Text::verbatim(joined, value.origin.span)), origin: value.origin.clone() })
                }
                ValueKind::List(_) | ValueKind::Text(_) if property == "commas" => Some(value),
                ValueKind::Number(_) if scope.find(name).is_some() => scope.find(name),
                _ => None,
            },
            (None, _) => None,
        };
        if found.is_none()
            && let Some(&defined) = self.constants.borrow().get(base)
            && scope.find(base).is_none()
        {
            self.report(scope, not_yet_known(name, at, defined));
        } else if let (None, Some(part), Some(value)) = (&found, property, scope.find(base)) {
            let (value, part) = inside_of(&value, part);
            let base = name.strip_suffix(part).map_or(base, |base| base.trim_end_matches('.'));
            let keys: Vec<&str> = match &value.kind {
                ValueKind::Map(map) => map.keys().map(String::as_str).collect(),
                // The last part of a path, with and without what is behind its last point.
                ValueKind::Text(_) => vec!["name", "stem", "computed"],
                ValueKind::List(_) => vec!["commas", "computed"],
                _ => Vec::new(),
            };
            let (part, rest) = part.split_at(part.find('.').unwrap_or(part.len()));
            let near = nearest(part, keys.iter().copied()).map(|near| format!("{near}{rest}"));
            self.report(scope, no_such_key(base, part, value.noun(), &keys, near.as_deref(), at));
        } else if found.is_none() {
            let names = if self.suggests() { scope.all_names() } else { Vec::new() };
            let names = || names.iter().map(String::as_str);
            let rest = &name[base.len()..];
            let near = nearest(name, names()).map(str::to_owned).or_else(|| Some(format!("{}{rest}", nearest(base, names())?)));
            self.report(scope, unknown_parameter(name, near.as_deref(), at));
        }
        found
    }

    /// A text with every `%{…}` filled in. In an expression (`expression`, or inside `${{ }}`) a value outside quotes becomes a literal of
    /// GitHub's language, and a list becomes several.
    pub(in crate::hir) fn fill(&self, text: &Text, scope: &Scope, expression: bool) -> Text {
        if !text.contains("%{") {
            return text.clone();
        }
        let mut filled = Text::with_capacity(text.len());
        let (mut at, mut hole_end, mut quoted) = (0, if expression { text.len() } else { 0 }, false);
        let mut copied = 0;
        let bytes = text.as_bytes();
        let closers = OnceCell::new();
        while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'$' | b'%' | b'\'')) {
            at += next;
            if at >= hole_end && text[at..].starts_with("${{") {
                let closers = closers.get_or_init(|| Closers::of(text));
                hole_end = closers.hole_end(at + 3).map_or(at + 3, |end| end + 2);
                quoted = false;
                at += 3;
            } else if at < hole_end && bytes[at] == b'\'' {
                quoted = !quoted;
                at += 1;
            } else if text[at..].starts_with("%%{") {
                filled.extend(text, copied..at);
                copied = at + 1;
                at += 3;
            } else if text[at..].starts_with("%{") {
                filled.extend(text, copied..at);
                let Some(close) = text[at..].find('}') else {
                    let span = text.source(at..at + 2);
                    self.report(scope, unknown_parameter("", None, span));
                    copied = at;
                    break;
                };
                let place = text.source(at..at + close + 1);
                let name = text[at + 2..at + close].trim();
                let inside = at < hole_end;
                if let Some(value) = self.parameter(name, place, scope) {
                    let piece =
                        if inside && !quoted { self.literal(&value, place, scope) } else { self.plain(&value, place, scope) };
                    let piece = if inside && quoted { piece.replace('\'', "''") } else { piece };
                    self.filled.set(self.filled.get() + piece.len());
                    if self.filled.get() > MAX_FILLED {
                        self.explodes(scope, too_large("bytes", MAX_FILLED, place));
                        return filled;
                    }
                    filled.push(&piece, place);
                } else {
                    // An error was said; the name itself stands in, so that nothing more goes wrong for want of a value.
                    self.missed.set(true);
                    let quote = if inside && !quoted { "'" } else { "" };
                    filled.push(&format!("{quote}{name}{quote}"), place);
                }
                at += close + 1;
                copied = at;
            } else {
                at += 1;
            }
        }
        filled.extend(text, copied..text.len());
        filled
    }

    fn plain(&self, value: &Value, at: Span, scope: &Scope) -> String {
        match &value.kind {
            ValueKind::List(items) => items.iter().map(|item| self.plain(item, at, scope)).collect::<Vec<_>>().join(" "),
            ValueKind::Map(_) => {
                self.report(scope, not_text(value.noun(), at));
                String::new()
            }
            _ => value.spelled(),
        }
    }

    fn literal(&self, value: &Value, at: Span, scope: &Scope) -> String {
        match &value.kind {
            ValueKind::List(items) => items.iter().map(|item| self.literal(item, at, scope)).collect::<Vec<_>>().join(", "),
            ValueKind::Number(_) | ValueKind::Bool(_) => value.spelled(),
            // A parameter that stands for an expression stays one, and binds as tightly as a name does.
            ValueKind::Text(text) if has_hole(text) => match split(text).value.as_slice() {
                [Piece::Hole { expr: Some(expr), .. }] if expr.is_operand() => inside(text).to_owned(),
                [Piece::Hole { .. }] => format!("({})", inside(text)),
                _ => {
                    self.report(scope, not_an_expression(at));
                    "''".to_owned()
                }
            },
            _ => format!("'{}'", self.plain(value, at, scope).replace('\'', "''")),
        }
    }
}

/// The value that a path of keys leads to, and what of the path leads nowhere. A key may hold points itself.
fn inside_of<'v, 'p>(mut value: &'v Value, mut path: &'p str) -> (&'v Value, &'p str) {
    while let ValueKind::Map(map) = &value.kind {
        let (first, rest) = if map.contains_key(path) { (path, "") } else { path.split_once('.').unwrap_or((path, "")) };
        let Some(next) = map.get(first) else { break };
        (value, path) = (next, rest);
    }
    (value, path)
}

/// What stands inside the `${{ }}` that all of a text is.
fn inside(text: &str) -> &str {
    text.strip_prefix("${{").and_then(|text| text.strip_suffix("}}")).unwrap_or(text).trim()
}

/// The name, where the text is one `%{name}` and nothing else.
pub(super) fn sole_parameter(text: &str) -> Option<&str> {
    let name = text.strip_prefix("%{")?.strip_suffix('}')?;
    (!name.contains(['{', '}', '%'])).then_some(name.trim())
}

/// Whether a number prints as it is written, in every YAML reader: no leading zeros, no trailing ones behind a point.
fn prints_back(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && text != "-0"
        && digits.len() <= 15
        && fraction.is_none_or(|fraction| all_digits(fraction) && !fraction.ends_with('0'))
}
