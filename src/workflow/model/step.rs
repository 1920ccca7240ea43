//! A step.

use super::record::record;
use super::{Dict, FromNode, List, Or, Scalar, ToNode};
use crate::source::Span;
use crate::workflow::yaml::{Gap, Node};

record! {
    /// A step: exactly one of `run`, `uses`, `wait`, `wait_all`, `cancel` and `parallel` is given.
    ///
    /// In a step with `uses` the action comes first and its inputs follow; in one with `run` the script comes last, since it is
    /// long and what it runs with should be read before it.
    Step (
        /// Where in the spec it comes from.
        origin: Option<Span>,
        /// Comment lines above it, without `#`.
        comments: Vec<String>
    ) {
        /// The name that is shown.
        "name" => name: Scalar,
        /// What other steps call it.
        "id" => id: Scalar,
        /// Whether it runs.
        "if" => condition: Scalar,
        /// Whether the next step starts beside it.
        "background" => background: Scalar,
        /// The action.
        "uses" => uses: Uses,
        /// Whether the job goes on when it fails.
        "continue-on-error" => continue_on_error: Scalar,
        /// When it is stopped.
        "timeout-minutes" => timeout_minutes: Scalar,
        /// The inputs of the action.
        "with" => with: Or<Dict>,
        /// The shell of the script.
        "shell" => shell: Scalar,
        /// The folder of the script.
        "working-directory" => working_directory: Scalar,
        /// Its variables.
        "env" => env: Or<Dict>,
        /// The script.
        "run" => run: Scalar,
        /// Waits for these background steps.
        "wait" => wait: List,
        /// Waits for all background steps: nothing, or a boolean.
        "wait-all" => wait_all: Scalar,
        /// Ends this background step.
        "cancel" => cancel: Scalar,
        /// Runs these steps side by side.
        "parallel" => parallel: Steps,
    }
}

impl Step {
    /// A step with a script.
    pub fn run(script: impl Into<Scalar>) -> Self {
        Self { run: Some(script.into()), ..Self::default() }
    }

    /// A step with an action, and the tag that its pin stands for.
    pub fn uses(action: impl Into<String>, tag: Option<String>) -> Self {
        Self { uses: Some(Uses { action: action.into(), tag }), ..Self::default() }
    }
}

impl ToNode for Step {
    fn to_node(&self) -> Node {
        Node::map(self.fields()).before(&self.comments).origin(self.origin)
    }
}

impl FromNode for Step {
    fn from_node(node: &Node) -> Option<Self> {
        Some(Self { origin: node.origin, comments: node.before.clone(), ..Self::from_fields(node)? })
    }
}

/// The action or reusable workflow that is used.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Uses {
    /// `owner/name/path@reference`, `./path`, `$/path` or `docker://image`.
    pub action: String,
    /// The tag that a pinned reference stands for, printed behind it.
    pub tag: Option<String>,
}

impl ToNode for Uses {
    fn to_node(&self) -> Node {
        Node::str(self.action.as_str()).after(self.tag.clone())
    }
}

impl FromNode for Uses {
    fn from_node(node: &Node) -> Option<Self> {
        node.as_str().map(|action| Self { action: action.to_owned(), tag: None })
    }
}

/// Steps in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Steps(pub Vec<Step>);

impl ToNode for Steps {
    fn to_node(&self) -> Node {
        self.0.to_node().gap(Gap::Long)
    }
}

impl FromNode for Steps {
    fn from_node(node: &Node) -> Option<Self> {
        FromNode::from_node(node).map(Self)
    }
}
