//! `on`.

use super::values;
use crate::hir::{self, Input, Value, ValueKind};
use crate::map::IndexMap;
use crate::workflow::model::Trigger;
use crate::workflow::model::{
    self, CallRecord, Cron, DispatchRecord, Filter, Lines, List, On, Output, Scalar, Secret, SecretRecord,
};

pub(super) fn lower(triggers: &[hir::Trigger]) -> On {
    On::shortest(triggers.iter().map(|trigger| (trigger.event.clone(), one(trigger))).collect())
}

fn one(trigger: &hir::Trigger) -> Trigger {
    match trigger.event.as_str() {
        "schedule" => Trigger::Schedule(
            trigger
                .crons
                .iter()
                .map(|(cron, zone)| Cron {
                    cron: Some(values::text(cron)),
                    timezone: zone.as_ref().map(values::text),
                    ..Cron::default()
                })
                .collect(),
        ),
        "workflow_dispatch" if !trigger.inputs.is_empty() => {
            Trigger::Dispatch(DispatchRecord { inputs: Some(inputs(&trigger.inputs, false)), ..DispatchRecord::default() })
        }
        "workflow_call" if !(trigger.inputs.is_empty() && trigger.secrets.is_empty() && trigger.outputs.is_empty()) => {
            let some = |map: &IndexMap<String, Input>| (!map.is_empty()).then(|| inputs(map, true));
            let secrets: IndexMap<_, _> =
                trigger.secrets.iter().map(|(name, secret)| (name.clone(), self::secret(secret))).collect();
            let outputs: IndexMap<_, _> =
                trigger.outputs.iter().map(|(name, output)| (name.clone(), self::output(output))).collect();
            Trigger::Call(CallRecord {
                inputs: some(&trigger.inputs),
                secrets: (!secrets.is_empty()).then_some(secrets),
                outputs: (!outputs.is_empty()).then_some(outputs),
                ..CallRecord::default()
            })
        }
        _ if trigger.filters.is_empty() => Trigger::Bare,
        _ => Trigger::Filter(filter(&trigger.filters)),
    }
}

fn filter(filters: &hir::Map) -> Filter {
    let list = |key: &str| filters.get(key).map(|value| List::Many(items(value)));
    let lines = |key: &str| list(key).map(Lines);
    Filter {
        types: list("types"),
        workflows: list("workflows"),
        names: list("names"),
        versions: list("versions"),
        branches: list("branches"),
        branches_ignore: list("branches-ignore"),
        tags: list("tags"),
        tags_ignore: list("tags-ignore"),
        paths: lines("paths"),
        paths_ignore: lines("paths-ignore"),
        ..Filter::default()
    }
}

/// Filters are texts, however they are spelled: a branch `1.0` is no number.
fn items(value: &Value) -> Vec<Scalar> {
    match &value.kind {
        ValueKind::List(items) => items.iter().map(|item| Scalar::Str(item.spelled())).collect(),
        _ => vec![Scalar::Str(value.spelled())],
    }
}

fn inputs(inputs: &IndexMap<String, Input>, called: bool) -> IndexMap<String, model::Input> {
    let one = |input: &Input| model::Input {
        description: input.description.as_ref().map(values::text),
        deprecation_message: input.deprecated.as_ref().map(values::text),
        required: Some(Scalar::Bool(input.required)).filter(|_| input.required || input.default.is_none()),
        default: input.default.as_ref().map(|value| default(value, &input.of_type)),
        // What people choose from a list, a calling workflow passes as text.
        kind: Some(Scalar::Str(match input.of_type.as_str() {
            "choice" | "environment" if called => "string".to_owned(),
            of_type => of_type.to_owned(),
        })),
        options: (!called && !input.choices.is_empty())
            .then(|| Lines::of(input.choices.iter().map(|choice| Scalar::Str(choice.spelled())))),
        ..model::Input::default()
    };
    inputs.iter().map(|(name, input)| (name.clone(), one(input))).collect()
}

fn default(value: &Value, of_type: &str) -> Scalar {
    match of_type {
        "boolean" | "number" => values::scalar(value),
        _ => Scalar::Str(value.spelled()),
    }
}

fn secret(secret: &hir::SecretInput) -> Secret {
    Secret(Some(SecretRecord {
        description: secret.description.as_ref().map(values::text),
        required: Some(Scalar::Bool(secret.required)),
        ..SecretRecord::default()
    }))
}

fn output(output: &hir::Output) -> Output {
    Output {
        description: output.description.as_ref().map(values::text),
        value: Some(values::text(&output.value)),
        ..Output::default()
    }
}
