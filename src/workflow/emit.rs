//! The last phase: a workflow as text.

use super::Workflow;
use super::model::ToNode;
use super::yaml::{Node, Printed, print};
use crate::source::Span;

/// A workflow file.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// The text; it ends with a newline.
    pub text: String,
    /// For each line, where in the spec it comes from.
    pub lines: Vec<Option<Span>>,
    /// The tree that was printed.
    pub node: Node,
}

/// The workflow as a careful engineer would write it.
pub fn emit(workflow: &Workflow) -> Emitted {
    let node = workflow.to_node();
    let Printed { text, lines } = print(&workflow.header, &node);
    Emitted { text, lines, node }
}
