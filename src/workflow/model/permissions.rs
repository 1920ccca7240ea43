//! What a job's token may do.

use super::{FromNode, ToNode};
use crate::map::IndexMap;
use crate::workflow::yaml::Node;

/// Every scope that the schema has.
pub const SCOPES: &[&str] = &[
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "code-quality",
    "contents",
    "copilot-requests",
    "deployments",
    "discussions",
    "drives",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
    "vulnerability-alerts",
];

/// `permissions`. Scopes that are not named get none.
#[derive(Debug, Clone, PartialEq)]
pub enum Permissions {
    /// `read-all`.
    ReadAll,
    /// `write-all`.
    WriteAll,
    /// By scope; empty for none at all.
    Scopes(IndexMap<String, Access>),
}

impl Default for Permissions {
    fn default() -> Self {
        Self::Scopes(IndexMap::default())
    }
}

/// What is allowed in one scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// How much.
    pub level: Level,
    /// Why, printed behind it.
    pub why: Option<String>,
}

/// How much a token may do in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Read and write.
    Write,
}

impl Level {
    const ALL: [Self; 3] = [Self::None, Self::Read, Self::Write];

    /// As GitHub writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl From<Level> for Access {
    fn from(level: Level) -> Self {
        Self { level, why: None }
    }
}

impl ToNode for Access {
    fn to_node(&self) -> Node {
        Node::str(self.level.as_str()).after(self.why.clone())
    }
}

impl FromNode for Access {
    fn from_node(node: &Node) -> Option<Self> {
        let text = node.as_str()?;
        Level::ALL.into_iter().find(|level| level.as_str() == text).map(Self::from)
    }
}

impl ToNode for Permissions {
    fn to_node(&self) -> Node {
        match self {
            Self::ReadAll => Node::str("read-all"),
            Self::WriteAll => Node::str("write-all"),
            Self::Scopes(scopes) => scopes.to_node(),
        }
    }
}

impl FromNode for Permissions {
    fn from_node(node: &Node) -> Option<Self> {
        match node.as_str() {
            Some("read-all") => Some(Self::ReadAll),
            Some("write-all") => Some(Self::WriteAll),
            _ => FromNode::from_node(node).map(Self::Scopes),
        }
    }
}
