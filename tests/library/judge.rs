//! What the library becomes, before the validators of `tests/judge.mjs`, and more where `../shared` is there.

use std::path::PathBuf;
use std::process::Command;

use super::{compiled_in, servers, toolchains};
use crate::judged::{JUDGE, judged};
use crate::shared::{oracle, shared, tool};

/// What `../shared` has beside these: readers of YAML; and `ShellCheck`, for the commands are ours.
const MORE: &str = "yaml-1.2,js-yaml,ruamel-1.2,pyyaml-1.1,shellcheck";

#[test]
fn validators_find_nothing() {
    if tool(JUDGE).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, yaml: Option<&str>| {
        std::fs::write(folder.path().join(name).with_extension("yml"), yaml.unwrap()).unwrap();
    };
    for case in toolchains::CASES {
        write(case.name, case.compiled().yaml.as_deref());
    }
    for (name, spec) in servers::specs() {
        write(&format!("service-{name}"), compiled_in(&spec, &[], &[]).yaml.as_deref());
    }
    let files: Vec<PathBuf> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let verdicts = judged(&files);
    assert!(verdicts.len() >= files.len(), "{verdicts:#?}");
    let refused: Vec<_> = verdicts.iter().filter(|verdict| verdict["ok"] == false).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let Some(judge) = shared("judge/judge") else { return };
    let mut run = Command::new(&judge);
    run.args(["--oracles", MORE, "--gate", MORE, "--bad-only"]).args(files).env("ORACLE_HOME", oracle());
    let output = run.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    eprintln!("{}", said.lines().last().unwrap_or_default());
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
