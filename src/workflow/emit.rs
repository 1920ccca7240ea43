//! The last phase: a workflow as text.

use super::Workflow;
use super::model::ToNode;
use super::yaml::{Printed, print, print_below};
use crate::source::Span;

/// A workflow file.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// The text; it ends with a newline.
    pub text: String,
    /// For each line, where in the spec it comes from.
    pub lines: Vec<Option<Span>>,
    /// The length of the longest value.
    pub longest: usize,
}

/// The workflow as a careful engineer would write it.
pub fn emit(workflow: &Workflow) -> Emitted {
    let Printed { text, lines, longest } = match workflow.without_jobs() {
        // Jobs are most of a workflow: each is a tree for as long as it is printed.
        Some((frame, jobs)) => {
            let jobs = jobs.iter().map(|(id, job)| (id.as_str(), job.to_node()));
            print_below(&workflow.header, &frame, Workflow::JOBS, jobs)
        }
        None => print(&workflow.header, &workflow.to_node()),
    };
    Emitted { text, lines, longest }
}
