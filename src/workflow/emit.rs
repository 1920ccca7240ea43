//! The last phase: a workflow as text.

use super::Workflow;
use super::model::ToNode;
use super::yaml::{Printed, print};

/// A workflow file, and for each of its lines where in the spec it comes from.
pub type Emitted = Printed;

/// The workflow as a careful engineer would write it.
pub fn emit(workflow: &Workflow) -> Emitted {
    print(&workflow.header, &workflow.to_node())
}
