//! Code that strangers choose by its name, in a run with the rights of the repository.

use std::ops::Range;

use super::environment::{self, assigned, reads};
use super::machines::runners;
use super::strangers::is_of_strangers;
use super::{Job, Map, Pipeline, Runner, Step, StepKind, Value};
use crate::catalog::by_name;
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

/// What a script fetches by a name, with the variables of `envs`.
pub(super) fn script(step: &Step, envs: &[&Map], event: &str) -> Option<Diag> {
    let StepKind::Run(script) = &step.kind else { return None };
    let mut known = environment::of_strangers(envs);
    // An expression is one word, whatever is in it.
    let mut words = script.as_str().to_owned();
    let all = holes(script);
    for (range, expr) in &all {
        let mark = if is_of_strangers(expr) { MARK } else { "_" };
        words.replace_range(range.start as usize..range.end as usize, &mark.repeat((range.end - range.start) as usize));
    }
    let expr_in = |range: &Range<usize>| {
        let is_inside = |(hole, expr): &&(Span, Expr)| range.contains(&(hole.start as usize)) && is_of_strangers(expr);
        all.iter().find(is_inside).map(|(_, expr)| expr.clone())
    };
    let mut at = 0;
    for line in words.split_inclusive('\n') {
        let here = at..at + line.len();
        at = here.end;
        let Some((name, value)) = assigned(line) else { continue };
        let from = known.iter().find(|(other, _)| reads(value, other)).map(|(_, expr)| expr.clone());
        if let Some(expr) = from.or_else(|| expr_in(&here).filter(|_| value.contains(MARK))) {
            known.insert(name, expr);
        }
    }
    by_name::commands(&words).find_map(|(range, names)| {
        let of_word = |word: &&str| {
            let direct = word.contains(MARK).then(|| expr_in(&range)).flatten();
            direct.or_else(|| known.iter().find(|(name, _)| reads(word, name)).map(|(_, expr)| expr.clone()))
        };
        let expr = names.iter().find_map(of_word)?;
        Some(chosen_code(event, &expr.to_string(), "what is fetched", script.source(range)))
    })
}

/// Stands for a text of strangers.
const MARK: &str = "\u{1}";

fn told(text: &Text, event: &str, what: &str) -> Option<Diag> {
    let (range, expr) = of_strangers(text)?;
    Some(chosen_code(event, &expr.to_string(), what, text.source(range.start as usize..range.end as usize)))
}

fn of_strangers(text: &Text) -> Option<(Span, Expr)> {
    holes(text).into_iter().find(|(_, expr)| is_of_strangers(expr))
}
