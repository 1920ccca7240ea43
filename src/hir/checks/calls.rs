//! Jobs give the workflows that they call what these take. GitHub refuses the whole workflow otherwise.

use super::actions::compare;
use crate::catalog::interface::{Interface, Takes, find};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0325_not_of_the_call::not_of_the_call;
use crate::diagnostics::codes::e0326_missing_in_call::missing_in_call;
use crate::diagnostics::codes::e0327_wrong_type_in_call::wrong_type_in_call;
use crate::diagnostics::codes::e0328_not_callable::{no_workflow, not_callable};
use crate::diagnostics::codes::e0747_more_than_the_caller::more_than_the_caller;
use crate::diagnostics::codes::w0314_artifact_twice::uploaded_twice;
use crate::hir::{Call, Job, Local, Map, Permissions, Pipeline, Secrets, Value, ValueKind};
use crate::map::IndexMap;
use crate::source::Span;

/// Looks at every job that calls a workflow of the repository.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    called_twice(pipeline, diags);
    for job in pipeline.jobs.values() {
        let Some(call) = &job.call else { continue };
        let raw = ["with", "secrets"].iter().any(|key| job.raw.contains_key(*key));
        let found = match pipeline.locals.get(call.workflow.as_str()) {
            None => continue,
            Some(Local::Missing) => vec![no_workflow(&call.workflow, call.workflow.span())],
            Some(Local::NotCalled) => vec![not_callable(&call.workflow, call.workflow.span())],
            Some(Local::Declares(interface)) if raw => rights(pipeline, job, call, interface).into_iter().collect(),
            Some(Local::Declares(interface)) => {
                let mut found = inputs(pipeline, call, interface, broken);
                found.extend(rights(pipeline, job, call, interface));
                found.extend(secrets(pipeline, call, interface, broken));
                found
            }
        };
        diags.extend(found.into_iter().map(|diag| call.origin.explain(diag)));
    }
}

/// A workflow that runs twice in one run uploads its artifacts twice. Of jobs with conditions perhaps one runs.
fn called_twice(pipeline: &Pipeline, diags: &mut Vec<Diag>) {
    let mut called: IndexMap<&str, Span> = IndexMap::default();
    for job in pipeline.jobs.values().filter(|job| job.when.is_none()) {
        let Some(call) = &job.call else { continue };
        let local = pipeline.locals.get(call.workflow.as_str()).and_then(Local::interface);
        let Some(artifact) = local.and_then(|interface| interface.artifacts.first()) else { continue };
        let here = call.workflow.span();
        let before = called.insert(call.workflow.as_str(), here).or_else(|| job.has_rows().then_some(job.origin.span));
        diags.extend(before.map(|before| call.origin.explain(uploaded_twice(&call.workflow, artifact, here, before))));
    }
}

fn inputs(pipeline: &Pipeline, call: &Call, interface: &Interface, broken: bool) -> Vec<Diag> {
    let Some(inputs) = &interface.inputs else { return Vec::new() };
    let mut found = differences(pipeline, call, "input", inputs, &call.with, |input| input.required && !broken);
    for (name, value) in &call.with {
        let wanted = find(inputs, name).and_then(|input| wanted(input.takes, value));
        found.extend(wanted.map(|wanted| wrong_type_in_call(name, wanted, value.noun(), value.origin.span)));
    }
    found
}

fn secrets(pipeline: &Pipeline, call: &Call, interface: &Interface, broken: bool) -> Vec<Diag> {
    let none = Map::default();
    let Some(secrets) = &interface.secrets else { return Vec::new() };
    let passed = match &call.secrets {
        Some(Secrets::Inherit) => return Vec::new(),
        Some(Secrets::Named(passed)) => passed,
        None => &none,
    };
    differences(pipeline, call, "secret", secrets, passed, |required| *required && !broken)
}

/// A job of the called workflow that asks for more than the job that calls may do, where both are written.
fn rights(pipeline: &Pipeline, job: &Job, call: &Call, interface: &Interface) -> Option<Diag> {
    let written = job.permissions.as_ref().or(pipeline.defaults.permissions.as_ref())?;
    if job.raw.contains_key("permissions") || pipeline.raw.contains_key("permissions") {
        return None;
    }
    let height = |level: &str| ["none", "read", "write"].iter().position(|known| *known == level);
    let allowed = |scope: &str| match written {
        Permissions::None => "none".to_owned(),
        Permissions::ReadAll => "read".to_owned(),
        Permissions::WriteAll => "write".to_owned(),
        Permissions::Scopes(scopes) => scopes.get(scope).map_or_else(|| "none".to_owned(), Value::spelled),
    };
    interface.asked.iter().find_map(|(nested, scopes)| {
        let more = |(scope, level): &(&String, &String)| height(level) > height(&allowed(scope));
        let text = |(scope, level): (&String, &String)| format!("{scope}: {level}");
        let missing: Vec<String> = scopes.iter().filter(more).map(text).collect();
        (!missing.is_empty())
            .then(|| more_than_the_caller(&job.id, &call.workflow, nested, &missing.join(", "), call.workflow.span()))
    })
}

/// What is given and not taken, and what must be given and is not; `noun` is what they are.
fn differences<T>(
    pipeline: &Pipeline,
    call: &Call,
    noun: &str,
    taken: &IndexMap<String, T>,
    given: &Map,
    needed: impl Fn(&T) -> bool,
) -> Vec<Diag> {
    let (workflow, names): (_, Vec<&str>) = (&call.workflow, taken.keys().map(String::as_str).collect());
    let compared = compare(taken, given, needed);
    let unknown = compared.unknown.iter();
    let unknown = unknown.map(|(name, value)| not_of_the_call(workflow, noun, name, &names, pipeline.key(value)));
    let missing = compared.missing.iter().map(|name| missing_in_call(workflow, noun, name, workflow.span()));
    unknown.chain(missing).collect()
}

/// What an input wants where a literal of another type is given; what an expression becomes is known at run time.
fn wanted(takes: Takes, value: &Value) -> Option<&'static str> {
    let expression = matches!(&value.kind, ValueKind::Text(text) if text.contains("${{"));
    match (takes, &value.kind) {
        _ if expression => None,
        (_, ValueKind::Null) | (Takes::Text, _) | (Takes::Bool, ValueKind::Bool(_)) | (Takes::Number, ValueKind::Number(_)) => {
            None
        }
        (Takes::Bool, _) => Some("`true` or `false`"),
        (Takes::Number, _) => Some("a number"),
    }
}
