//! The README is true: each of its blocks is compiled, compared or run.
//!
//! | block | promise |
//! | --- | --- |
//! | `pipe` | compiles without errors; where no event or job is in it, one is put around it |
//! | `pipe job` | the same, as the inside of a job, beside jobs `lint` and `build` |
//! | `yaml` | lines of what the block before it compiles to, in order |
//! | `console` | commands behind `$ `, run one after the other in one repository, and what they print |
//! | `sh` | commands that `.ci/run` runs too |
//! | `yaml pre-commit` | the configuration that `tests/cli/hooks.rs` commits with |
//!
//! A line `…` or `# …` stands for lines that are left out, `…` at the end of a line for its rest.

use std::path::Path;
use std::process::Command;

use pipelay::facts::Facts;
use pipelay::{Spec, compile};

use crate::compile::{compiled, said_but_pins};

/// A fenced block.
struct Block {
    kind: String,
    line: usize,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blocks() -> Vec<Block> {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, text) in text.lines().enumerate() {
        match (text.strip_prefix("```"), open) {
            (Some(kind), false) => blocks.push(Block { kind: kind.to_owned(), line: line + 1, text: String::new() }),
            (None, true) => blocks.last_mut().unwrap().text.extend([text, "\n"]),
            _ => {}
        }
        open ^= text.starts_with("```");
    }
    blocks
}

/// The text of the one block of a kind.
pub(crate) fn block(kind: &str) -> String {
    let mut found = blocks().into_iter().filter(|block| block.kind == kind);
    match (found.next(), found.next()) {
        (Some(block), None) => block.text,
        _ => panic!("not one block of `{kind}`"),
    }
}

/// Whether `actual` has the lines of `shown`, in order, with gaps only where `shown` has `…`. `anywhere`: it may begin and end anywhere.
fn shows(shown: &str, actual: &str, anywhere: bool) -> Result<(), String> {
    let actual: Vec<&str> = actual.lines().collect();
    let (mut at, mut gap, mut shown) = (0, anywhere, shown.lines().peekable());
    while let Some(line) = shown.next() {
        if matches!(line.trim(), "…" | "# …") {
            gap = true;
            continue;
        }
        // All lines up to the next gap follow one another.
        let mut piece = vec![line];
        while let Some(next) = shown.next_if(|next| !matches!(next.trim(), "…" | "# …")) {
            piece.push(next);
        }
        let alike = |shown: &str, actual: &str| match shown.strip_suffix('…') {
            Some(start) => actual.starts_with(start),
            None => shown == actual,
        };
        let fits = |from: usize| piece.iter().enumerate().all(|(n, line)| actual.get(from + n).is_some_and(|it| alike(line, it)));
        let last = if gap { actual.len() } else { at };
        let found = (at..=last).find(|&from| fits(from));
        at = found.ok_or_else(|| format!("not there, in this order:\n{}\n", piece.join("\n")))? + piece.len();
        gap = false;
    }
    if gap || anywhere || at == actual.len() { Ok(()) } else { Err(format!("more follows: {:?}", &actual[at..])) }
}

/// A block as a whole spec.
fn whole(block: &Block) -> String {
    if block.kind == "pipe job" {
        let run = if block.text.contains("\n  run ") { "" } else { "  run make\n" };
        return format!(
            "on push, pull_request, workflow_dispatch\njob lint: true\njob build {{\n  writes dist/\n  run make\n}}\njob example {{\n{}{run}}}\n",
            block.text
        );
    }
    let has = |start: &str| block.text.lines().any(|line| line.trim_start().starts_with(start));
    format!(
        "{}{}{}",
        block.text,
        if has("on ") { "" } else { "\non push\n" },
        if has("job ") { "" } else { "\njob example: make\n" }
    )
}

#[test]
fn specs_compile_and_become_what_is_shown() {
    let mut yaml = String::new();
    let mut count = 0;
    for block in blocks() {
        if block.kind.starts_with("pipe") {
            let text = whole(&block);
            // What a spec asks about the repository needs one.
            let tracked = text.contains("exists(").then(|| vec!["Makefile".to_owned()]);
            let facts = Facts { tracked, ..Facts::default() };
            let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &facts);
            let said = said_but_pins(&made);
            assert!(said.is_empty(), "README.md:{}: {said:#?}", block.line);
            yaml = made.yaml.unwrap();
            count += 1;
        } else if block.kind == "yaml" {
            shows(&block.text, &yaml, true).unwrap_or_else(|why| panic!("README.md:{}: {why}{yaml}", block.line));
        }
    }
    assert!(count > 10, "{count} specs");
}

