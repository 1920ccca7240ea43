//! The table of well-known actions: well-formed, true of what the compiler itself writes, and made anew from `action.yml` files by
//! `ACTIONS=FOLDER cargo test refresh_the_table -- --ignored`.
//!
//! The folder holds a file for each action and version, `OWNER__REPOSITORY@VERSION__PATH~action.yml`, `/` of the path being `~`:
//! `actions__cache@v6__restore~action.yml`. What a file says takes the place of what the table has of that version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pipelay::catalog::interface::Input;
use pipelay::catalog::known_actions::{Life, TABLE, find, newest};
use pipelay::catalog::library::ALL;
use pipelay::workflow::interface::{Action, of_action};

use crate::shared::files;

/// What the table says of a version: runtime, inputs, outputs, source.
type Facts = [String; 4];

/// By name; then majors by number, and branches.
type Versions = BTreeMap<(String, u32, String), Facts>;

fn key(name: &str, version: &str) -> (String, u32, String) {
    let major = version.strip_prefix('v').and_then(|number| number.parse().ok());
    (name.to_lowercase(), major.unwrap_or(u32::MAX), version.to_owned())
}

/// The remarks at the head of a table, and what it says.
fn read(table: &str) -> (String, Versions) {
    let mut versions = Versions::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [name, known, facts @ ..] = <[&str; 6]>::try_from(columns).unwrap_or_else(|_| panic!("{line}"));
        for version in known.split(' ') {
            let before = versions.insert(key(name, version), facts.map(str::to_owned));
            assert!(before.is_none(), "{line}");
        }
    }
    (table.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect(), versions)
}

/// The table, with versions of the same facts on one line.
fn write(head: &str, versions: &Versions) -> String {
    let mut lines: Vec<(&str, String, &Facts)> = Vec::new();
    for ((name, _, version), facts) in versions {
        match lines.iter_mut().find(|(known, _, same)| known == name && *same == facts) {
            Some((_, all, _)) => *all = format!("{all} {version}"),
            None => lines.push((name, version.clone(), facts)),
        }
    }
    lines.iter().fold(head.to_owned(), |text, (name, known, facts)| text + &format!("{name} | {known} | {}\n", facts.join(" | ")))
}

/// What an `action.yml` says, as the table has it.
fn facts(text: &str, source: &str) -> Facts {
    let Action { interface, deprecated, using } = of_action(text);
    let (Some(inputs), Some(mut outputs)) = (interface.inputs, interface.outputs) else { panic!("no action: {text}") };
    let runtime = match using.as_str() {
        "" => panic!("no action: {text}"),
        "node12" | "node16" => "retired",
        "node20" => "node20",
        _ => "-",
    };
    let mark = |is: bool, mark: &'static str| if is { mark } else { "" };
    let input =
        |(name, input): (String, Input)| format!("{name}{}{}", mark(input.required, "!"), mark(deprecated.contains(&name), "~"));
    let mut inputs: Vec<String> = inputs.into_iter().map(input).collect();
    let column = |names: &mut Vec<String>| {
        names.sort_by_key(|name| name.to_lowercase());
        if names.is_empty() { "-".to_owned() } else { names.join(" ") }
    };
    [runtime.to_owned(), column(&mut inputs), column(&mut outputs), source.to_owned()]
}

/// A table with what those files say, by their names. That an action may set any output no file says: it stays as it is known.
fn refresh(table: &str, actions: &[(String, String)], source: &str) -> String {
    let (head, mut versions) = read(table);
    for (file, text) in actions {
        let named = file.rsplit_once("action.y").map(|(named, _)| named.trim_end_matches('~').replace('~', "/"));
        let parts = named.as_deref().and_then(|named| named.split_once('@'));
        let (repository, (version, path)) =
            parts.and_then(|(repository, rest)| Some((repository, rest.split_once("__")?))).unwrap_or_else(|| panic!("{file}"));
        let name = format!("{}/{path}", repository.replacen("__", "/", 1));
        let name = name.trim_end_matches('/').to_lowercase();
        let mut facts = facts(text, source);
        if versions.iter().any(|((known, ..), [_, inputs, outputs, _])| *known == name && inputs != "?" && outputs == "*") {
            "*".clone_into(&mut facts[2]);
        }
        versions.insert(key(&name, version), facts);
    }
    write(&head, &versions)
}

/// Files by their names.
fn named_texts(paths: &[PathBuf]) -> Vec<(String, String)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn the_table_is_well_formed() {
    let (head, versions) = read(TABLE);
    assert_eq!(write(&head, &versions), TABLE, "sorted, and the same facts on one line");
    let actions: BTreeSet<&str> = versions.keys().map(|(name, ..)| name.as_str()).collect();
    assert!(actions.len() >= 60, "only {}", actions.len());
    for ((name, _, version), [runtime, inputs, ..]) in &versions {
        assert!(["off", "retired", "node20", "-"].contains(&runtime.as_str()), "{name}: {runtime}");
        let known = find(&format!("{name}@{version}"), None).unwrap();
        assert_eq!(known.interface.inputs.is_none(), inputs == "?", "{name}@{version}");
        assert_eq!(known.life == Life::Runs, runtime == "-" || runtime == "node20", "{name}@{version}");
    }
}

