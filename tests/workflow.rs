//! Workflows: the model holds the whole schema, and what is printed is read the same by everyone.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // tests may read files and say what they skipped
#![allow(clippy::expect_used)] // clippy.toml allows it in tests, but not in what they call

mod corpus;
mod layout;
mod limits;
mod oracle;
mod reading;
mod schema;
mod strings;

use pipelay::workflow::{Workflow, emit, read};
use serde_yaml::Value;

/// The workflow in `text`.
fn workflow(text: &str) -> Workflow {
    let outcome = read(text);
    outcome.value.unwrap_or_else(|| panic!("{:?}\n{text}", outcome.diags))
}

/// What a document says: keys as the strings that GitHub takes them for, no tags.
fn meaning(text: &str) -> Value {
    fn plain(value: Value) -> Value {
        match value {
            Value::Mapping(map) => Value::Mapping(
                map.into_iter()
                    .map(|(key, value)| match key {
                        Value::Number(key) => (Value::String(key.to_string()), plain(value)),
                        Value::Bool(key) => (Value::String(key.to_string()), plain(value)),
                        key => (key, plain(value)),
                    })
                    .collect(),
            ),
            Value::Sequence(items) => Value::Sequence(items.into_iter().map(plain).collect()),
            Value::Tagged(tagged) => plain(tagged.value),
            value => value,
        }
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    plain(serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

/// Reads and emits; the result must mean the same, and be what reading and emitting it again gives.
fn round_trip(text: &str) -> Result<(Workflow, String), String> {
    let first = workflow(text);
    let emitted = emit(&first);
    if meaning(&emitted.text) != meaning(text) {
        return Err(format!("meaning changed\n--- from\n{text}\n--- to\n{}", emitted.text));
    }
    if emit(&workflow(&emitted.text)) != emitted {
        return Err(format!("not idempotent\n{}", emitted.text));
    }
    if emitted.lines.len() != emitted.text.lines().count() {
        return Err(format!("{} lines, {} in the map\n{}", emitted.text.lines().count(), emitted.lines.len(), emitted.text));
    }
    Ok((first, emitted.text))
}

/// How many keys the model did not know, or not in that form: they stay in some `extra`.
fn left_over(workflow: &Workflow) -> usize {
    format!("{workflow:?}").matches("extra: {\"").count()
}
