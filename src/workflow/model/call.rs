//! What only jobs that call a reusable workflow have.

use super::{Dict, FromNode, ToNode};
use crate::workflow::yaml::Node;

/// `secrets` of a job with `uses`.
#[derive(Debug, Clone, PartialEq)]
pub enum Secrets {
    /// All of the caller's.
    Inherit,
    /// These.
    Some(Dict),
}

impl ToNode for Secrets {
    fn to_node(&self) -> Node {
        match self {
            Self::Inherit => Node::str("inherit"),
            Self::Some(secrets) => secrets.to_node(),
        }
    }
}

impl FromNode for Secrets {
    fn from_node(node: &Node) -> Option<Self> {
        if node.as_str() == Some("inherit") { Some(Self::Inherit) } else { Dict::from_node(node).map(Self::Some) }
    }
}