#[test]
fn the_size_of_the_first_output_is_as_said() {
    let first = blocks().into_iter().find(|block| block.kind == "pipe").unwrap();
    let lines = compiled("ci.pipe", &whole(&first)).yaml.unwrap().lines().count();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&format!("a workflow of {lines} lines")), "{lines} lines");
}

#[test]
fn sessions_print_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path();
    let workflows = repository.join(".github/workflows");
    std::fs::create_dir_all(&workflows).unwrap();
    std::fs::copy(root().join("examples/web-app.pipe"), workflows.join("ci.pipe")).unwrap();
    for name in ["package.json", "package-lock.json"] {
        std::fs::write(repository.join(name), "{}\n").unwrap();
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_pipelay")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let run = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec 2>&1; {line}")]).current_dir(repository).env("COLUMNS", "100");
        // What is measured in it is of November 2026, and not old.
        command.env("SOURCE_DATE_EPOCH", "1795910400");
        command.env("PATH", format!("{}:{path}", binary.display()));
        for name in ["NO_COLOR", "RUST_BACKTRACE", "GIT_DIR", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    run("git init -q && git add .");
    for block in blocks().into_iter().filter(|block| block.kind == "console") {
        for session in block.text.split("$ ").skip(1) {
            let (line, shown) = session.split_once('\n').unwrap();
            let printed = run(line);
            shows(shown, &printed, false).unwrap_or_else(|why| panic!("README.md:{}: `{line}`: {why}{printed}", block.line));
        }
    }
}

#[test]
fn commands_are_those_of_ci() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    for block in blocks().into_iter().filter(|block| block.kind == "sh") {
        for line in block.text.lines() {
            assert!(ci.contains(line), "README.md:{}: `.ci/run` does not run `{line}`", block.line);
        }
    }
}

#[test]
fn every_block_is_of_a_known_kind() {
    for block in blocks() {
        let known = ["pipe", "pipe job", "yaml", "yaml pre-commit", "console", "sh"];
        assert!(known.contains(&block.kind.as_str()), "README.md:{}: {}", block.line, block.kind);
    }
}

#[test]
fn links_lead_somewhere() {
    for name in ["README.md", "src/ARCHITECTURE.md"] {
        let file = root().join(name);
        let text = std::fs::read_to_string(&file).unwrap();
        let anchors: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-"))
            .map(|line| line.chars().filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_')).collect())
            .collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            match link.strip_prefix('#') {
                Some(anchor) => assert!(anchors.iter().any(|it| it == anchor), "{name}: #{anchor}: {anchors:?}"),
                None if link.starts_with("https://") => {}
                None => assert!(file.parent().unwrap().join(link).exists(), "{name}: {link}"),
            }
        }
    }
}

#[test]
fn the_statements_of_the_language_are_all_there() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    for symbol in pipelay::syntax::symbols::KEYWORDS {
        // In a table or a sentence, or at the start of a line of an example.
        let word = symbol.word;
        let told =
            text.contains(&format!("`{word}")) || text.lines().any(|line| line.trim_start().split(' ').next() == Some(word));
        assert!(told, "`{word}` is not explained");
    }
    for name in pipelay::catalog::library::ALL.iter().flat_map(|entry| entry.defines) {
        assert!(text.contains(&format!("| `{name}` |")), "{name} is not listed");
    }
    for pass in pipelay::passes::ALL {
        assert!(text.contains(&format!("| `{}` |", pass.name)), "{} is not listed", pass.name);
    }
}

#[test]
fn each_threat_names_a_test_that_exists() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let chapter = readme.split("\n## Security\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let rows: Vec<&str> = chapter.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 7, "{rows:#?}");
    for row in rows {
        let (modules, name) = row.rsplit('`').nth(1).and_then(|path| path.rsplit_once("::")).unwrap_or_else(|| panic!("{row}"));
        let path = root().join("tests").join(modules.replace("::", "/")).with_extension("rs");
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(source.contains(&format!("fn {name}(")), "{row}: no such test in {}", path.display());
    }
}
