//! What the compiler emits: every example and every case of `tests/cases/compile`, as a snapshot to read and as files that GitHub's own
//! parser and eight other validators take.
//!
//! A case is a spec in `tests/cases/compile`; its snapshot shows it with what it compiles to. `# Files: a, b` at its head says what the
//! repository tracks; `# Refused by: actionlint` names the validators that do not know yet what GitHub does.

use std::path::{Path, PathBuf};
use std::process::Command;

use pipelay::{Compilation, compile};
use serde_json::Value;

use crate::compile::said;
use crate::shared::{files, remark, shared, spec, tool};

/// The validators that decide. `zizmor-load`: zizmor can read it; what it finds then is another matter.
const GATE: &str = "gh-parser,gh-langsvc,actionlint,json-schema,zizmor-load,yaml-1.2,js-yaml,ruamel-1.2,pyyaml-1.1";

fn specs() -> Vec<PathBuf> {
    files("examples", "pipe").into_iter().chain(files("tests/cases/compile", "pipe")).collect()
}

fn made(path: &Path) -> Compilation {
    let (spec, facts) = spec(path);
    compile(&spec, &facts)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn nothing_is_to_be_said_of_an_example() {
    for path in files("examples", "pipe") {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("# ") && !remark(&text, "Files").is_empty(),
            "{}: says what it shows, and where",
            path.display()
        );
        let said = said(&made(&path));
        assert!(said.is_empty(), "{}: {said:#?}", path.display());
    }
}

#[test]
fn every_case_has_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/compile");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let cases = files("tests/cases/compile", "pipe");
    for path in &cases {
        let made = made(path);
        let mut text = std::fs::read_to_string(path).unwrap();
        text.push_str("\n----------\n");
        text.extend(said(&made).iter().flat_map(|line| [line, "\n"]));
        // The header is the same in all of them.
        text.push_str(made.yaml.as_deref().and_then(|yaml| yaml.split_once("\n\n")).map_or("", |(_, body)| body));
        settings.bind(|| insta::assert_snapshot!(stem(path), text));
    }
    let mut snapshots: Vec<_> = files("snapshots/compile", "snap").iter().map(|path| stem(path)).collect();
    snapshots.retain(|name| !cases.iter().any(|case| stem(case) == *name));
    assert!(snapshots.is_empty(), "snapshots of cases that are gone: {snapshots:?}");
}

#[test]
fn validators_find_nothing() {
    if !validators() {
        return;
    }
    let made = specs().into_iter().map(|path| {
        let yaml = made(&path).yaml.unwrap_or_else(|| panic!("{}: {:#?}", path.display(), said(&made(&path))));
        (path, yaml)
    });
    let made: Vec<(PathBuf, String)> = made.collect();
    let named: Vec<(String, String)> = made.iter().map(|(path, yaml)| (stem(path), yaml.clone())).collect();
    let refused = refused(&named);
    let mut wrong = Vec::new();
    for (path, _) in &made {
        let of_it = refused.iter().filter(|(name, ..)| *name == stem(path));
        let by: Vec<&str> = of_it.clone().map(|(_, by, _)| by.as_str()).collect();
        if by != remark(&std::fs::read_to_string(path).unwrap(), "Refused by") {
            let why: String = of_it.map(|(_, _, why)| format!("  {why}\n")).collect();
            wrong.push(format!("{}: refused by {}\n{why}", stem(path), by.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the validators are here.
pub(crate) fn validators() -> bool {
    shared("judge/judge").is_some() && tool("node_modules/@actions/languageservice").is_some()
}

/// Which workflows, named and as text, are refused, by which validator and why; all of them are judged by all.
pub(crate) fn refused(made: &[(String, String)]) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let workflows = folder.path().join(".github/workflows");
    std::fs::create_dir_all(&workflows).unwrap();
    // actionlint follows a called workflow in what looks like a repository.
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    for (name, yaml) in made {
        std::fs::write(workflows.join(format!("{name}.yml")), yaml).unwrap();
    }
    let judge = shared("judge/judge").expect("the validators");
    let output = Command::new(judge).args(["--oracles", GATE, "--no-shellcheck"]).arg(&workflows).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() < Some(2), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    let verdicts: Vec<Value> = stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(verdicts.len(), made.len() * GATE.split(',').count(), "{stdout}");
    let refused = verdicts.iter().filter(|verdict| verdict["ok"] == false).filter_map(|verdict| {
        let name = verdict["file"].as_str()?.rsplit('/').next()?.strip_suffix(".yml")?;
        let by = verdict["oracle"].as_str()?;
        Some((name.to_owned(), by.to_owned(), format!("{by}: {}", verdict["errors"])))
    });
    let mut refused: Vec<_> = refused.collect();
    refused.sort();
    refused
}
