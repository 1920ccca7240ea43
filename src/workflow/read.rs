//! Reading a workflow back. Comments are lost; positions inside the YAML are not known yet.

use super::Workflow;
use super::model::FromNode;
use super::yaml::parse;
use crate::diagnostics::Outcome;
use crate::diagnostics::codes::e0506_not_a_workflow::not_a_workflow;
use crate::source::Span;

/// The workflow in `text`, where it is one at all; positions count from the start of the text.
pub fn read(text: &str) -> Outcome<Option<Workflow>> {
    let fail = |why: &str, at: usize| {
        let at = at.min(text.len()) as u32;
        Outcome { value: None, diags: vec![not_a_workflow(why, Span::new(at, at))] }
    };
    match parse(text) {
        Err((why, at)) => fail(&why, at),
        Ok(node) => match Workflow::from_node(&node) {
            None => fail("it is no mapping", 0),
            workflow => Outcome { value: workflow, diags: Vec::new() },
        },
    }
}
