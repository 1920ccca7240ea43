//! What an action or a workflow of the repository takes and gives, read from its own file.

use super::model::{CallRecord, Scalar, Trigger, Workflow};
use super::read::read;
use super::yaml::{Kind, Map, Node, parse};
use crate::catalog::interface::{Input, Interface, Takes};
use crate::catalog::{actions, code_inputs};
use crate::expr::text::holes;
use crate::hir::foreign::{named, paths};
use crate::hir::strangers::flowing;
use crate::map::IndexMap;

/// An action of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Action {
    /// What it takes and declares to give.
    pub interface: Interface,
    /// The inputs that are deprecated.
    pub deprecated: Vec<String>,
    /// What runs it: `composite`, `docker`, `node24`.
    pub using: String,
}

/// An action, by the text of its `action.yml`. Of what cannot be read nothing is known.
pub fn of_action(text: &str) -> Action {
    let Ok(Node { kind: Kind::Map(keys), .. }) = parse(text) else { return Action::default() };
    let declared = entries(&keys, "inputs");
    let deprecated = declared.iter().flatten().filter(|(_, node)| has(node, "deprecationMessage", |_| true));
    let deprecated = deprecated.map(|(name, _)| name.clone()).collect();
    let inputs = declared.map(|inputs| inputs.into_iter().map(|(name, node)| (name, input(&node))).collect());
    let outputs = entries(&keys, "outputs").map(|outputs| outputs.into_iter().map(|(name, _)| name).collect());
    let runs = entries(&keys, "runs").unwrap_or_default();
    let using = runs.get("using").and_then(Node::as_str).unwrap_or_default().to_owned();
    let (code, fetched) = (code_of(&runs), fetched_of(&runs));
    Action { interface: Interface { inputs, code, fetched, outputs, ..Interface::default() }, deprecated, using }
}

/// What a workflow takes and gives when it is called, by its text; none where nobody can call it.
pub fn of_workflow(text: &str) -> Option<Interface> {
    let Some(Workflow { on: Some(on), .. }) = read(text).value else { return Some(Interface::default()) };
    let (_, trigger) = on.triggers().into_iter().find(|(event, _)| *event == "workflow_call")?;
    let mut interface = match trigger {
        Trigger::Bare => of_call(&CallRecord::default()),
        Trigger::Call(call) if call.extra.is_empty() => of_call(call),
        _ => Interface::default(),
    };
    if let Ok(Node { kind: Kind::Map(keys), .. }) = parse(text) {
        let jobs = entries(&keys, "jobs").unwrap_or_default();
        let of_steps: Vec<&Map> =
            jobs.values().filter_map(|job| if let Kind::Map(job) = &job.kind { Some(job) } else { None }).collect();
        interface.code = of_steps.iter().flat_map(|job| code_of(job)).collect();
        interface.fetched = of_steps.iter().flat_map(|job| fetched_of(job)).collect();
        let of_jobs =
            jobs.values().filter_map(|job| if let Kind::Map(keys) = &job.kind { entries(keys, "permissions") } else { None });
        for (scope, level) in entries(&keys, "permissions").into_iter().chain(of_jobs).flatten() {
            interface.ask(&scope, level.as_str().unwrap_or_default());
        }
        let groups = jobs.values().filter_map(|job| if let Kind::Map(job) = &job.kind { job.get("concurrency") } else { None });
        interface.has_group = groups.chain(keys.get("concurrency")).any(|group| !cancels(group));
        interface.asked = jobs.iter().filter_map(|(id, job)| Some((id.clone(), asked(job, &keys)?))).collect();
    }
    Some(interface)
}

/// Whether a `concurrency` cancels what holds its group, in some runs at least.
fn cancels(concurrency: &Node) -> bool {
    let Kind::Map(keys) = &concurrency.kind else { return false };
    keys.get("cancel-in-progress").is_some_and(|cancel| !matches!(cancel.kind, Kind::Bool(false) | Kind::Null))
}

/// What a job asks of the token, itself or by its file.
fn asked(job: &Node, file: &Map) -> Option<IndexMap<String, String>> {
    let Kind::Map(job) = &job.kind else { return None };
    let written = [job, file].into_iter().find(|keys| keys.contains_key("permissions"))?;
    let level = |(scope, level): (String, Node)| Some((scope, level.as_str()?.to_owned()));
    entries(written, "permissions")?.into_iter().map(level).collect()
}

