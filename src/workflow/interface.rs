//! What an action or a workflow of the repository takes and gives, read from its own file.

use indexmap::IndexMap;

use super::model::{CallRecord, Scalar, Trigger, Workflow};
use super::read::read;
use super::yaml::{Kind, Map, Node, parse};
use crate::catalog::interface::{Input, Interface, Takes};

/// What an action takes and gives, by the text of its `action.yml`. Of what cannot be read nothing is known.
pub fn of_action(text: &str) -> Interface {
    let Ok(Node { kind: Kind::Map(keys), .. }) = parse(text) else { return Interface::default() };
    let inputs = entries(&keys, "inputs").map(|inputs| inputs.into_iter().map(|(name, node)| (name, input(&node))).collect());
    let outputs = entries(&keys, "outputs").map(|outputs| outputs.into_keys().collect());
    Interface { inputs, secrets: None, outputs }
}

/// What a workflow takes and gives when it is called, by its text; none where nobody can call it.
pub fn of_workflow(text: &str) -> Option<Interface> {
    let Some(Workflow { on: Some(on), .. }) = read(text).value else { return Some(Interface::default()) };
    let (_, trigger) = on.triggers().into_iter().find(|(event, _)| *event == "workflow_call")?;
    Some(match trigger {
        Trigger::Bare => of_call(&CallRecord::default()),
        Trigger::Call(call) if call.extra.is_empty() => of_call(call),
        _ => Interface::default(),
    })
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
    Interface { inputs: Some(inputs.collect()), secrets: Some(secrets.collect()), outputs: Some(outputs.collect()) }
}

/// What a mapping has under a key, which may be left out or empty; none where it has another form.
fn entries(keys: &Map, key: &str) -> Option<Map> {
    match keys.get(key).map(|node| &node.kind) {
        None | Some(Kind::Null) => Some(IndexMap::new()),
        Some(Kind::Map(map)) => Some(map.clone()),
        Some(_) => None,
    }
}

/// An input of an action: GitHub fills in its default where there is one.
fn input(node: &Node) -> Input {
    let Kind::Map(keys) = &node.kind else { return Input::default() };
    let is = |key: &str, what: &dyn Fn(&Kind) -> bool| keys.get(key).is_some_and(|node| what(&node.kind));
    let yes = |kind: &Kind| matches!(kind, Kind::Bool(true)) || matches!(kind, Kind::Str(text) if text == "true");
    Input { required: is("required", &yes) && !is("default", &|kind| *kind != Kind::Null), ..Input::default() }
}
