//! What GitHub refuses though its schema allows it. No validator checks most of this, so it is checked here, after expansion.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::{
    e0501_matrix_too_large::matrix_too_large, e0502_text_too_long::text_too_long, e0503_bad_id::bad_id,
    e0505_too_many_inputs::too_many_inputs, w0504_file_too_large::file_too_large,
};
use crate::source::Span;

use super::model::{FromNode as _, Job, Matrix, Or, Scalar, Steps, ToNode as _, Trigger};
use super::yaml::{Kind, Node};
use super::{Emitted, Workflow};

// Limits of GitHub, read in November 2026 in its documentation and, for ids and expressions, in actions/languageservices.
const MATRIX_JOBS: usize = 256;
const TEXT: usize = 21_000;
const ID: usize = 99;
const FILE: usize = 500 * 1024;
const INPUTS: usize = 25;

/// Every limit that the workflow breaks, each shown where it comes from in the spec.
pub fn limits(workflow: &Workflow, emitted: &Emitted) -> Vec<Diag> {
    let mut diags = Vec::new();
    // Of each byte come two at the most, and what is put around them.
    let has_long = emitted.longest > TEXT / 2 - FORMAT.len();
    // The tree takes as long as all the rest, and most workflows need none.
    let node = (has_long || has_raw(workflow)).then(|| workflow.to_node());
    // Raw keys of the spec are typed by this, so that they are checked like any other.
    let typed = node.as_ref().filter(|_| has_raw(workflow)).and_then(Workflow::from_node);
    let workflow = typed.as_ref().unwrap_or(workflow);
    if emitted.text.len() > FILE {
        diags.push(file_too_large(emitted.text.len(), FILE));
    }
    for (_, trigger) in workflow.on.iter().flat_map(|on| on.triggers()) {
        if let Trigger::Dispatch(record) = trigger
            && let Some(inputs) = record.inputs.as_ref().filter(|inputs| inputs.len() > INPUTS)
        {
            diags.push(too_many_inputs(inputs.len(), INPUTS));
        }
    }
    for (id, job) in workflow.jobs.iter().flat_map(|jobs| &jobs.0) {
        job_limits(id, job, &mut diags);
    }
    if let Some(node) = node.filter(|_| has_long) {
        texts(&node, &mut Vec::new(), None, &mut diags);
    }
    diags
}

/// Whether there are raw keys anywhere.
fn has_raw(workflow: &Workflow) -> bool {
    let jobs = || workflow.jobs.iter().flat_map(|jobs| jobs.0.values());
    let steps = |job: &Job| job.steps.as_ref().is_some_and(has_raw_step);
    !workflow.extra.is_empty() || jobs().any(|job| !job.extra.is_empty() || steps(job))
}

fn has_raw_step(steps: &Steps) -> bool {
    steps.0.iter().any(|step| !step.extra.is_empty() || step.parallel.as_ref().is_some_and(has_raw_step))
}

fn job_limits(id: &str, job: &Job, diags: &mut Vec<Diag>) {
    if !is_id(id) {
        diags.push(at(bad_id("job", id), job.origin));
    }
    let matrix = job.strategy.as_ref().and_then(Or::known).and_then(|strategy| strategy.matrix.as_ref()).and_then(Or::known);
    if let Some(count) = matrix.and_then(Matrix::size).filter(|&count| count > MATRIX_JOBS) {
        diags.push(at(matrix_too_large(id, count, MATRIX_JOBS), job.origin));
    }
    if let Some(steps) = &job.steps {
        step_ids(steps, job.origin, diags);
    }
}

fn step_ids(steps: &Steps, origin: Option<Span>, diags: &mut Vec<Diag>) {
    for step in &steps.0 {
        let origin = step.origin.or(origin);
        if let Some(id) = step.id.as_ref().map(Scalar::text).filter(|id| !is_id(id)) {
            diags.push(at(bad_id("step", &id), origin));
        }
        if let Some(inner) = &step.parallel {
            step_ids(inner, origin, diags);
        }
    }
}

/// Looks at every text of the tree; `path` leads to it.
fn texts(node: &Node, path: &mut Vec<String>, origin: Option<Span>, diags: &mut Vec<Diag>) {
    let origin = node.origin.or(origin);
    match &node.kind {
        Kind::Map(map) => {
            for (key, value) in map {
                path.push(key.clone());
                texts(value, path, origin, diags);
                path.pop();
            }
        }
        Kind::Seq(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                texts(item, path, origin, diags);
                path.pop();
            }
        }
        Kind::Str(text) => {
            let length = text_length(text);
            if length > TEXT && (text.contains("${{") || is_script_or_condition(path)) {
                diags.push(at(text_too_long(&path.join("."), length, TEXT), origin));
            }
        }
        _ => {}
    }
}

fn is_script_or_condition(path: &[String]) -> bool {
    match path {
        [.., list, _, key] if list == "steps" || list == "parallel" => key == "run" || key == "if",
        [jobs, _, key] => jobs == "jobs" && key == "if",
        _ => false,
    }
}

/// What GitHub puts around texts with expressions in them.
const FORMAT: &str = "format('')";

/// The length that GitHub counts. An expression alone counts without its braces; text around expressions makes the whole a call
/// `format('text{0}', expression)`, in which quotes and braces of the text are doubled.
fn text_length(text: &str) -> usize {
    let count = |text: &str| text.encode_utf16().count();
    let (mut literals, mut expressions, mut length) = (0, 0, 0);
    let mut literal = |text: &str| literals += count(text) + text.matches(['\'', '{', '}']).count();
    let mut rest = text;
    while let Some((before, (inner, after))) =
        rest.split_once("${{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        literal(before);
        length += count(inner.trim()) + format!(", {{{expressions}}}").len();
        expressions += 1;
        rest = after;
    }
    literal(rest);
    match (expressions, literals) {
        (0, _) => count(text),
        (1, 0) => length - ", {0}".len(),
        _ => length + literals + FORMAT.len(),
    }
}

/// Whether GitHub takes it as the id of a job or a step.
pub(crate) fn is_id(id: &str) -> bool {
    let mut characters = id.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && id.len() <= ID
}

fn at(diag: Diag, origin: Option<Span>) -> Diag {
    match origin {
        Some(span) => diag.label(span, "comes from here"),
        None => diag,
    }
}
