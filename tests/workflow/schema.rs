//! The model against GitHub's own schema: a document for every definition, in every form that it allows.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Map, Value, json};

use pipelay::workflow::yaml::{Kind, Map as NodeMap, parse};
use pipelay::workflow::{Workflow, emit};

use super::{left_over, round_trip};
use crate::shared::shared;

/// Definitions that no key of a workflow file has: they describe results at run time, or serve other parsers.
const NOT_IN_FILES: &[&str] = &[
    "boolean-needs-context",
    "boolean-steps-context",
    "job-if-result",
    "number-needs-context",
    "number-steps-context",
    "step-if-result",
    "string-needs-context",
];

struct Schema {
    definitions: Map<String, Value>,
    seen: BTreeSet<String>,
    stack: Vec<String>,
}

impl Schema {
    /// Values of every form that a definition allows; the first is a plain one.
    fn samples(&mut self, name: &str) -> Vec<Value> {
        match name {
            "string" | "any" => return vec![json!("text")],
            "null" => return vec![Value::Null],
            "boolean" => return vec![json!(true), json!(false)],
            "number" => return vec![json!(5)],
            "sequence" => return vec![json!(["text"])],
            "mapping" => return vec![json!({ "key": "text" })],
            _ => {}
        }
        let definition = self.definitions.get(name).unwrap_or_else(|| panic!("no definition {name}")).clone();
        self.seen.insert(name.to_owned());
        if self.stack.iter().filter(|outer| *outer == name).count() > 1 {
            return vec![json!({ "run": "deep" })];
        }
        self.stack.push(name.to_owned());
        let mut all = Vec::new();
        if let Some(values) = definition.get("allowed-values").and_then(Value::as_array) {
            all.extend(values.iter().cloned());
        }
        if let Some(string) = definition.get("string") {
            all.push(string.get("constant").cloned().unwrap_or_else(|| json!("text")));
        }
        for basic in ["boolean", "number", "null"] {
            if definition.get(basic).is_some() {
                all.extend(self.samples(basic));
            }
        }
        for choice in definition.get("one-of").and_then(Value::as_array).into_iter().flatten() {
            all.extend(self.samples(choice.as_str().expect("a name")));
        }
        if let Some(sequence) = definition.get("sequence") {
            let items = self.samples(sequence["item-type"].as_str().expect("a name"));
            all.push(Value::Array(items));
        }
        if let Some(mapping) = definition.get("mapping") {
            self.mappings(mapping, &mut all);
        }
        // Where an expression may stand, it may stand for the whole.
        if definition.get("context").is_some() && !name.ends_with("-if") {
            all.push(json!("${{ fromJSON(github.event.x) }}"));
        }
        self.stack.pop();
        all
    }

    fn mappings(&mut self, mapping: &Value, all: &mut Vec<Value>) {
        let properties = mapping.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let kind = |property: &Value| property.as_str().or_else(|| property["type"].as_str()).expect("a type").to_owned();
        let mut base = Map::default();
        for (key, property) in properties.iter().filter(|(_, property)| property["required"] == json!(true)) {
            base.insert(key.clone(), self.samples(&kind(property)).remove(0));
        }
        for (key, property) in &properties {
            for sample in self.samples(&kind(property)) {
                let mut map = base.clone();
                map.insert(key.clone(), sample);
                all.push(Value::Object(map));
            }
        }
        if let Some(values) = mapping.get("loose-value-type").and_then(Value::as_str) {
            self.samples(mapping["loose-key-type"].as_str().expect("a name"));
            for sample in self.samples(values) {
                let mut map = base.clone();
                map.insert("some-key".to_owned(), sample);
                all.push(Value::Object(map));
            }
        }
    }
}

/// The whole document as raw keys.
fn node_map(text: &str) -> NodeMap {
    match parse(text).expect("YAML").kind {
        Kind::Map(map) => map,
        other => panic!("{other:?}"),
    }
}

fn load() -> Option<Schema> {
    let text = fs::read_to_string(shared("corpus/workflow-v1.0.json")?).expect("schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let definitions = schema["definitions"].as_object().expect("definitions").clone();
    Some(Schema { definitions, seen: BTreeSet::new(), stack: Vec::new() })
}

#[test]
fn every_definition_of_the_schema_is_in_the_model() {
    let Some(mut schema) = load() else { return };
    let names: BTreeSet<String> = schema.definitions.keys().cloned().collect();
    let mut documents = 0;
    let mut failures = Vec::new();
    for root in ["workflow-root-strict", "workflow-root"] {
        for sample in schema.samples(root) {
            documents += 1;
            // JSON is YAML.
            let text = sample.to_string();
            match round_trip(&text) {
                Err(why) => failures.push(why),
                Ok((workflow, emitted)) => {
                    let raw = Workflow { extra: node_map(&text), ..Workflow::default() };
                    if emit(&raw).text != emitted {
                        failures.push(format!("raw keys look different\n{emitted}"));
                    }
                    if root == "workflow-root-strict" && left_over(&workflow) > 0 {
                        failures.push(format!("the model does not know something in\n{emitted}{workflow:?}"));
                    }
                }
            }
        }
    }
    eprintln!("{documents} documents for {} of {} definitions", schema.seen.len(), names.len());
    assert!(failures.is_empty(), "{} failures, the first:\n{}", failures.len(), failures[0]);
    let unseen: Vec<_> = names.difference(&schema.seen).collect();
    assert_eq!(unseen, NOT_IN_FILES.iter().collect::<Vec<_>>(), "definitions without a document");
}

/// Puts `with` in the place of the value of that number, counted in the order of reading; says whether there is one.
fn replace(value: &mut Value, number: &mut usize, with: &Value) -> bool {
    if *number == 0 {
        *value = with.clone();
        return true;
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, number, with)),
        Value::Object(map) => map.values_mut().any(|item| replace(item, number, with)),
        _ => false,
    }
}

#[test]
fn what_the_schema_does_not_allow_is_not_lost() {
    let Some(mut schema) = load() else { return };
    let odd = json!([null, true, 5, "x", "${{ x }}", [], {}, [null], ["x", 1], [{ "k": [] }], { "k": null }, { "run": [1] }]);
    let (mut tried, mut failures) = (0, Vec::new());
    for (turn, sample) in schema.samples("workflow-root-strict").into_iter().enumerate() {
        for (index, with) in odd.as_array().into_iter().flatten().enumerate() {
            // The root itself must stay a mapping.
            for number in [1 + (turn + index) % 7, 1 + (turn * 5 + index) % 19] {
                let mut document = sample.clone();
                if replace(&mut document, &mut number.clone(), with) {
                    tried += 1;
                    failures.extend(round_trip(&document.to_string()).err());
                }
            }
        }
    }
    eprintln!("{tried} documents with a value that does not belong there");
    assert!(failures.is_empty(), "{} of {tried} failures, the first:\n{}", failures.len(), failures[0]);
}
