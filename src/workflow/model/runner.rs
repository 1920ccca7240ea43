//! Where a job runs: runner, environment, and the image made of it.

use super::{FromNode, List, Scalar, ToNode, record::record};
use crate::workflow::yaml::Node;

/// `runs-on`.
#[derive(Debug, Clone, PartialEq)]
pub enum RunsOn {
    /// Labels, or an expression.
    Labels(List),
    /// A group of runners, with or without labels.
    Group(RunsOnRecord),
}

record! {
    /// The long form of `runs-on`.
    RunsOnRecord {
        /// The group.
        "group" => group: Scalar,
        /// Labels in it.
        "labels" => labels: List,
    }
}

impl From<&str> for RunsOn {
    fn from(label: &str) -> Self {
        Self::Labels(List::One(label.into()))
    }
}

impl ToNode for RunsOn {
    fn to_node(&self) -> Node {
        match self {
            Self::Labels(labels) => labels.to_node(),
            Self::Group(record) => record.to_node(),
        }
    }
}

impl FromNode for RunsOn {
    fn from_node(node: &Node) -> Option<Self> {
        RunsOnRecord::from_node(node).map(Self::Group).or_else(|| List::from_node(node).map(Self::Labels))
    }
}

/// `environment`.
#[derive(Debug, Clone, PartialEq)]
pub enum Environment {
    /// Only its name.
    Name(Scalar),
    /// Its name and what is shown of the deployment.
    Full(EnvironmentRecord),
}

record! {
    /// The long form of `environment`.
    EnvironmentRecord {
        /// Its name.
        "name" => name: Scalar,
        /// Where what was deployed can be seen.
        "url" => url: Scalar,
        /// Whether the job counts as a deployment.
        "deployment" => deployment: Scalar,
    }
}

impl ToNode for Environment {
    fn to_node(&self) -> Node {
        match self {
            Self::Name(name) => name.to_node(),
            Self::Full(record) => record.to_node(),
        }
    }
}

impl FromNode for Environment {
    fn from_node(node: &Node) -> Option<Self> {
        EnvironmentRecord::from_node(node).map(Self::Full).or_else(|| Scalar::from_node(node).map(Self::Name))
    }
}

/// `snapshot`: a runner image made of the machine after the job.
#[derive(Debug, Clone, PartialEq)]
pub enum Snapshot {
    /// Only the name of the image.
    Image(Scalar),
    /// The name and when.
    Full(SnapshotRecord),
}

record! {
    /// The long form of `snapshot`.
    SnapshotRecord {
        /// The name of the image.
        "image-name" => image_name: Scalar,
        /// Its version.
        "version" => version: Scalar,
        /// Whether it is made.
        "if" => condition: Scalar,
    }
}

impl ToNode for Snapshot {
    fn to_node(&self) -> Node {
        match self {
            Self::Image(name) => name.to_node(),
            Self::Full(record) => record.to_node(),
        }
    }
}

impl FromNode for Snapshot {
    fn from_node(node: &Node) -> Option<Self> {
        SnapshotRecord::from_node(node).map(Self::Full).or_else(|| Scalar::from_node(node).map(Self::Image))
    }
}
