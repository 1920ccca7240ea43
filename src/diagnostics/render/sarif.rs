//! SARIF 2.1.0, for GitHub's code scanning and other collectors: one run, the codes that occur as its rules.

use serde_json::{Value, json};

use super::locate::{Located, Place};
use crate::diagnostics::{ALL, Code, Severity};

/// One document, also where there is nothing to say: an empty run closes what an earlier one reported.
pub(super) fn render(all: &[Located<'_>]) -> String {
    let rules: Vec<&Code> =
        ALL.iter().copied().filter(|code| all.iter().any(|located| located.diag.code.id == code.id)).collect();
    let results: Vec<Value> = all.iter().map(|located| result(located, &rules)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pipelay",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "help": { "text": code.page.trim(), "markdown": code.page.trim() },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn result(located: &Located<'_>, rules: &[&Code]) -> Value {
    let diag = located.diag;
    let mut text = diag.message.clone();
    if let Some(help) = &diag.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let physical = |at: &Place<'_>| {
        json!({
            "artifactLocation": { "uri": uri(at.file), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column },
        })
    };
    let locations: Vec<Value> = located
        .labels()
        .take(1)
        .map(|(at, label)| json!({ "physicalLocation": physical(at), "message": { "text": label } }))
        .collect();
    let related: Vec<Value> = located
        .labels()
        .enumerate()
        .skip(1)
        .map(|(id, (at, label))| json!({ "id": id, "physicalLocation": physical(at), "message": { "text": label } }))
        .collect();
    json!({
        "ruleId": diag.code.id,
        "ruleIndex": rules.iter().position(|code| code.id == diag.code.id),
        "level": level(diag.severity()),
        "message": { "text": text },
        "locations": locations,
        "relatedLocations": related,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Remark => "note",
    }
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
