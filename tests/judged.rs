//! What the compiler emits: every example and every case of `tests/cases/compile`, as a snapshot to read and as files that GitHub's own
//! parser and other validators take: those of `tests/judge.mjs`, and more where `../shared` is there.
//!
//! A case is a spec in `tests/cases/compile`; its snapshot shows it with what it compiles to. `# Files: a, b` at its head says what the
//! repository tracks; `# Refused by: actionlint` names the validators that do not know yet what GitHub does.

use std::path::{Path, PathBuf};
use std::process::Command;

use pipelay::{Compilation, compile};
use serde_json::Value;

use crate::compile::said;
use crate::shared::{files, remark, shared, spec, tool};

/// The validators of `tests/judge.mjs`. `zizmor-load`: zizmor can read it; what it finds then is another matter.
const OWN: &str = "gh-parser,gh-langsvc,actionlint,json-schema,zizmor-load";
/// What they need.
pub(crate) const JUDGE: &str = "node_modules/@actions/languageservice";
/// What `../shared` has beside these: readers of YAML.
const MORE: &str = "yaml-1.2,js-yaml,ruamel-1.2,pyyaml-1.1";

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
        let mut said = said(&made(&path));
        // Digests of images are a registry's to tell, and none of an example may be made up.
        said.retain(|line| !line.contains("R0722"));
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

/// The lines of JSON that validators print. They end with 1 where they refuse something.
fn verdicts(validators: &mut Command) -> Vec<Value> {
    let output = validators.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// What the validators of `tests/judge.mjs` say.
pub(crate) fn judged(files: &[PathBuf]) -> Vec<Value> {
    verdicts(Command::new("node").arg(root().join("tests/judge.mjs")).args(files))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
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
    tool(JUDGE).is_some()
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
    let mut verdicts = judged(&files(&workflows.to_string_lossy(), "yml"));
    let mut judges = OWN.split(',').count();
    if let Some(judge) = shared("judge/judge") {
        verdicts.extend(self::verdicts(Command::new(judge).args(["--oracles", MORE, "--no-shellcheck"]).arg(&workflows)));
        judges += MORE.split(',').count();
    }
    assert_eq!(verdicts.len(), made.len() * judges, "{verdicts:#?}");
    let refused = verdicts.iter().filter(|verdict| verdict["ok"] == false).filter_map(|verdict| {
        let name = verdict["file"].as_str()?.rsplit('/').next()?.strip_suffix(".yml")?;
        let by = verdict["oracle"].as_str()?;
        Some((name.to_owned(), by.to_owned(), format!("{by}: {}", verdict["errors"])))
    });
    let mut refused: Vec<_> = refused.collect();
    refused.sort();
    refused
}

#[test]
fn a_judge_that_is_asked_refuses_what_is_wrong() {
    if tool(JUDGE).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let wrong = [
        file("key.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n    steps:\n      - run: make\n"),
        file("action.yml", "name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - run: make\n"),
        file("text.yml", "on: [push\n"),
    ];
    for verdict in judged(&wrong) {
        // zizmor reads an action without a shell, and a workflow with one key more.
        assert!(verdict["ok"] == false || verdict["oracle"] == "zizmor-load", "{verdict:#}");
    }
}

#[test]
fn our_own_workflows_and_action_are_as_good() {
    let (Some(_), Some(zizmor)) = (tool(JUDGE), tool("bin/zizmor")) else { return };
    let mut own = files(".github/workflows", "yml");
    let specs = files(".github/workflows", "pipe").len();
    assert_eq!(own.len(), specs);
    own.push(root().join("action.yml"));
    let verdicts = judged(&own);
    assert_eq!(verdicts.len(), specs * OWN.split(',').count() + 3);
    let refused: Vec<&Value> = verdicts.iter().filter(|verdict| verdict["ok"] == false).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let args = ["--offline", "--no-progress", "--no-config", "--no-exit-codes", "--format=json"];
    let audit = Command::new(zizmor).args(args).args(&own).output().unwrap();
    let found: Vec<Value> = serde_json::from_slice(&audit.stdout).unwrap();
    // `$/` in place of `./` is for the newest runners alone, and refused by actionlint where no path follows.
    let found: Vec<&Value> = found.iter().filter(|it| it["ident"] != "self-repository").collect();
    assert!(found.is_empty(), "{found:#?}");
}
