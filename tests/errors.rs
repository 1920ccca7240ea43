//! What is said at a fault: one case each, in `cases/errors`. The name of a case begins with the codes that it must give, `E0102_what.pipe`
//! or `E0101_E0401_what.pipe`; there is no other error. The snapshot shows the message as an author sees it.

use std::collections::BTreeSet;

use pipelay::diagnostics::render::{Format, Options, Report, render};
use pipelay::diagnostics::{ALL, Severity};

use crate::codes::compiled_with_facts;
use crate::compile::said;
use crate::shared::files;

/// The codes in the name of a case.
fn wanted(name: &str) -> BTreeSet<String> {
    let parts = name.split('_').take_while(|part| part.len() == 5 && part[1..].bytes().all(|byte| byte.is_ascii_digit()));
    parts.map(str::to_owned).collect()
}

#[test]
fn every_case_gives_the_codes_in_its_name_and_reads_well() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/errors");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut faults = Vec::new();
    settings.bind(|| {
        insta::glob!("cases/errors", "*.pipe", |path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(path).unwrap();
            let wanted = wanted(&name);
            let made = compiled_with_facts(&text, wanted.first().map_or("", String::as_str));
            let errors = made.diags.iter().filter(|diag| diag.severity() == Severity::Error || wanted.contains(diag.code.id));
            let given: BTreeSet<String> = errors.map(|diag| diag.code.id.to_owned()).collect();
            if given != wanted || wanted.is_empty() {
                faults.push(format!("{name}: {:#?}", said(&made)));
            }
            let report = Report { diags: &made.diags, sources: &made.sources };
            insta::assert_snapshot!("human", render(&[report], Format::Human, &Options::default()));
        });
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The lines of a spec that a syntax error points to.
fn faulty_lines(made: &pipelay::Compilation) -> BTreeSet<usize> {
    let syntax = made.diags.iter().filter(|diag| diag.code.id.starts_with("E01") && diag.code.id != "E0113");
    syntax.map(|diag| made.sources.find(diag.span()).unwrap().line_column(diag.span().start).0).collect()
}

/// A line in which the statement around `column` is what a help offers, where it offers one.
fn mended(line: &str, column: usize, help: &str) -> Option<String> {
    let offered = help.rsplit('`').nth(1).filter(|_| !help.starts_with("it is written"))?;
    let word =
        offered.split([' ', ':']).next().filter(|word| word.starts_with(char::is_alphabetic) && word.len() < offered.len())?;
    let start = line.get(..column)?.rfind(word).or_else(|| line[column..].starts_with(word).then_some(column))?;
    // To the end of the statement, in a block on one line.
    let inside = !line[..start].trim().is_empty();
    let end = line[start..].find([';', '}']).filter(|_| inside).map_or(line.trim_end().len(), |length| start + length);
    let opens = end == line.trim_end().len() && line.trim_end().ends_with('{') && !offered.contains("; …");
    let offered = if opens { offered.replace("{ … }", "{") } else { offered.replace('…', "run x") };
    Some(format!("{}{offered} {}", &line[..start], &line[end..]))
}

#[test]
fn what_a_help_offers_for_a_line_is_well_formed() {
    let mut tried = 0;
    let mut faults = Vec::new();
    for path in files("tests/cases/errors", "pipe") {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let made = compiled_with_facts(&text, "");
        for diag in made.diags.iter().filter(|diag| diag.code.id == "E0102") {
            let (line, column) = made.sources.find(diag.span()).unwrap().line_column(diag.span().start);
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let mended = diag.help.as_deref().and_then(|help| mended(&lines[line - 1], column - 1, help));
            let Some(mended) = mended else { continue };
            tried += 1;
            lines[line - 1].clone_from(&mended);
            if faulty_lines(&compiled_with_facts(&(lines.join("\n") + "\n"), "")).contains(&line) {
                faults.push(format!("{name}: {mended}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 40, "only {tried}");
}

/// Codes without a case, and why.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("E0107", "bytes that are no UTF-8 are seen by the reader of files: tests/cli"),
    ("E0108", "about reading files: tests/cli"),
    ("E0109", "needs 16 MiB"),
    ("E0110", "needs a hundred faults: `garbage_is_cut_short`"),
    ("E0346", "about a file beside the spec: tests/cli/plan.rs"),
    ("E0351", "about a server: tests/cli/fetch.rs"),
    ("E0502", "needs 21,000 characters: tests/workflow/limits.rs"),
    ("E0503", "what the language allows is caught before, by E0212: tests/workflow/limits.rs"),
    ("W0504", "needs 500 KB: tests/workflow/limits.rs"),
    ("E0505", "needs 26 inputs: tests/workflow/limits.rs"),
    ("E0506", "about YAML that is read: tests/workflow/reading.rs"),
    ("E0507", "about YAML that is read: tests/cases/import"),
    ("E0508", "about YAML that is read: tests/cases/import"),
    ("E0509", "about YAML that is read: tests/cases/import"),
    ("E0510", "a gap of ours, where there is one: tests/import.rs"),
    ("W0511", "about YAML that is read: tests/cases/import"),
    ("W0512", "about YAML that is read: tests/cases/import"),
    ("R0711", "about the committed workflow: tests/cli"),
    ("E0712", "about another file: tests/cli"),
    ("E0713", "about another file: tests/cli"),
    ("R0714", "about the committed workflow: tests/cli"),
    ("E0715", "about a server: tests/cli"),
    ("E0716", "about a server: tests/cli"),
    ("E0717", "about a server: tests/cli"),
    ("W0718", "about a server: tests/cli"),
    ("R0749", "about several files: tests/cli/files.rs"),
    ("W0719", "about another file: tests/cli"),
    ("E0738", "about a server: tests/cli/images.rs"),
    ("E0740", "about another program: tests/cli/lock.rs"),
    ("E0742", "about another file: tests/cli/lock.rs"),
    ("E0801", "about files: tests/cli"),
    ("E0802", "about files: tests/cli"),
    ("E0803", "about files: tests/cli"),
    ("E0804", "about files: tests/cli"),
    ("E0805", "about files: tests/cli"),
    ("E0806", "about files: tests/cli"),
    ("E0820", "about files: tests/cli/hooks.rs"),
    ("E0821", "about a repository: tests/cli/past.rs"),
    ("E0822", "about a command: tests/cli/past.rs"),
];

#[test]
fn every_code_has_a_case() {
    let names = files("tests/cases/errors", "pipe");
    let names: Vec<String> = names.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    let covered: BTreeSet<String> = names.iter().flat_map(|name| wanted(name)).collect();
    for code in ALL {
        let excepted = WITHOUT_CASE.iter().any(|(id, _)| *id == code.id);
        assert!(covered.contains(code.id) != excepted, "{}: a case, or a reason in `WITHOUT_CASE`, and not both", code.id);
    }
    let unknown: Vec<_> = covered.iter().filter(|id| ALL.iter().all(|code| code.id != *id)).collect();
    assert!(unknown.is_empty(), "cases for codes that do not exist: {unknown:?}");
}

#[test]
fn garbage_is_cut_short() {
    let made = compiled_with_facts(&"frobnicate\n".repeat(200), "");
    let last = made.diags.last().map(|diag| diag.code.id);
    assert!(made.diags.iter().any(|diag| diag.code.id == "E0110"), "{last:?}");
    assert!(made.diags.len() <= 102, "{}", made.diags.len());
}

#[test]
fn one_run_reports_everything() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/cases/errors/E0101_E0207_E0301_E0302_E0306_E0401_E0402_E0608_many.pipe"
    ))
    .unwrap();
    let made = compiled_with_facts(&text, "");
    assert_eq!(made.diags.len(), 8, "{:#?}", said(&made));
    let lines: BTreeSet<usize> =
        made.diags.iter().map(|diag| made.sources.find(diag.span()).unwrap().line_column(diag.span().start).0).collect();
    assert_eq!(lines.len(), 8, "{lines:?}");
}
