//! A YAML document with its places and comments.

use crate::source::Span;
use crate::text::Text;

/// A value, and the comments that belong to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it stands.
    pub(super) span: Span,
    /// Lines of comments above it, or above its key; without `#`.
    pub(super) before: Vec<String>,
    /// The comment at the end of its first line.
    pub(super) after: Option<String>,
    /// Comments below the last entry of a list or mapping.
    pub(super) tail: Vec<String>,
}

/// What a value is, by YAML's core schema.
#[derive(Debug, Clone, Default)]
pub(super) enum Kind {
    /// Nothing.
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as GitHub prints it.
    Number(String),
    /// A string.
    Text(Text),
    /// A list.
    List(Vec<Tree>),
    /// A mapping.
    Map(Vec<Entry>),
}

/// A key and its value; the comments of both are at the value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Text,
    pub(super) value: Tree,
}

impl Tree {
    /// What it is called in messages.
    pub(super) fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }

    /// The text of one value: numbers and booleans as GitHub prints them, nothing as an empty text. None for lists and mappings.
    pub(super) fn scalar(&self) -> Option<Text> {
        match &self.kind {
            Kind::Null => Some(Text::verbatim("", self.span)),
            Kind::Bool(value) => Some(Text::verbatim(value.to_string(), self.span)),
            Kind::Number(spelling) => Some(Text::verbatim(spelling.as_str(), self.span)),
            Kind::Text(text) => Some(text.clone()),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&Text> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The entries of a mapping; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        self.entries().iter().find(|entry| entry.key.as_str() == key).map(|entry| &entry.value)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// Whether it is one `${{ … }}`, which may stand for any value when the workflow runs.
    pub(super) fn is_hole(&self) -> bool {
        self.text().is_some_and(|text| {
            let text = text.trim();
            text.starts_with("${{") && crate::expr::text::hole_length(text) == Some(text.len())
        })
    }

    /// All texts in it, but for keys.
    pub(super) fn texts(&self) -> Vec<&Text> {
        match &self.kind {
            Kind::Text(text) => vec![text],
            Kind::List(items) => items.iter().flat_map(Self::texts).collect(),
            Kind::Map(entries) => entries.iter().flat_map(|entry| entry.value.texts()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether comments stand at it or in it.
    pub(super) fn has_comments(&self) -> bool {
        let own = !self.before.is_empty() || self.after.is_some() || !self.tail.is_empty();
        own || match &self.kind {
            Kind::List(items) => items.iter().any(Self::has_comments),
            Kind::Map(entries) => entries.iter().any(|entry| entry.value.has_comments()),
            _ => false,
        }
    }
}
