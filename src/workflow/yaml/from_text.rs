//! From text to tree, by `serde_yaml`. Comments and positions are lost on this way.

use serde_yaml::Value;

use super::{Kind, Map, Node};

/// The document, or what is wrong with it and at which byte.
pub fn parse(text: &str) -> Result<Node, (String, usize)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_yaml::from_str::<Value>(body) {
        Ok(value) => Ok(node(value)),
        Err(error) => Err((error.to_string(), error.location().map_or(0, |at| at.index()) + text.len() - body.len())),
    }
}

fn node(value: Value) -> Node {
    Node::new(match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(value),
        Value::Number(number) => Kind::Num(spelling(&number)),
        Value::String(text) => Kind::Str(text),
        Value::Sequence(items) => Kind::Seq(items.into_iter().map(node).collect()),
        Value::Mapping(map) => {
            let mut entries = Map::default();
            for (key, value) in map {
                entries.insert(key_text(key), node(value));
            }
            Kind::Map(entries)
        }
        // GitHub knows no tags of one's own.
        Value::Tagged(tagged) => return node(tagged.value),
    })
}

/// Keys of a workflow are strings: GitHub takes `3.10` before a colon for `"3.1"`.
fn key_text(key: Value) -> String {
    match node(key).kind {
        Kind::Str(text) | Kind::Num(text) => text,
        Kind::Bool(value) => value.to_string(),
        Kind::Null | Kind::Seq(_) | Kind::Map(_) => String::new(),
    }
}

/// A number as YAML 1.1 and 1.2 both read it: with a dot before and a sign in an exponent.
fn spelling(number: &serde_yaml::Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let dot = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{mantissa}{dot}e{sign}{exponent}")
}
