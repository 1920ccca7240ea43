//! What an expression yields, and how GitHub turns one kind of value into another.

use std::cmp::Ordering;
use std::sync::Arc;

use super::number;
use crate::map::IndexMap;

/// A value. Lists and objects are shared, since GitHub compares them by identity.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`, which is also what every unknown property yields
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number
    Number(f64),
    /// A text
    String(Arc<str>),
    /// A list
    Array(Arc<Array>),
    /// An object
    Object(Arc<Object>),
}

/// A list, and whether `.*` made it: then a further `.x` or `[x]` goes to each item.
#[derive(Debug, Clone, Default)]
pub struct Array {
    /// Its items.
    pub items: Vec<Value>,
    /// Whether `.*` made it.
    pub filtered: bool,
}

/// An object. Names are kept as written and found in any case; of names that differ in case only, the first counts.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: IndexMap<String, (String, Value)>,
}

impl Object {
    /// The value of that name, in any case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(&name.to_lowercase()).map(|(_, value)| value)
    }

    /// Adds a property, unless there is one of that name.
    pub fn insert(&mut self, name: impl Into<String>, value: Value) {
        let name = name.into();
        self.entries.entry(name.to_lowercase()).or_insert((name, value));
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.values().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is no property.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<S: Into<String>> FromIterator<(S, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (S, Value)>>(all: I) -> Self {
        let mut object = Self::default();
        for (name, value) in all {
            object.insert(name, value);
        }
        object
    }
}

impl Value {
    /// A text.
    pub fn string(text: impl AsRef<str>) -> Self {
        Self::String(Arc::from(text.as_ref()))
    }

    /// A list.
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(Array { items, filtered: false }))
    }

    /// An object.
    pub fn object<S: Into<String>>(entries: impl IntoIterator<Item = (S, Self)>) -> Self {
        Self::Object(Arc::new(entries.into_iter().collect()))
    }

    /// The value that a JSON document stands for.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(value) => Self::Number(value.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::string(text),
            serde_json::Value::Array(items) => Self::array(items.iter().map(Self::from_json).collect()),
            serde_json::Value::Object(entries) => {
                Self::object(entries.iter().map(|(name, value)| (name, Self::from_json(value))))
            }
        }
    }

    /// As JSON, laid out as `toJSON` does: two blanks for each level, NaN and infinities as `null`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_json(self, 0, &mut out);
        out
    }

    /// Whether it is neither list nor object.
    pub fn is_primitive(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// Whether a condition of this value holds: all but `null`, `false`, 0, NaN and the empty text.
    pub fn truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::String(text) => !text.is_empty(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }

    /// As it appears in a text.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => number::print(*value),
            Self::String(text) => text.to_string(),
            Self::Array(_) => "Array".to_owned(),
            Self::Object(_) => "Object".to_owned(),
        }
    }

    /// As a number; NaN for what is none.
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::String(text) => number::parse(text),
            Self::Array(_) | Self::Object(_) => f64::NAN,
        }
    }

    /// `==`: texts in any case, different kinds as numbers, lists and objects only if they are the same one.
    #[allow(clippy::float_cmp)] // it is the definition
    pub fn loose_eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b || upper(a) == upper(b),
            (Self::Array(a), Self::Array(b)) => Arc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Arc::ptr_eq(a, b),
            (Self::Array(_) | Self::Object(_), _) | (_, Self::Array(_) | Self::Object(_)) => false,
            _ => self.to_number() == other.to_number(),
        }
    }

    /// The order that `<` and `>` see; none where a side is NaN, a list or an object.
    pub fn loose_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, Self::Null) | (Self::Array(_) | Self::Object(_), _) | (_, Self::Array(_) | Self::Object(_)) => None,
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::String(a), Self::String(b)) => Some(upper(a).encode_utf16().cmp(upper(b).encode_utf16())),
            _ => self.to_number().partial_cmp(&other.to_number()),
        }
    }
}

/// In upper case for a comparison. A dotless i stays: in upper case it would be an I, which it is not.
pub(super) fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.split('ı').map(str::to_uppercase).collect::<Vec<_>>().join("ı")
}

fn write_json(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Number(number) if !number.is_finite() => out.push_str("null"),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_text()),
        Value::String(text) => write_json_string(text, out),
        Value::Array(array) => {
            write_block(depth, ['[', ']'], array.items.iter(), out, |item, out| write_json(item, depth + 1, out));
        }
        Value::Object(object) => write_block(depth, ['{', '}'], object.iter(), out, |(name, item), out| {
            write_json_string(name, out);
            out.push_str(": ");
            write_json(item, depth + 1, out);
        }),
    }
}

fn write_block<T>(
    depth: usize,
    braces: [char; 2],
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push(braces[0]);
    let mut empty = true;
    for item in items {
        out.push_str(if empty { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(item, out);
        empty = false;
    }
    if !empty {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(braces[1]);
}

fn write_json_string(text: &str, out: &mut String) {
    // serde_json escapes as JSON.stringify does: `"`, `\` and control characters only. Writing to memory cannot fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}
