//! Single values, and the generic forms that the schema builds of them.

use std::borrow::Cow;

use super::{FromNode, ToNode};
use crate::map::{IndexMap, ThinMap};
use crate::workflow::yaml::{Kind, Node};

/// A single value. GitHub turns most into strings, but `true` and `'true'` differ where a type is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Scalar {
    /// Nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is spelled.
    Num(String),
    /// A string, which may hold `${{ }}`.
    Str(String),
}

impl Scalar {
    /// What GitHub makes of it where it wants a string.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Num(text) | Self::Str(text) => Cow::Borrowed(text),
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Scalar {
    fn from(value: u32) -> Self {
        Self::Num(value.to_string())
    }
}

impl ToNode for Scalar {
    fn to_node(&self) -> Node {
        Node::new(match self {
            Self::Null => Kind::Null,
            Self::Bool(value) => Kind::Bool(*value),
            Self::Num(text) => Kind::Num(text.clone()),
            Self::Str(text) => Kind::Str(text.clone()),
        })
    }
}

impl FromNode for Scalar {
    fn from_node(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Null => Some(Self::Null),
            Kind::Bool(value) => Some(Self::Bool(*value)),
            Kind::Num(text) => Some(Self::Num(text.clone())),
            Kind::Str(text) => Some(Self::Str(text.clone())),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }
}

/// One value or a list of them: `needs: a` and `needs: [a, b]`.
#[derive(Debug, Clone, PartialEq)]
pub enum List {
    /// One, not in a list.
    One(Scalar),
    /// A list, printed as `[a, b]` where that is short enough.
    Many(Vec<Scalar>),
}

impl List {
    /// The shortest form: one value without brackets, others as a list.
    pub fn of<T: Into<Scalar>>(items: impl IntoIterator<Item = T>) -> Self {
        let mut items: Vec<Scalar> = items.into_iter().map(Into::into).collect();
        match items.pop() {
            Some(only) if items.is_empty() => Self::One(only),
            last => {
                items.extend(last);
                Self::Many(items)
            }
        }
    }

    /// The values.
    pub fn items(&self) -> &[Scalar] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl ToNode for List {
    fn to_node(&self) -> Node {
        match self {
            Self::One(item) => item.to_node(),
            Self::Many(items) => Node::seq(items.iter().map(ToNode::to_node)).flow(true),
        }
    }
}

impl FromNode for List {
    fn from_node(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Seq(items) => items.iter().map(FromNode::from_node).collect::<Option<_>>().map(Self::Many),
            Kind::Null => None,
            _ => Scalar::from_node(node).map(Self::One),
        }
    }
}

/// Like [`List`], but a list has a line for each value: `paths`, `ports`, `volumes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines(pub List);

impl Lines {
    /// A list with a line for each value, also where there is only one.
    pub fn of<T: Into<Scalar>>(items: impl IntoIterator<Item = T>) -> Self {
        Self(List::Many(items.into_iter().map(Into::into).collect()))
    }
}

impl ToNode for Lines {
    fn to_node(&self) -> Node {
        self.0.to_node().flow(false)
    }
}

impl FromNode for Lines {
    fn from_node(node: &Node) -> Option<Self> {
        List::from_node(node).map(Self)
    }
}

/// Something, or an expression that becomes it when the workflow runs: `matrix: ${{ fromJSON(…) }}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Or<T> {
    /// As it stands.
    Is(T),
    /// The whole text, `${{` and `}}` included.
    Expr(String),
}

impl<T> Or<T> {
    /// What stands there, where it is no expression.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Expr(_) => None,
        }
    }
}

impl<T: Default> Default for Or<T> {
    fn default() -> Self {
        Self::Is(T::default())
    }
}

impl<T> From<T> for Or<T> {
    fn from(value: T) -> Self {
        Self::Is(value)
    }
}

impl<T: ToNode> ToNode for Or<T> {
    fn to_node(&self) -> Node {
        match self {
            Self::Is(value) => value.to_node(),
            Self::Expr(text) => Node::str(text.as_str()),
        }
    }
}

impl<T: FromNode> FromNode for Or<T> {
    fn from_node(node: &Node) -> Option<Self> {
        match node.as_str() {
            Some(text) if text.contains("${{") => Some(Self::Expr(text.to_owned())),
            _ => T::from_node(node).map(Self::Is),
        }
    }
}

/// Names with values, in order: `env`, `with`, `outputs`.
pub type Dict = ThinMap<Scalar>;

impl<T: ToNode> ToNode for IndexMap<String, T> {
    fn to_node(&self) -> Node {
        Node::map(self.iter().map(|(key, value)| (key.clone(), value.to_node())))
    }
}

impl<T: FromNode> FromNode for IndexMap<String, T> {
    fn from_node(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Map(map) => map.iter().map(|(key, value)| Some((key.clone(), T::from_node(value)?))).collect(),
            _ => None,
        }
    }
}

impl<T: ToNode + 'static> ToNode for ThinMap<T> {
    fn to_node(&self) -> Node {
        (**self).to_node()
    }
}

impl<T: FromNode> FromNode for ThinMap<T> {
    fn from_node(node: &Node) -> Option<Self> {
        IndexMap::from_node(node).map(Self::from)
    }
}

impl<T: ToNode> ToNode for Vec<T> {
    fn to_node(&self) -> Node {
        Node::seq(self.iter().map(ToNode::to_node))
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Seq(items) => items.iter().map(FromNode::from_node).collect(),
            _ => None,
        }
    }
}

impl ToNode for Node {
    fn to_node(&self) -> Node {
        self.clone()
    }
}

impl FromNode for Node {
    fn from_node(node: &Node) -> Option<Self> {
        Some(node.clone())
    }
}
