//! A drop-in is one file and its lines in a list: the folders are what the lists say, everything is used, documented and tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pipelay::diagnostics::ALL;
use pipelay::syntax::symbols::{KEYWORDS, Keyword, Place};

use crate::compile::{compiled, said};
use crate::library::toolchains_with_a_case;
use crate::shared::{files, spec};

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

/// That two sets are the same; what is only in one of them is shown.
#[track_caller]
fn same(what: &str, there: &BTreeSet<String>, listed: &BTreeSet<String>) {
    let (forgotten, gone): (Vec<_>, Vec<_>) = (there.difference(listed).collect(), listed.difference(there).collect());
    assert!(forgotten.is_empty() && gone.is_empty(), "{what}: not listed {forgotten:?}, listed and not there {gone:?}");
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
    same("codes", &stems("src/diagnostics/codes"), &listed.iter().cloned().collect());
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
fn surveys_are_their_folder() {
    listed("src/init", "static SURVEY: Survey", |stem| format!("&{stem}::SURVEY,"));
}

#[test]
fn the_library_is_its_folder() {
    let listed: BTreeSet<String> = pipelay::catalog::library::ALL.iter().map(|entry| entry.name.to_owned()).collect();
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    same("library", &files("src/catalog/std", "pipe").into_iter().filter_map(stem).collect(), &listed);
}

#[test]
fn the_library_is_tried() {
    use pipelay::catalog::library::{Kind, names};
    let cases: String = files("tests/cases/compile", "pipe").iter().map(|path| read(path)).collect();
    let tried = toolchains_with_a_case() + &cases;
    let forgotten: Vec<&str> = names(Kind::Toolchain).filter(|name| !tried.contains(&format!("toolchain {name}"))).collect();
    assert!(forgotten.is_empty(), "no case in tests/library/toolchains.rs or tests/cases/compile: {forgotten:?}");
    let servers = read(&root().join("tests/services.rs"));
    let cited = |name: &str| read(&root().join(format!("src/catalog/std/{name}.pipe"))).contains("Not in Debian");
    let forgotten: Vec<&str> =
        names(Kind::Service).filter(|name| !servers.contains(&format!("\"{name}")) && !cited(name)).collect();
    assert!(forgotten.is_empty(), "no test in tests/services.rs, and its file does not say `Not in Debian`: {forgotten:?}");
}

#[test]
fn every_pass_can_be_switched_off_and_is_seen_at_work() {
    let seen: BTreeSet<String> = files("tests/cases/compile", "pipe")
        .iter()
        .flat_map(|path| {
            let (spec, facts) = spec(path);
            pipelay::compile(&spec, &facts).ledger.decisions
        })
        .map(|decision| decision.pass.to_owned())
        .collect();
    same(
        "passes in the cases of tests/cases/compile",
        &seen,
        &pipelay::passes::ALL.iter().map(|it| it.name.to_owned()).collect(),
    );
    for pass in pipelay::passes::ALL.iter().filter(|pass| !pass.required) {
        let made = compiled("ci.pipe", &format!("on push\noptimize {{ {} off }}\njob a: make\n", pass.name));
        assert!(said(&made).is_empty(), "{}: {:#?}", pass.name, said(&made));
    }
}

#[test]
fn statements_are_those_of_the_grammar() {
    let grammar = read(&root().join("grammar/pipe.pest"));
    // Frequent ones, and all others.
    let alternatives = |rule: &str| {
        let (_, rest) = grammar.split_once(&format!("\n{rule} = _{{")).unwrap();
        rest.split_once('}').unwrap().0.split('|').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    };
    let is_statement = |name: &String| name != "call" && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let named: BTreeSet<String> = ["statement", "other"].into_iter().flat_map(alternatives).filter(is_statement).collect();
    same("statements of grammar/pipe.pest", &named, &KEYWORDS.iter().map(|symbol| symbol.rule.to_owned()).collect());
}

/// What stands around a statement, for each place that it may stand in.
fn around(place: Place, statement: &str) -> String {
    let job = |inside: &str| format!("on push\njob a {{\n  run make\n{inside}\n}}\n");
    match place {
        Place::File => format!("{statement}\non push\njob b: make\n"),
        Place::Job => format!("on push\njob a {{\n{statement}\n}}\njob b: make\n"),
        Place::Step => job(&format!("step x {{\n{statement}\nrun make\n}}")),
        Place::On => format!("on workflow_call {{\n{statement}\n}}\njob b: make\n"),
        Place::Matrix => job(&format!("matrix {{\n{statement}\n}}")),
        Place::Row => job(&format!("matrix axis {{\n  row {{\n{statement}\n}}\n}}")),
        Place::Uses => format!("on push\njob b {{\nuses ./x.yml {{\n{statement}\n}}\n}}\n"),
        Place::Toolchain => format!("on push\ntoolchain own() {{\n{statement}\n}}\njob b {{ toolchain own; run make }}\n"),
        Place::Service => format!("on push\nservice own() {{\n{statement}\n}}\njob b {{ service own; run make }}\n"),
        Place::Install => {
            format!("on push\ntoolchain own() {{\ninstall {{\n{statement}\n}}\n}}\njob b {{ toolchain own; run make }}\n")
        }
        Place::Checkout => String::new(),
    }
}

#[test]
fn every_statement_is_understood_where_it_may_stand() {
    let mut faults = Vec::new();
    for symbol in KEYWORDS {
        // The usage, where it is a statement as it stands.
        let sample = match symbol.keyword {
            Keyword::On => "on merge_group",
            Keyword::ToolchainDef => "toolchain own(version = 1) { setup { run make } }",
            Keyword::ServiceDef => "service own(version = 1) { image: own }",
            Keyword::Template => "template own(x) { run make }",
            Keyword::Import => continue, // needs a file
            Keyword::Job => "job a { run make }",
            Keyword::Parallel => "parallel { run make }",
            Keyword::Setup => "setup { run make }",
            Keyword::Install => "install { run make }",
            Keyword::Input => "input name: string",
            Keyword::Step => "step x: make",
            _ => symbol.usage,
        };
        let sample = sample.replace(", …", "").replace("{ … }", "{ }");
        for &place in symbol.places {
            let text = around(place, &sample);
            let made = compiled("ci.pipe", &text);
            let wrong = |line: &String| line.contains(" E01");
            faults.extend(said(&made).into_iter().filter(wrong).map(|line| format!("{} {place:?}: {line}\n{text}", symbol.word)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_machine_of_the_table_is_read() {
    let text = read(&root().join("src/catalog/runners.txt"));
    let lines = text.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(pipelay::catalog::runners::ALL.len(), lines, "a line that is not of the columns at the head of the table");
}

/// The verbs of the command line, in the order of its help.
#[cfg(feature = "cli")]
pub(crate) fn verbs() -> Vec<String> {
    let text = read(&root().join("src/cli/mod.rs"));
    text.lines().filter_map(|line| line.trim().split_once('(')?.1.strip_suffix("::Args),").map(str::to_owned)).collect()
}

#[cfg(feature = "cli")]
#[test]
fn every_verb_has_its_file_its_row_and_its_test() {
    let has_args = |stem: &String| read(&root().join("src/cli").join(stem).with_extension("rs")).contains("struct Args");
    let there: BTreeSet<String> = stems("src/cli").into_iter().filter(has_args).collect();
    same("verbs of src/cli", &there, &verbs().into_iter().collect());
    let readme = read(&root().join("README.md"));
    let tests: String =
        stems("tests/cli").iter().map(|stem| read(&root().join("tests/cli").join(stem).with_extension("rs"))).collect();
    let forgotten: Vec<String> = verbs()
        .into_iter()
        .filter(|verb| !readme.contains(&format!("| `pipelay {verb}")) || !tests.contains(&format!("\"{verb}\"")))
        .collect();
    assert!(forgotten.is_empty(), "no row in the README, or no test in tests/cli: {forgotten:?}");
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
