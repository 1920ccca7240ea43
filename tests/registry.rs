//! A drop-in is one file and its lines in a list: the folders are what the lists say, everything is used, documented and tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pipelay::diagnostics::ALL;

use crate::shared::files;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the modules of a folder, without `mod` and tests.
fn stems(folder: &str) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    files(folder, "rs").into_iter().filter_map(stem).filter(|stem| stem != "mod" && !stem.ends_with("tests")).collect()
}

/// All files below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn codes_are_their_folder() {
    let listed: Vec<String> = read(&root().join("src/diagnostics/codes/mod.rs"))
        .lines()
        .filter_map(|line| line.trim().strip_prefix('&')?.strip_suffix("::CODE,").map(str::to_owned))
        .collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), stems("src/diagnostics/codes"));
    assert_eq!(listed.len(), ALL.len());
    for (stem, code) in listed.iter().zip(ALL) {
        assert_eq!(stem.get(..5).map(str::to_uppercase).as_deref(), Some(code.id), "{stem}");
        assert!(stem.as_bytes().get(5) == Some(&b'_'), "{stem}");
    }
    let numbers: Vec<&str> = ALL.iter().map(|code| &code.id[1..]).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "sorted, and each number once: {numbers:?}");
}

#[test]
fn every_code_is_emitted_somewhere() {
    let sources: BTreeMap<PathBuf, String> = below(&root().join("src"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| (path.clone(), read(&path)))
        .collect();
    for stem in stems("src/diagnostics/codes") {
        let used = sources.iter().any(|(path, text)| {
            let own = path.file_stem().is_some_and(|own| own == stem.as_str()) || path.ends_with("codes/mod.rs");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            !own && code.contains(&stem)
        });
        assert!(used, "nothing says {stem}");
    }
}

/// The rows of the list of a folder are those of its files that have `what`; the others support them.
fn listed(folder: &str, what: &str, row: impl Fn(&str) -> String) {
    let folder = root().join(folder);
    let text = read(&folder.join("mod.rs"));
    let mut all = 0;
    for stem in stems(&folder.to_string_lossy()) {
        let has = read(&folder.join(&stem).with_extension("rs")).contains(what);
        assert_eq!(
            text.contains(&row(&stem)),
            has,
            "{}: `{stem}` has `{what}`, or is in the list, and not both",
            folder.display()
        );
        all += usize::from(has);
    }
    assert!(all > 0, "{}: no file has `{what}`", folder.display());
}

#[test]
fn passes_and_checks_are_their_folders() {
    listed("src/passes", "static PASS: Pass", |stem| format!("{stem}::PASS"));
    listed("src/hir/checks", "pub fn check(", |stem| format!("{stem}::check,"));
}

#[test]
fn the_library_is_its_folder() {
    let listed: BTreeSet<String> = pipelay::catalog::library::ALL.iter().map(|entry| entry.name.to_owned()).collect();
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    assert_eq!(listed, files("src/catalog/std", "pipe").into_iter().filter_map(stem).collect());
}

#[cfg(feature = "cli")]
#[test]
fn every_verb_has_its_file() {
    let text = read(&root().join("src/cli/mod.rs"));
    let verbs: BTreeSet<String> =
        text.lines().filter_map(|line| line.trim().split_once('(')?.1.strip_suffix("::Args),").map(str::to_owned)).collect();
    assert!(verbs.contains("compile"), "the list of verbs is not found: {verbs:?}");
    assert!(verbs.is_subset(&stems("src/cli")), "{verbs:?}");
}

#[test]
fn paths_in_the_architecture_exist() {
    let page = root().join("src/ARCHITECTURE.md");
    if !page.exists() {
        return;
    }
    let text = read(&page);
    let missing: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| {
            quoted.contains('/') && quoted.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
        })
        .filter(|path| ["src/", "tests/", "grammar/", "examples/", "snapshots/"].iter().any(|start| path.starts_with(start)))
        .filter(|path| {
            !path.contains("/x.") && !path.contains("_what") && !path.contains("/name.") && !root().join(path).exists()
        })
        .collect();
    assert!(missing.is_empty(), "src/ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn no_snapshot_is_an_orphan() {
    let tests: String = below(&root().join("tests"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| read(&path))
        .collect();
    let mut orphans = Vec::new();
    for path in below(&root().join("snapshots")) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(!name.ends_with(".snap.new"), "not accepted yet: {}", path.display());
        let text = read(&path);
        let header = text.split("\n---\n").next().unwrap_or_default();
        let field = |key: &str| header.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).map(str::to_owned);
        let gone = |field: Option<String>| field.is_some_and(|file| !root().join(file).exists());
        let stem = name.trim_end_matches(".snap");
        // Without an input file the name stands in a test, or is made of the name of a case.
        let named = || {
            tests.contains(stem)
                || below(&root().join("tests")).iter().any(|path| path.file_stem().is_some_and(|case| case == stem))
        };
        let parts = || stem.split('-').all(|part| tests.contains(part));
        if gone(field("source")) || gone(field("input_file")) || field("input_file").is_none() && !named() && !parts() {
            orphans.push(path.display().to_string());
        }
    }
    assert!(orphans.is_empty(), "{orphans:#?}");
}
