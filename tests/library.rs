//! The standard library, through the real compiler: what each toolchain and service becomes, in any repository.

mod judge;
mod own;
mod refused;
mod servers;
mod toolchains;

use pipelay::facts::Facts;
use pipelay::{Compilation, Spec, compile};

use crate::compile::{said, said_but_pins};

/// All that the cases of toolchains write.
pub(crate) fn toolchains_with_a_case() -> String {
    toolchains::CASES.iter().map(|case| case.uses).collect::<Vec<_>>().join("\n")
}

/// Compiles a spec for a repository that tracks these files, imports included.
fn compiled_in(text: &str, tracked: &[&str], imports: &[(&str, &str)]) -> Compilation {
    let mut tracked: Vec<String> = tracked.iter().map(ToString::to_string).collect();
    tracked.sort();
    let texts = imports.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    compile(
        &Spec { path: "ci.pipe".to_owned(), text: text.to_owned() },
        &Facts { tracked: Some(tracked), texts, ..Facts::default() },
    )
}

/// What a spec says is wrong with it, where nothing is known of the repository.
fn complaints(text: &str) -> Vec<String> {
    said(&crate::compile::compiled("ci.pipe", text))
}

/// The workflow, where there is nothing to complain of.
#[track_caller]
fn yaml(made: &Compilation) -> &str {
    assert!(said_but_pins(made).is_empty(), "{:#?}", said(made));
    made.yaml.as_deref().unwrap()
}

/// The block below the first line that is `key`, without its indent.
fn below(yaml: &str, key: &str) -> String {
    let mut lines = yaml.lines().skip_while(|line| line.trim() != key);
    let indent = lines.next().map_or(0, |line| line.len() - line.trim_start().len());
    let inside = |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
    let block: Vec<&str> = lines.take_while(inside).map(|line| line.get(indent + 2..).unwrap_or_default()).collect();
    block.join("\n").trim_end().to_owned()
}

/// Whether a block has that line, at any depth, also as the first of an item.
fn has_line(block: &str, wanted: &str) -> bool {
    block.lines().any(|line| {
        let line = line.trim();
        line == wanted || line.strip_prefix("- ") == Some(wanted)
    })
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/library");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
