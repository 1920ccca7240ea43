//! Code that strangers choose outside of scripts, in a run with the rights of the repository.

use super::machines::runners;
use super::strangers::is_of_strangers;
use super::{Job, Pipeline, Runner, Step, StepKind, Value};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0720_foreign_code::chosen_code;
use crate::expr::Expr;
use crate::expr::text::holes;
use crate::source::Span;
use crate::text::Text;

/// The machine, the images and the packages of a job, in a run of `event`.
pub(super) fn by_strangers(pipeline: &Pipeline, job: &Job, event: &str) -> Vec<Diag> {
    let machines = runners(pipeline, job).flatten().filter_map(|runner| match runner {
        Runner::Label(label) => Some(label.clone()),
        Runner::Data(value) => value.text(),
        Runner::Auto(_) => None,
    });
    let container = job.container.iter().map(|container| container.name.clone());
    let services = job.services.values().filter_map(|service| service.keys.get("image").and_then(Value::text));
    let own =
        machines.map(|text| (text, "its machine")).chain(container.chain(services).map(|text| (text, "an image that it runs")));
    let own = own.filter_map(|(text, what)| Some(job.origin.explain(told(&text, event, what)?)));
    let installed = job.toolchains.values().filter_map(|toolchain| {
        let texts = toolchain.steps().flat_map(|step| match &step.kind {
            StepKind::Run(script) => vec![script.clone()],
            StepKind::Uses { with, .. } => with.values().filter_map(Value::text).collect(),
            _ => Vec::new(),
        });
        let expr = texts.into_iter().find_map(|text| Some(of_strangers(&text)?.1))?;
        let origin = &toolchain.origin;
        Some(origin.explain(chosen_code(event, &expr.to_string(), "what is installed for it", origin.span)))
    });
    own.chain(installed).collect()
}

/// What a step checks out.
pub(super) fn checkout(step: &Step, event: &str) -> Option<Diag> {
    let (StepKind::Checkout(with) | StepKind::Uses { with, .. }) = &step.kind else { return None };
    let said = ["ref", "repository"].iter().filter(|_| step.fetches()).filter_map(|key| with.get(*key));
    said.filter_map(Value::text).find_map(|text| told(&text, event, "what is checked out"))
}

fn told(text: &Text, event: &str, what: &str) -> Option<Diag> {
    let (range, expr) = of_strangers(text)?;
    Some(chosen_code(event, &expr.to_string(), what, text.source(range.start as usize..range.end as usize)))
}

fn of_strangers(text: &Text) -> Option<(Span, Expr)> {
    holes(text).into_iter().find(|(_, expr)| is_of_strangers(expr))
}
