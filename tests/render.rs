//! How messages look, in every format.

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::e0101_unknown_statement::unknown_statement;
use pipelay::diagnostics::codes::e0103_unclosed_block::{CODE as UNCLOSED, unclosed_block};
use pipelay::diagnostics::codes::e0108_cannot_read::missing;
use pipelay::diagnostics::codes::w0651_almost_a_hole::CODE as WARNING;
use pipelay::diagnostics::render::{Format, Options, Report, render};
use pipelay::source::{Sources, Span};

const PLAIN: Options = Options { width: 80, color: false, unicode: true };

/// The span of the `nth` time (from 0) that a text has `part`.
fn find(sources: &Sources, index: usize, part: &str, nth: usize) -> Span {
    let source = sources.get(index);
    let at = source.text().match_indices(part).nth(nth).unwrap().0 as u32 + source.base();
    Span::new(at, at + part.len() as u32)
}

fn show(diags: &[Diag], sources: &Sources, format: Format) -> String {
    render(&[Report { diags, sources }], format, &PLAIN)
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/render");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn one(name: &str, text: &str, make: impl Fn(&Sources) -> Diag) {
    let mut sources = Sources::new();
    sources.add("ci.pipe", text);
    snapshot(name, &show(&[make(&sources)], &sources, Format::Human));
}

#[test]
fn one_error_in_every_format() {
    let mut sources = Sources::new();
    sources.add("a dir/ci, 100%.pipe", "job test {\n  npm test\n}\n");
    let diags = [unknown_statement("npm", None, find(&sources, 0, "npm", 0))];
    let formats = [("human", Format::Human), ("json", Format::Json), ("github", Format::Github), ("sarif", Format::Sarif)];
    for (name, format) in formats {
        snapshot(&format!("one-{name}"), &show(&diags, &sources, format));
    }
}

#[test]
fn labels_in_two_files() {
    let mut sources = Sources::new();
    sources.add("ci.pipe", "import \"common.pipe\"\n\njob a {\n  build(1)\n}\n");
    sources.add("common.pipe", "template build(x) {\n  run make %{x\n}\n");
    let diag = Diag::new(&WARNING, "`%{x` is almost a hole")
        .label(find(&sources, 1, "%{x", 0), "no `}` follows")
        .label(find(&sources, 1, "build", 0), "in this template")
        .label(find(&sources, 0, "build(1)", 0), "used here")
        .help("close it: `%{x}`");
    snapshot("two-files-human", &show(std::slice::from_ref(&diag), &sources, Format::Human));
    snapshot("two-files-github", &show(&[diag], &sources, Format::Github));
}

#[test]
fn tabs_and_wide_characters() {
    one("tab-and-wide", "job a {\n\t名前 npm\ttest\n}\n", |it| unknown_statement("npm", None, find(it, 0, "npm", 0)));
}

#[test]
fn end_of_file_without_newline() {
    one("end-of-file", "job a {\n  run x", |it| unclosed_block(find(it, 0, "{", 0), it.get(0).span().tail()));
}

#[test]
fn an_empty_file() {
    one("empty", "", |it| Diag::new(&UNCLOSED, "the file is empty").label(it.get(0).span(), "nothing here"));
}

#[test]
fn several_lines_and_crlf() {
    one("several-lines", "job a {\r\n  run x\r\n  run y\r\n}\r\n", |it| {
        Diag::new(&UNCLOSED, "a block")
            .label(find(it, 0, "{\r\n  run x\r\n  run y", 0), "this block")
            .label(find(it, 0, "job", 0), "of this")
    });
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let mut sources = Sources::new();
    sources.add("ci.pipe", "a\x1b[31mb\u{202e}c\rd\n");
    let diag = unknown_statement("a\x1b[31mb\u{202e}c", None, find(&sources, 0, "d", 0));
    let text = show(&[diag], &sources, Format::Human);
    assert!(!text.contains(['\x1b', '\r', '\u{202e}']), "{text:?}");
    snapshot("control-characters", &text);
}

#[test]
fn ascii_is_ascii_and_colour_is_only_colour() {
    let mut sources = Sources::new();
    sources.add("ci.pipe", format!("job a {{\n  npm test {}\n", "x".repeat(200)));
    let diags = [unknown_statement("npm", Some("run"), find(&sources, 0, "npm", 0)), missing("x.pipe", None)];
    let draw = |options| render(&[Report { diags: &diags, sources: &sources }], Format::Human, &options);
    assert!(draw(Options { unicode: false, ..PLAIN }).is_ascii());
    let coloured = draw(Options { color: true, ..PLAIN });
    let stripped: String =
        coloured.split('\x1b').enumerate().map(|(n, part)| if n == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
    assert_eq!(stripped, draw(PLAIN));
}

#[test]
fn a_line_of_ten_megabytes_is_clipped() {
    let mut sources = Sources::new();
    let word = "wörd ".repeat(2_000_000);
    sources.add("ci.pipe", format!("{word}\nrun\n"));
    let diags: Vec<_> = (0..100)
        .map(|n| {
            unknown_statement(&word, None, Span::new(n * 100_002, n * 100_002 + 4)).label(find(&sources, 0, "run", 0), "and")
        })
        .collect();
    let human = show(&diags, &sources, Format::Human);
    assert!(human.lines().all(|line| line.chars().count() <= 100), "{human}");
    assert!(human.len() < 2_000 * diags.len());
    // Machines get places, not the text.
    let mut short = diags;
    for diag in &mut short {
        diag.message = "long".into();
    }
    assert!(show(&short, &sources, Format::Sarif).contains("\"startColumn\": 83336"), "columns count characters");
}

#[test]
fn labels_anywhere_do_not_panic() {
    let text = "job ü {\r\n\t\x00run 中文\n\n\n}\r\nx";
    let mut sources = Sources::new();
    sources.add("a", text);
    sources.add("b", "");
    let last = sources.get(1).span().end + 2;
    for start in 0..=last {
        for end in start..=last {
            let diag = Diag::new(&UNCLOSED, "x")
                .label(Span::new(start, end), "a")
                .label(Span::new(end, end), "b")
                .label(Span::new(3, 4), "");
            for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
                for width in [0, 80] {
                    let report = Report { diags: std::slice::from_ref(&diag), sources: &sources };
                    let text = render(&[report], format, &Options { width, ..PLAIN });
                    assert!(!text.contains("Failed to read"), "{start}..{end}: {text}");
                }
            }
        }
    }
}
