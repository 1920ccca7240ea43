//! Steps give their actions what these take, and ask for what they give; the actions still run.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::actions::{checks_out, name};
use crate::catalog::interface::{Interface, find};
use crate::catalog::known_actions::{self, Known, Life};
use crate::diagnostics::codes::w0320_unknown_input::unknown_input;
use crate::diagnostics::codes::w0321_missing_input::missing_inputs;
use crate::diagnostics::codes::w0323_retired_action::{retired, switched_off};
use crate::diagnostics::codes::w0324_missing_action::missing_action;
use crate::diagnostics::{Diag, nearest};
use crate::expr::scope::Given;
use crate::hir::local::{each_step, files};
use crate::hir::{Checkout, Job, Local, Map, Pipeline, Step, StepKind, Value};
use crate::map::IndexMap;
use crate::text::Text;

/// What GitHub takes beside the inputs of an action that is an image.
const OF_IMAGES: [&str; 2] = ["args", "entrypoint"];

/// Looks at every step that is an action.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let mut known: HashMap<(&str, Option<&str>), Option<Known>> = HashMap::new();
    for job in pipeline.jobs.values() {
        each_step(job, &mut |step| {
            let StepKind::Uses { action, with, tag } = &step.kind else { return };
            let tag = tag.as_deref();
            let known = known.entry((action.as_str(), tag)).or_insert_with(|| look_up(pipeline, action, tag));
            let Some(Known { interface, life }) = known else { return };
            // A server of one's own may well have what github.com has no more.
            let retired = if pipeline.target.server.is_some() { None } else { no_more(action, *life) };
            let faults = retired.into_iter().chain(inputs(pipeline, step, action, with, interface, broken));
            diags.extend(faults.map(|diag| step.origin.explain(diag)));
        });
        diags.extend(gone(pipeline, job));
    }
}

/// What the actions of a job's steps say that they give.
pub(super) fn given(pipeline: &Pipeline, job: &Job) -> Arc<[Given]> {
    let mut all = Vec::new();
    each_step(job, &mut |step| {
        if let (Some((id, _)), StepKind::Uses { action, tag, .. }) = (&step.id, &step.kind)
            && let Some(outputs) = look_up(pipeline, action, tag.as_deref()).and_then(|known| known.interface.outputs)
        {
            all.push(Given { id: id.clone(), action: action.as_str().to_owned(), outputs });
        }
    });
    all.into()
}

fn look_up(pipeline: &Pipeline, action: &str, tag: Option<&str>) -> Option<Known> {
    match pipeline.locals.get(action) {
        Some(local) => local.interface().map(|interface| Known { interface: interface.clone(), life: Life::Runs }),
        None => known_actions::find(action, tag),
    }
}

fn no_more(action: &Text, life: Life) -> Option<Diag> {
    let newest = || known_actions::newest(&name(action).to_lowercase()).map(|major| format!("{}@v{major}", name(action)));
    match life {
        Life::Runs => None,
        Life::Retired => Some(retired(action, newest(), action.span())),
        Life::Off => Some(switched_off(action, newest(), action.span())),
    }
}

/// What is given and not taken, and what must be given and is not.
fn inputs(pipeline: &Pipeline, step: &Step, action: &Text, with: &Map, interface: &Interface, broken: bool) -> Vec<Diag> {
    let Some(inputs) = interface.inputs.as_ref().filter(|_| !step.raw.contains_key("with")) else { return Vec::new() };
    let mut compared = compare(inputs, with, |input| input.required && !broken);
    compared.unknown.retain(|(name, _)| !OF_IMAGES.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let taken: Vec<&str> = inputs.keys().map(String::as_str).collect();
    let unknown = compared.unknown.iter().map(|(name, value)| unknown_input(action, name, &taken, pipeline.key(value)));
    let missing = (!compared.missing.is_empty()).then(|| missing_inputs(action, &compared.missing, action.span()));
    unknown.chain(missing).collect()
}

/// How what is given differs from what is taken.
pub(super) struct Compared<'m> {
    /// Given, and not taken.
    pub(super) unknown: Vec<(&'m str, &'m Value)>,
    /// Not given, and needed.
    pub(super) missing: Vec<&'m str>,
}

/// Compares what is given with what is taken. A name that is misspelt is not missing as well.
pub(super) fn compare<'m, T>(taken: &'m IndexMap<String, T>, given: &'m Map, needed: impl Fn(&T) -> bool) -> Compared<'m> {
    let unknown = given.iter().filter(|(name, _)| find(taken, name).is_none());
    let unknown: Vec<(&str, &Value)> = unknown.map(|(name, value)| (name.as_str(), value)).collect();
    let meant = |wanted: &str| unknown.iter().any(|(name, _)| nearest(name, taken.keys().map(String::as_str)) == Some(wanted));
    let missing = taken.iter().filter(|(name, of)| needed(of) && find(given, name).is_none() && !meant(name));
    let missing = missing.map(|(name, _)| name.as_str()).collect();
    Compared { unknown, missing }
}

/// Actions of the repository that are not there. Whatever runs before may make one; so may a checkout of something else.
fn gone(pipeline: &Pipeline, job: &Job) -> Vec<Diag> {
    let derived = matches!(job.checkout, Checkout::Derived) && job.toolchains.is_empty() && job.reads.is_empty();
    if !derived || pipeline.is_called() {
        return Vec::new();
    }
    let elsewhere = |with: &Map| ["repository", "path", "ref"].iter().any(|key| with.contains_key(*key));
    let makes_nothing = |step: &&Step| match &step.kind {
        StepKind::Checkout(with) => !elsewhere(with),
        StepKind::Uses { action, with, .. } if checks_out(action) => !elsewhere(with),
        StepKind::Uses { action, .. } => matches!(pipeline.locals.get(action.as_str()), Some(Local::Missing)),
        _ => false,
    };
    let first = job.steps.iter().take_while(makes_nothing);
    let missing = first.filter_map(|step| match &step.kind {
        StepKind::Uses { action, .. } if !checks_out(action) => Some((step, action)),
        _ => None,
    });
    let file = |action: &str| files(action).into_iter().next().unwrap_or_default();
    missing.map(|(step, action)| step.origin.explain(missing_action(action, &file(action), action.span()))).collect()
}