#[test]
fn versions_are_found_by_tags() {
    for uses in ["actions/cache@v4", "Actions/Cache@v4.2.0", "actions/cache@4.2", "pypa/gh-action-pypi-publish@release/v1"] {
        assert!(find(uses, None).is_some(), "{uses}");
    }
    for uses in ["actions/cache", "actions/cache@main", "actions/cache@v4-beta", "actions/cach@v4", "actions/cache@v99", "x@v"] {
        assert!(find(uses, None).is_none(), "{uses}");
    }
    let pinned = format!("actions/cache@{}", "0".repeat(40));
    for comment in ["v4.1.2", "v4", "tag=v4.2.0", "pin@v4", "ratchet:actions/cache@v4", "4.2.0", "v4.2.0 until they mend it"] {
        assert_eq!(find(&pinned, Some(comment)), find("actions/cache@v4", None), "{comment}");
    }
    for comment in ["", "main", "4 of them", "v4-beta", "v99", "until v4.2.0"] {
        assert!(find(&pinned, Some(comment)).is_none(), "{comment}");
    }
    assert!(newest("actions/cache") >= Some(6));
    assert_eq!(newest("actions-rs/toolchain"), None);
}

#[test]
fn what_the_library_uses_runs() {
    let words = ALL.iter().flat_map(|entry| entry.text.split_whitespace().map(move |word| (entry.name, word)));
    for (name, uses) in words.filter(|(_, word)| word.contains('@')) {
        assert!(find(uses, None).is_none_or(|known| known.life == Life::Runs), "std/{name}.pipe: {uses}");
    }
}

#[test]
fn files_of_actions_make_the_table_anew() {
    let actions = named_texts(&files("tests/cases/actions", "yml"));
    let old = "# Head\nexample/any | v1 | node20 | a | * | old\nexample/setup | v1 v2 | - | a b! | c | old\n";
    let new = refresh(old, &actions, "2026-11-25");
    assert_eq!(
        new,
        "# Head\n\
         example/any | v1 | node20 | a | * | old\n\
         example/any | v2 | - | - | * | 2026-11-25\n\
         example/setup | v1 | - | a b! | c | old\n\
         example/setup | v2 | retired | cache old~ version! | path | 2026-11-25\n\
         example/setup/restore | v2 | - | - | - | 2026-11-25\n"
    );
    assert_eq!(refresh(&new, &actions, "2026-11-25"), new, "the same files, the same table");
}

#[test]
#[ignore = "writes src/catalog/known_actions.txt from the files in $ACTIONS"]
fn refresh_the_table() {
    let folder = std::env::var("ACTIONS").expect("ACTIONS=FOLDER");
    let source = std::env::var("SOURCE").unwrap_or_else(|_| "action.yml".to_owned());
    let mut actions: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    actions.sort();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/known_actions.txt");
    std::fs::write(&table, refresh(TABLE, &named_texts(&actions), &source)).unwrap();
}

/// A called workflow may ask for no more than its caller may: GitHub refuses the run as it starts.
#[test]
fn what_a_called_workflow_asks_for_is_told_where_the_caller_gives_less() {
    let called = |permissions: &str| {
        format!(
            "on: workflow_call\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n{permissions}    steps:\n      - run: make\n"
        )
    };
    let told = |path: &str, text: String, own: &str| -> Option<String> {
        let facts = pipelay::facts::Facts {
            tracked: Some(vec![path.to_owned()]),
            texts: [(path.to_owned(), text)].into(),
            ..pipelay::facts::Facts::default()
        };
        let uses = path.replace(".pipe", ".yml");
        let text = format!("on push to main\njob a {{\n  uses ./{uses}\n{own}}}\n");
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".to_owned(), text }, &facts);
        assert!(made.yaml.is_some(), "{:#?}", made.diags);
        made.diags.iter().find(|diag| diag.code.id == "W0734").and_then(|diag| diag.help.clone())
    };
    let yml = ".github/workflows/o.yml";
    let writes = "    permissions:\n      contents: write\n      packages: read\n";
    let help = Some("give the job `permissions { contents: write, packages: read }`".to_owned());
    assert_eq!(told(yml, called(writes), ""), help);
    assert_eq!(told(yml, called(writes), "  permissions { contents: write, packages: read }\n"), None);
    assert_eq!(told(yml, called(""), ""), None);
    let spec = "on workflow_call\njob a {\n  permissions { issues: write }\n  run make\n}\n".to_owned();
    let help = Some("give the job `permissions { contents: read, issues: write }`".to_owned());
    assert_eq!(told(".github/workflows/o.pipe", spec, ""), help);
}
