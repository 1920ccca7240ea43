//! The tree that is printed.

use crate::map::ThinMap;
use crate::source::Span;

/// A mapping, in order. Keys of a workflow are always strings.
pub type Map = ThinMap<Node>;

/// What a node is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Kind {
    /// Nothing: printed as nothing after a key, as `null` elsewhere.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is spelled.
    Num(String),
    /// A string.
    Str(String),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping.
    Map(Map),
}

/// Where blank lines stand between the entries of a list or mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gap {
    /// Nowhere.
    #[default]
    None,
    /// Between two entries, unless both are of one line.
    Long,
    /// Between any two entries.
    All,
}

/// A value, with the comments that belong to it and with what the printer should know.
///
/// The comments of an entry of a mapping belong to its value and are printed around its key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Comment lines above, without `#`.
    pub before: Vec<String>,
    /// The comment at the end of its first line, without `#`.
    pub after: Option<String>,
    /// Where in the spec it comes from.
    pub origin: Option<Span>,
    /// Whether a list of scalars is printed as `[a, b]` where it is short enough.
    pub flow: bool,
    /// Blank lines between its entries.
    pub gap: Gap,
}

impl Node {
    /// A node without comments.
    pub fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// A string.
    pub fn str(text: impl Into<String>) -> Self {
        Self::new(Kind::Str(text.into()))
    }

    /// A list.
    pub fn seq(items: impl IntoIterator<Item = Node>) -> Self {
        Self::new(Kind::Seq(items.into_iter().collect()))
    }

    /// A mapping.
    pub fn map(entries: impl IntoIterator<Item = (String, Node)>) -> Self {
        Self::new(Kind::Map(entries.into_iter().collect()))
    }

    /// With a comment at the end of its first line.
    #[must_use]
    pub fn after(mut self, comment: Option<String>) -> Self {
        self.after = comment.or(self.after);
        self
    }

    /// With comment lines above.
    #[must_use]
    pub fn before(mut self, lines: &[String]) -> Self {
        self.before.extend_from_slice(lines);
        self
    }

    /// With the place it comes from.
    #[must_use]
    pub fn origin(mut self, origin: Option<Span>) -> Self {
        self.origin = origin.or(self.origin);
        self
    }

    /// On one line where that is short enough.
    #[must_use]
    pub fn flow(mut self, flow: bool) -> Self {
        self.flow = flow;
        self
    }

    /// With blank lines between its entries.
    #[must_use]
    pub fn gap(mut self, gap: Gap) -> Self {
        self.gap = gap;
        self
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a list or mapping with entries, and so takes lines of its own.
    pub fn is_nested(&self) -> bool {
        match &self.kind {
            Kind::Seq(items) => !items.is_empty(),
            Kind::Map(map) => !map.is_empty(),
            _ => false,
        }
    }

    /// Lays `other` over this: mappings key by key, anything else in its place. New keys come last.
    pub fn merge(&mut self, other: &Node) {
        match (&mut self.kind, &other.kind) {
            (Kind::Map(own), Kind::Map(new)) => {
                for (key, value) in new {
                    match own.get_mut(key) {
                        Some(old) => old.merge(value),
                        None => drop(own.insert(key.clone(), value.clone())),
                    }
                }
            }
            _ => self.kind = other.kind.clone(),
        }
    }
}
