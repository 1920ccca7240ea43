//! Specs compile: to a workflow that reads back as itself, the same on every run and with either line ending.

use pipelay::diagnostics::has_errors;
use pipelay::facts::Facts;
use pipelay::{Compilation, Spec, compile};

use crate::shared::{facts, files, shared_files};

/// Compiles a text as the spec `path`, in a repository of which nothing is known.
pub(crate) fn compiled(path: &str, text: &str) -> Compilation {
    compile(&Spec { path: path.to_owned(), text: text.to_owned() }, &Facts::default())
}

/// What was said, one line each.
pub(crate) fn said(made: &Compilation) -> Vec<String> {
    let place = |diag: &pipelay::diagnostics::Diag| {
        made.sources.find(diag.span()).map_or_else(String::new, |file| {
            let (line, column) = file.line_column(diag.span().start);
            format!("{}:{line}:{column}: ", file.name())
        })
    };
    made.diags.iter().map(|diag| format!("{}{} {}", place(diag), diag.code.id, diag.message)).collect()
}

/// The same without what is said of actions whose commits are not known, and of images without digests, where a text is about something else.
pub(crate) fn said_but_pins(made: &Compilation) -> Vec<String> {
    said(made).into_iter().filter(|line| !line.contains("W0710 ") && !line.contains("R0722 no digest")).collect()
}

#[test]
fn every_example_compiles() {
    for path in files("examples", "pipe") {
        let text = std::fs::read_to_string(&path).unwrap();
        let facts = facts(&text);
        let in_its_repository = |text: String| compile(&Spec { path: "ci.pipe".to_owned(), text }, &facts);
        let made = in_its_repository(text.clone());
        assert!(made.yaml.is_some(), "{}: {:#?}", path.display(), said(&made));
        let again = in_its_repository(text.replace('\n', "\r\n"));
        assert_eq!(made.yaml, again.yaml, "{}: CRLF changes the output", path.display());
    }
}

#[test]
fn the_specs_of_the_language_compile() {
    for path in shared_files("language", "pipe") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let made = compiled(&name, &std::fs::read_to_string(&path).unwrap());
        // Two jobs of `release.pipe` ask for an axis that their matrix does not have.
        let expected = name == "release.pipe";
        assert_eq!(has_errors(&made.diags), expected, "{name}: {:#?}", said(&made));
        if expected {
            // An action of its restores a cache by itself, which is remarked.
            let told: Vec<String> = said(&made).into_iter().filter(|line| !line.contains("R0731")).collect();
            assert_eq!(told.len(), 1, "{told:#?}");
            assert!(told[0].contains("E0610 `matrix` has no `manylinux`"));
        }
    }
}
