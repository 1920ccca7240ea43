//! What starts a workflow.

use super::record::record;
use super::{FromNode, Lines, List, Scalar, ToNode};
use crate::map::IndexMap;
use crate::workflow::yaml::{Kind, Node};

/// `on`.
#[derive(Debug, Clone, PartialEq)]
pub enum On {
    /// One event.
    Event(String),
    /// Several, each without more.
    Events(Vec<String>),
    /// Events with what is said of each.
    Map(IndexMap<String, Trigger>),
}

/// What is said of one event.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// Nothing.
    Bare,
    /// Which of its kind count.
    Filter(Filter),
    /// `schedule`.
    Schedule(Vec<Cron>),
    /// `workflow_call`.
    Call(CallRecord),
    /// `workflow_dispatch`.
    Dispatch(DispatchRecord),
    /// Something that the schema does not have.
    Raw(Node),
}

record! {
    /// Which events of a kind count.
    Filter {
        /// What happened.
        "types" => types: List,
        /// Names of workflows (`workflow_run`).
        "workflows" => workflows: List,
        /// Names of images (`image_version`).
        "names" => names: List,
        /// Versions of images (`image_version`).
        "versions" => versions: List,
        /// Branches that count.
        "branches" => branches: List,
        /// Branches that do not.
        "branches-ignore" => branches_ignore: List,
        /// Tags that count.
        "tags" => tags: List,
        /// Tags that do not.
        "tags-ignore" => tags_ignore: List,
        /// Changed files that count.
        "paths" => paths: Lines,
        /// Changed files that do not.
        "paths-ignore" => paths_ignore: Lines,
    }
}

record! {
    /// One time of `schedule`.
    Cron {
        /// When, in five fields.
        "cron" => cron: Scalar,
        /// The time zone; UTC where there is none.
        "timezone" => timezone: Scalar,
    }
}

record! {
    /// What is said of `workflow_dispatch`.
    DispatchRecord {
        /// What is asked when it is started.
        "inputs" => inputs: IndexMap<String, Input>,
    }
}

record! {
    /// What is said of `workflow_call`.
    CallRecord {
        /// What callers give.
        "inputs" => inputs: IndexMap<String, Input>,
        /// Which secrets they pass.
        "secrets" => secrets: IndexMap<String, Secret>,
        /// What they get.
        "outputs" => outputs: IndexMap<String, Output>,
    }
}

record! {
    /// An input of a workflow.
    Input {
        /// What it is.
        "description" => description: Scalar,
        /// Shown to callers that still give it.
        "deprecationMessage" => deprecation_message: Scalar,
        /// Whether it must be given.
        "required" => required: Scalar,
        /// Its value where it is not.
        "default" => default: Scalar,
        /// `string`, `boolean`, `number`, `choice` or `environment`.
        "type" => kind: Scalar,
        /// The values of a choice.
        "options" => options: Lines,
    }
}

record! {
    /// What is said of a secret of a reusable workflow.
    SecretRecord {
        /// What it is.
        "description" => description: Scalar,
        /// Whether it must be passed.
        "required" => required: Scalar,
    }
}

/// A secret of a reusable workflow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Secret(pub Option<SecretRecord>);

record! {
    /// An output of a reusable workflow.
    Output {
        /// What it is.
        "description" => description: Scalar,
        /// Its value.
        "value" => value: Scalar,
    }
}

impl On {
    /// The shortest form that says the same.
    pub fn shortest(events: IndexMap<String, Trigger>) -> Self {
        let bare = !events.is_empty() && events.values().all(|trigger| *trigger == Trigger::Bare);
        let mut names: Vec<String> = events.keys().cloned().collect();
        match names.pop() {
            Some(only) if bare && names.is_empty() => Self::Event(only),
            Some(last) if bare => {
                names.push(last);
                Self::Events(names)
            }
            _ => Self::Map(events),
        }
    }

    /// Every event by name, and what is said of it.
    pub fn triggers(&self) -> Vec<(&str, &Trigger)> {
        match self {
            Self::Event(name) => vec![(name, &Trigger::Bare)],
            Self::Events(names) => names.iter().map(|name| (name.as_str(), &Trigger::Bare)).collect(),
            Self::Map(events) => events.iter().map(|(name, trigger)| (name.as_str(), trigger)).collect(),
        }
    }
}

impl ToNode for On {
    fn to_node(&self) -> Node {
        match self {
            Self::Event(name) => Node::str(name.as_str()),
            Self::Events(names) => Node::seq(names.iter().map(|name| Node::str(name.as_str()))).flow(true),
            Self::Map(events) => events.to_node(),
        }
    }
}

impl FromNode for On {
    fn from_node(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Str(name) => Some(Self::Event(name.clone())),
            Kind::Seq(names) => {
                names.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>().map(Self::Events)
            }
            // The event decides the form of what is said of it.
            Kind::Map(map) => Some(Self::Map(map.iter().map(|(name, value)| (name.clone(), trigger(name, value))).collect())),
            _ => None,
        }
    }
}

impl ToNode for Trigger {
    fn to_node(&self) -> Node {
        match self {
            Self::Bare => Node::default(),
            Self::Filter(filter) => filter.to_node(),
            Self::Schedule(times) => times.to_node(),
            Self::Call(record) => record.to_node(),
            Self::Dispatch(record) => record.to_node(),
            Self::Raw(node) => node.clone(),
        }
    }
}

fn trigger(event: &str, node: &Node) -> Trigger {
    let typed = match (event, &node.kind) {
        (_, Kind::Null) => Some(Trigger::Bare),
        ("schedule", _) => FromNode::from_node(node).map(Trigger::Schedule),
        ("workflow_call", _) => FromNode::from_node(node).map(Trigger::Call),
        ("workflow_dispatch", _) => FromNode::from_node(node).map(Trigger::Dispatch),
        _ => FromNode::from_node(node).map(Trigger::Filter),
    };
    typed.unwrap_or_else(|| Trigger::Raw(node.clone()))
}

impl ToNode for Secret {
    fn to_node(&self) -> Node {
        self.0.as_ref().map(ToNode::to_node).unwrap_or_default()
    }
}

impl FromNode for Secret {
    fn from_node(node: &Node) -> Option<Self> {
        if node.kind == Kind::Null { Some(Self(None)) } else { FromNode::from_node(node).map(|record| Self(Some(record))) }
    }
}
