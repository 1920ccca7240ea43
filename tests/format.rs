//! The formatter changes layout and nothing else, and has nothing to say about its own output.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // tests may read files

mod generate;
mod normal;

use pipelay::diagnostics::has_errors;
use pipelay::source::{Source, Sources};
use pipelay::syntax;
use proptest::prelude::*;

use crate::shared::{files, shared_files};

fn source(text: &str) -> Source {
    let mut sources = Sources::new();
    let index = sources.add("test.pipe", text);
    sources.get(index).clone()
}

fn format(text: &str) -> Option<String> {
    syntax::format(&source(text)).value
}

/// The text without the indentation that is the formatter's: not that of lines inside a command or a raw block. Not always a spec: a
/// raw block has to be deeper than its first line, and so has an expression.
fn flattened(text: &str) -> String {
    let source = source(text);
    let mut kept = Vec::new();
    syntax::visit_words(&syntax::parse(&source).value, &mut |word, command| {
        if command || matches!(word.quote, syntax::ast::Quote::Raw { .. }) {
            kept.push(source.local(word.span.start)..source.local(word.span.end));
        }
    });
    let mut out = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let inside = kept.iter().any(|range| range.start < at && at < range.end);
        out.push_str(if inside { line } else { line.trim_start_matches([' ', '\t']) });
        at += line.len();
    }
    out
}

/// Everything that holds for every text; the formatted text.
fn check(text: &str) -> Result<String, String> {
    let parsed = syntax::parse(&source(text));
    if has_errors(&parsed.diags) {
        return match format(text) {
            None => Ok(String::new()),
            Some(out) => Err(format!("broken, and formatted all the same\n{out}")),
        };
    }
    let out = format(text).ok_or("not formatted")?;
    let again = format(&out).ok_or_else(|| format!("not a spec any more: {:?}\n{out}", syntax::parse(&source(&out)).diags))?;
    if again != out {
        return Err(format!("not idempotent\n--- once\n{out}\n--- twice\n{again}"));
    }
    // The same tree, comments and all.
    let (before, after) = (normal::of(parsed.value), normal::of(syntax::parse(&source(&out)).value));
    if before != after {
        let differs = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        return Err(format!("says something else: {differs:?}\n{out}"));
    }
    let windows = text.replace("\r\n", "\n").replace('\n', "\r\n");
    if format(&windows).as_deref() != Some(&out) {
        return Err(format!("CRLF: {:?}\n--- LF\n{out}", format(&windows)));
    }
    if out.lines().any(|line| line.contains('\r')) || !(out.is_empty() || out.ends_with('\n')) {
        return Err(format!("line ends: {out:?}"));
    }
    if let Some(flattened) = format(&flattened(text)).filter(|flattened| *flattened != out) {
        return Err(format!("depends on indentation\n--- indented\n{out}\n--- flattened\n{flattened}"));
    }
    Ok(out)
}

#[test]
fn specs_keep_their_meaning() {
    for path in files("examples", "pipe").into_iter().chain(shared_files("language", "pipe")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let out = check(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        // A spec that was written with care is hardly touched.
        let changed = similar(&text, &out);
        eprintln!("{}: {changed} of {} lines changed", path.display(), text.lines().count());
        assert!(changed * 5 <= text.lines().count(), "{}: {changed} lines changed\n{out}", path.display());
    }
}

/// How many lines of `before` are not in `after`.
fn similar(before: &str, after: &str) -> usize {
    let mut left: Vec<&str> = after.lines().collect();
    let kept =
        before.lines().filter(|line| left.iter().position(|other| other == line).map(|at| left.remove(at)).is_some()).count();
    before.lines().count() - kept
}

#[test]
fn cases() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/format");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in files("tests/cases/format", "pipe") {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let out = check(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(!out.is_empty(), "{name} has syntax errors: {:?}", syntax::parse(&source(&text)).diags);
        settings.bind(|| insta::assert_snapshot!(name, format!("{}\n----- formatted\n{out}", text.trim_end())));
    }
}

#[test]
fn comments_stay_in_order() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/format/comments.pipe")).unwrap();
    let comments = |text: &str| {
        text.lines().filter_map(|line| line.find('#').map(|at| line[at..].trim_end().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(comments(&text), comments(&format(&text).unwrap()));
}

#[test]
fn what_is_broken_is_not_formatted() {
    for text in ["job a {", "on push to", "let x = \"\\q\"", "}"] {
        let outcome = syntax::format(&source(text));
        assert!(outcome.value.is_none() && has_errors(&outcome.diags), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text_go() {
    assert_eq!(format("").as_deref(), Some(""));
    assert_eq!(format("\n \n\n").as_deref(), Some(""));
    assert_eq!(format("\u{feff}\r\non push").as_deref(), Some("on push\n"));
    assert_eq!(format("# only this").as_deref(), Some("# only this\n"));
    // A backslash at the end of a line would take the next line into the command.
    assert_eq!(format("job a { run x \\ }\non push").as_deref(), Some("job a: x \\ \non push\n"));
}

#[test]
fn an_operator_without_its_last_part_takes_nothing_in() {
    check("job a {\n  when a && ; run x\n  when b ||\n   \n  needs c\n  keep d when e &&\n\n  # f\n}").unwrap();
}

#[test]
fn deep_nesting_takes_no_long_time() {
    for (start, open, close) in [
        ("", "when a { ", " }"),
        ("", "matrix a { b { ", " } }"),
        ("", "matrix x: { ", " }"),
        ("let x = ", "[{ a: ", " }]"),
        ("", "for x in [a] {\n", "\n}"),
    ] {
        let core = if start.is_empty() { "memo" } else { "k" };
        let text = format!("{start}{}{core}{}", open.repeat(24), close.repeat(24));
        let out = check(&text).unwrap_or_else(|fault| panic!("{text}\n{fault}"));
        assert!(!out.is_empty(), "{text}: {:?}", syntax::parse(&source(&text)).diags);
    }
}

/// Half a spec is often still one, and an odd one.
#[test]
fn what_is_left_of_a_spec_keeps_its_meaning() {
    let own = files("tests/cases/format", "pipe").into_iter().chain(files("examples", "pipe")).map(|path| (path, 1));
    for (path, step) in own.chain(shared_files("language", "pipe").into_iter().map(|path| (path, 5))) {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for index in (0..lines.len()).step_by(step) {
            let [before, after] = [&lines[..index], &lines[index + 1..]].map(<[&str]>::concat);
            let joined = format!("{before}{} {after}", lines[index].trim_end());
            for text in [format!("{before}{after}"), joined] {
                check(&text).unwrap_or_else(|fault| panic!("{}, line {}: {fault}", path.display(), index + 1));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_spec_keeps_its_meaning(text in generate::spec()) {
        prop_assert!(!has_errors(&syntax::parse(&source(&text)).diags), "the generator made no spec: {:?}\n{}", syntax::parse(&source(&text)).diags, text);
        if let Err(fault) = check(&text) {
            prop_assert!(false, "{fault}\n--- from\n{text}");
        }
    }
}
