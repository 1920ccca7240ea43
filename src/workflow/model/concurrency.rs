//! Which runs or jobs exclude each other.

use super::{FromNode, Scalar, ToNode, record::record};
use crate::workflow::yaml::Node;

/// `concurrency`, at a workflow or a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Concurrency {
    /// Only the group.
    Group(Scalar),
    /// The group and what happens to those already in it.
    Full(ConcurrencyRecord),
}

record! {
    /// The long form of `concurrency`.
    ConcurrencyRecord {
        /// The name they share.
        "group" => group: Scalar,
        /// Whether a new one cancels the running one.
        "cancel-in-progress" => cancel_in_progress: Scalar,
        /// Whether one (`single`) or a hundred (`max`) may wait.
        "queue" => queue: Scalar,
    }
}

impl Concurrency {
    /// The shorter form where it says the same.
    pub fn new(group: impl Into<Scalar>, cancel_in_progress: Option<Scalar>) -> Self {
        match cancel_in_progress {
            None => Self::Group(group.into()),
            cancel => Self::Full(ConcurrencyRecord {
                group: Some(group.into()),
                cancel_in_progress: cancel,
                ..ConcurrencyRecord::default()
            }),
        }
    }
}

impl ToNode for Concurrency {
    fn to_node(&self) -> Node {
        match self {
            Self::Group(group) => group.to_node(),
            Self::Full(record) => record.to_node(),
        }
    }
}

impl FromNode for Concurrency {
    fn from_node(node: &Node) -> Option<Self> {
        ConcurrencyRecord::from_node(node).map(Self::Full).or_else(|| Scalar::from_node(node).map(Self::Group))
    }
}
