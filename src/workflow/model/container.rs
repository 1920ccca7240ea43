//! Containers of jobs and services.

use super::{Dict, FromNode, Lines, Or, Scalar, ToNode, record::record};
use crate::workflow::yaml::Node;

/// `container`, or an entry of `services`.
#[derive(Debug, Clone, PartialEq)]
pub enum Container {
    /// Only the image, or an expression.
    Image(Scalar),
    /// The image and how it runs.
    Full(ContainerRecord),
}

record! {
    /// The long form of a container.
    ContainerRecord {
        /// The image.
        "image" => image: Scalar,
        /// How to log in to the registry.
        "credentials" => credentials: Or<Credentials>,
        /// Variables in it.
        "env" => env: Or<Dict>,
        /// Ports that it shows.
        "ports" => ports: Or<Lines>,
        /// What is mounted in it.
        "volumes" => volumes: Or<Lines>,
        /// Options of `docker create`.
        "options" => options: Scalar,
        /// In place of the image's entry point; services only.
        "entrypoint" => entrypoint: Scalar,
        /// In place of the image's command; services only.
        "command" => command: Scalar,
    }
}

record! {
    /// How to log in to a registry.
    Credentials {
        /// The user.
        "username" => username: Scalar,
        /// The password, from a secret.
        "password" => password: Scalar,
    }
}

impl ToNode for Container {
    fn to_node(&self) -> Node {
        match self {
            Self::Image(image) => image.to_node(),
            Self::Full(record) => record.to_node(),
        }
    }
}

impl FromNode for Container {
    fn from_node(node: &Node) -> Option<Self> {
        ContainerRecord::from_node(node).map(Self::Full).or_else(|| Scalar::from_node(node).map(Self::Image))
    }
}
