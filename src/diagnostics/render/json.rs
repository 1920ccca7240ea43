//! One JSON object a line, as cargo's `--message-format json` prints them: no message is an empty output, and `jq -s .` makes an array.
//!
//! Fields: `severity` (`error`, `warning`, `remark`), `code`, `title`, `message`, `help` (or null), the primary place (`file`, `line`,
//! `column`, `end_line`, `end_column`, `start`, `end`; all null where a message has none) and `labels`, all places with their `text`,
//! the primary first. Lines and columns count from 1, columns in characters; `start` and `end` are bytes of the file; ends are excluded.

use serde_json::{Map, Value, json};

use super::locate::{Located, Place};

/// Every message on a line of its own.
pub(super) fn render(all: &[Located<'_>]) -> String {
    all.iter().flat_map(|located| [object(located).to_string(), "\n".to_owned()]).collect()
}

fn object(located: &Located<'_>) -> Value {
    let diag = located.diag;
    let mut object = Map::default();
    object.insert("severity".into(), json!(diag.severity()));
    object.insert("code".into(), json!(diag.code.id));
    object.insert("title".into(), json!(diag.code.title));
    object.insert("message".into(), json!(diag.message));
    place(&mut object, located.places.first());
    let labels = located.labels().map(|(at, text)| {
        let mut label = Map::default();
        place(&mut label, Some(at));
        label.insert("text".into(), json!(text));
        Value::Object(label)
    });
    object.insert("labels".into(), labels.collect());
    object.insert("help".into(), json!(diag.help));
    Value::Object(object)
}

fn place(object: &mut Map<String, Value>, at: Option<&Place<'_>>) {
    object.insert("file".into(), json!(at.map(|at| at.file)));
    let mut number = |name: &str, number: Option<usize>| object.insert(name.into(), json!(number));
    number("line", at.map(|at| at.line));
    number("column", at.map(|at| at.column));
    number("end_line", at.map(|at| at.end_line));
    number("end_column", at.map(|at| at.end_column));
    number("start", at.map(|at| at.start));
    number("end", at.map(|at| at.end));
}
