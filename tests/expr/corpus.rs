//! The expressions that people write: all of them are read, and the checker has little to say of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use pipelay::catalog::contexts::{self, PLACES};
use pipelay::expr::check::{check, check_condition, condition_text};
use pipelay::expr::scope::Scope;
use pipelay::expr::text::hole_end;
use pipelay::expr::{functions, parse};
use serde_json::Value as Json;

use super::{shared, skip};

fn workflows(under: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(under).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let read =
        |path: std::path::PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), std::fs::read_to_string(path).ok()?));
    files.into_iter().filter_map(read).collect()
}

/// The inside of every `${{ }}` of a text.
fn holes(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("${{") {
        let start = at + found + 3;
        let Some(end) = hole_end(text, start) else { break };
        all.push(&text[start..end]);
        at = end + 2;
    }
    all
}

#[test]
fn every_expression_of_the_corpus_is_read() {
    let Some(folder) = shared().map(|shared| shared.join("corpus/workflows")).filter(|folder| folder.is_dir()) else {
        skip("no corpus/workflows in $PIPELAY_SHARED or ../shared");
        return;
    };
    let files = workflows(&folder);
    let mut distinct = BTreeSet::new();
    let mut refused = Vec::new();
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let scope = Scope::new(&contexts::STEP_RUN);
    for (file, text) in &files {
        for hole in holes(text) {
            if !distinct.insert(hole.trim()) {
                continue;
            }
            let outcome = parse(hole);
            let Some(expr) = outcome.value else {
                refused.push(format!("{file}: {hole:?}: {}", outcome.diags[0].message));
                continue;
            };
            assert_eq!(parse(&expr.to_string()).value, Some(expr.clone()), "{file}: {hole}");
            for diag in check(&expr, &scope).diags {
                said.entry(diag.code.id).or_default().insert(diag.message);
            }
        }
    }
    let mut err = std::io::stderr();
    let _ = writeln!(err, "{} files, {} distinct expressions, {} refused:", files.len(), distinct.len(), refused.len());
    for line in &refused {
        let _ = writeln!(err, "  {line}");
    }
    for (code, messages) in &said {
        let _ = writeln!(err, "{code}: {} messages, as {:?}", messages.len(), messages.iter().take(4).collect::<Vec<_>>());
    }
    // What is refused are templates in comments and examples in scripts, not expressions.
    assert!(refused.len() <= 12, "{}", refused.join("\n"));
}

#[test]
fn conditions_of_the_corpus_are_read_where_they_stand() {
    let Some(corpus) = shared().map(|shared| shared.join("corpus")).filter(|folder| folder.is_dir()) else {
        skip("no corpus in $PIPELAY_SHARED or ../shared");
        return;
    };
    let mut count = 0;
    let mut refused = Vec::new();
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in workflows(&corpus.join("workflows")).into_iter().chain(workflows(&corpus.join("older"))) {
        let Ok(workflow) = serde_yaml::from_str::<Json>(&text) else { continue };
        let jobs = workflow["jobs"].as_object().into_iter().flat_map(|jobs| jobs.values());
        for job in jobs {
            let steps = job["steps"].as_array().into_iter().flatten();
            let own = std::iter::once((&contexts::JOB_IF, &job["if"]));
            for (place, condition) in own.chain(steps.map(|step| (&contexts::STEP_IF, &step["if"]))) {
                let Some(condition) = condition.as_str() else { continue };
                count += 1;
                let outcome = condition_text(condition);
                for diag in &outcome.diags {
                    said.entry(diag.code.id).or_default().insert(format!("{file}: {}", diag.message));
                }
                let Some(expr) = outcome.value else {
                    refused.push(format!("{file}: {condition:?}: {}", outcome.diags[0].message));
                    continue;
                };
                for diag in check_condition(&expr, &Scope::new(place)).diags {
                    said.entry(diag.code.id).or_default().insert(format!("{file}: {}", diag.message));
                }
            }
        }
    }
    let mut err = std::io::stderr();
    let _ = writeln!(err, "{count} conditions, {} refused: {refused:#?}", refused.len());
    for (code, messages) in &said {
        let _ = writeln!(err, "{code}: {} messages, as {:#?}", messages.len(), messages.iter().take(6).collect::<Vec<_>>());
    }
    assert!(refused.len() <= 4, "{}", refused.join("\n"));
}

/// Definitions of GitHub's schema that no place of a workflow refers to, or that only shape the matrix of a strategy.
const UNUSED: [&str; 7] = [
    "boolean-needs-context",
    "number-needs-context",
    "string-needs-context",
    "boolean-steps-context",
    "number-steps-context",
    "scalar-needs-context",
    "step-if-result",
];

#[test]
fn the_table_of_contexts_is_githubs() {
    let Some(text) = shared().and_then(|shared| std::fs::read_to_string(shared.join("corpus/workflow-v1.0.json")).ok()) else {
        skip("no corpus/workflow-v1.0.json in $PIPELAY_SHARED or ../shared");
        return;
    };
    let schema: Json = serde_json::from_str(&text).unwrap();
    let mut seen = BTreeSet::new();
    for place in PLACES {
        for name in place.schema {
            seen.insert(*name);
            let listed: Vec<&str> =
                schema["definitions"][name]["context"].as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect();
            let (functions, contexts): (Vec<&str>, Vec<&str>) = listed.iter().partition(|item| item.contains('('));
            assert_eq!(contexts.iter().collect::<BTreeSet<_>>(), place.contexts.iter().collect(), "{name}");
            let functions: BTreeSet<&str> = functions.iter().map(|item| item.split('(').next().unwrap()).collect();
            assert_eq!(functions, place.functions.iter().copied().collect(), "{name}");
            assert!(functions.iter().all(|name| functions::find(name).is_some()), "{name}");
        }
    }
    let definitions = schema["definitions"].as_object().unwrap();
    for (name, _) in definitions.iter().filter(|(_, definition)| definition.get("context").is_some()) {
        assert!(seen.contains(name.as_str()) || UNUSED.contains(&name.as_str()), "`{name}` has no place");
    }
    // Where this compiler refuses expressions, so does GitHub.
    for name in [
        "workflow-name",
        "event-branches",
        "event-paths",
        "cron-pattern",
        "workflow-dispatch-input-default",
        "shell",
        "working-directory",
        "snapshot-mapping",
        "step-uses",
        "non-empty-string",
    ] {
        assert!(definitions.contains_key(name) && definitions[name].get("context").is_none(), "`{name}` takes expressions");
    }
    let events = schema["definitions"]["on-mapping-strict"]["mapping"]["properties"].as_object().unwrap();
    for (event, _) in events {
        assert!(contexts::EVENTS.contains(&event.as_str()), "`{event}` is no event");
    }
}
