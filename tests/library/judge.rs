//! What the library becomes, before every validator of `../shared/judge`, in one batch.

use std::path::PathBuf;
use std::process::Command;

use super::{compiled_in, servers, toolchains};
use crate::shared::shared;

/// Those that decide; and `ShellCheck`, for the commands are ours.
const ORACLES: &str = "gh-parser,gh-langsvc,actionlint,json-schema,zizmor-load,yaml-1.2,js-yaml,ruamel-1.2,pyyaml-1.1,shellcheck";

#[test]
fn validators_find_nothing() {
    let home = std::env::var_os("ORACLE_HOME").map_or_else(|| PathBuf::from("/tmp/oracle"), PathBuf::from);
    let Some(judge) = shared("judge/judge").filter(|_| home.join("venv/bin/python").exists()) else {
        eprintln!("note: ../shared/judge or {} is not here: the library is not judged", home.display());
        return;
    };
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
    let mut run = Command::new(&judge);
    run.args(["--oracles", ORACLES, "--gate", ORACLES, "--bad-only"]).args(files).env("ORACLE_HOME", &home);
    let output = run.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    eprintln!("{}", said.lines().last().unwrap_or_default());
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