fn of_call(call: &CallRecord) -> Interface {
    let yes = |required: Option<&Scalar>| required.is_some_and(|required| required.text() == "true");
    let inputs = call.inputs.iter().flatten().map(|(name, input)| {
        let takes = match input.kind.as_ref().map(Scalar::text).as_deref() {
            Some("boolean") => Takes::Bool,
            Some("number") => Takes::Number,
            _ => Takes::Text,
        };
        (name.clone(), Input { required: yes(input.required.as_ref()) && input.default.is_none(), takes })
    });
    let secrets = call.secrets.iter().flatten();
    let secrets =
        secrets.map(|(name, secret)| (name.clone(), yes(secret.0.as_ref().and_then(|record| record.required.as_ref()))));
    let outputs = call.outputs.iter().flatten().map(|(name, _)| name.clone());
    Interface {
        inputs: Some(inputs.collect()),
        secrets: Some(secrets.collect()),
        outputs: Some(outputs.collect()),
        ..Interface::default()
    }
}

/// The steps of a job or an action.
fn steps_of(of_steps: &Map) -> impl Iterator<Item = &Map> {
    let steps = match of_steps.get("steps").map(|steps| &steps.kind) {
        Some(Kind::Seq(steps)) => steps.as_slice(),
        _ => &[],
    };
    steps.iter().filter_map(|step| if let Kind::Map(step) = &step.kind { Some(step) } else { None })
}

/// What a mapping has under a key, as a text.
fn text(map: &Map, key: &str) -> String {
    map.get(key).and_then(Node::as_str).unwrap_or_default().to_owned()
}

/// What names the commits that a job's or an action's steps check out.
fn fetched_of(of_steps: &Map) -> Vec<Vec<String>> {
    let env = |map: &Map| {
        let all = entries(map, "env").unwrap_or_default();
        all.iter().map(|(name, _)| (name.clone(), text(&all, name))).collect::<Vec<_>>()
    };
    let of_all = env(of_steps);
    let found = steps_of(of_steps).flat_map(|step| {
        let with = entries(step, "with").unwrap_or_default();
        let checked_out = ["ref", "repository"].into_iter().filter(|_| actions::checks_out(&text(step, "uses")));
        let variables = [env(step), of_all.clone()].concat();
        let by_script = named(&text(step, "run"), &variables);
        checked_out.flat_map(|key| paths(&text(&with, key))).chain(by_script).collect::<Vec<_>>()
    });
    found.collect()
}

/// The inputs whose values are written into scripts of a job's or an action's steps.
fn code_of(of_steps: &Map) -> Vec<String> {
    let scripts = steps_of(of_steps).flat_map(|step| {
        let uses = text(step, "uses");
        let given = entries(step, "with").unwrap_or_default();
        let code = given.keys().filter(|input| code_inputs::variable(&uses, input, "").is_some());
        code.map(|input| text(&given, input)).chain([text(step, "run")]).collect::<Vec<_>>()
    });
    let mut inputs: Vec<String> = Vec::new();
    for path in scripts.flat_map(|script| holes(&script)).flat_map(|(_, expr)| flowing(&expr)) {
        if let [context, name] = &path[..]
            && context == "inputs"
            && !inputs.contains(name)
        {
            inputs.push(name.clone());
        }
    }
    inputs
}

/// What a mapping has under a key, which may be left out or empty; none where it has another form.
fn entries(keys: &Map, key: &str) -> Option<Map> {
    match keys.get(key).map(|node| &node.kind) {
        None | Some(Kind::Null) => Some(Map::default()),
        Some(Kind::Map(map)) => Some(map.clone()),
        Some(_) => None,
    }
}

/// An input of an action: GitHub fills in its default where there is one.
fn input(node: &Node) -> Input {
    let required =
        has(node, "required", |kind| matches!(kind, Kind::Bool(true)) || matches!(kind, Kind::Str(text) if text == "true"));
    Input { required: required && !has(node, "default", |kind| *kind != Kind::Null), ..Input::default() }
}

/// Whether a mapping has a key, and under it what is asked for.
fn has(node: &Node, key: &str, what: impl Fn(&Kind) -> bool) -> bool {
    matches!(&node.kind, Kind::Map(keys) if keys.get(key).is_some_and(|node| what(&node.kind)))
}
