//! A broken file: one error for each fault, and all the rest is kept.

use pipelay::diagnostics::{Diag, Severity};
use pipelay::source::{Source, Span};
use pipelay::syntax::ast::{File, ItemKind, Kind, Quote};

use pipelay::{Spec, compile};

use crate::shared::{facts, files, shared_files};

/// The spec as one file alone, its tree, and the errors of all phases.
fn parse(text: &str) -> (Source, File, Vec<Diag>) {
    let made = compile(&Spec { path: "test.pipe".to_owned(), text: text.to_owned() }, &facts(text));
    let source = made.sources.iter().find(|source| source.name() == "test.pipe").unwrap().clone();
    // `${ x }}` is the shell's to refuse, so it is only a warning; it is what comes of a brace too few.
    let counts = |diag: &Diag| diag.severity() == Severity::Error || diag.code.id == "W0651";
    let errors = made.diags.into_iter().filter(counts).collect();
    (source, made.ast, errors)
}

/// What identifies a top-level statement: its text without what a fault inside it would change.
fn statements(source: &Source, file: &File) -> Vec<String> {
    let name = |item: &pipelay::syntax::ast::Item| match &item.kind {
        ItemKind::Statement(statement) => match &statement.kind {
            Kind::Job { name, .. } | Kind::Definition { name, .. } | Kind::Let { name, .. } => {
                format!("{} {}", statement.keyword.word(), name.text.as_str())
            }
            _ => source.slice(item.span).lines().next().unwrap_or_default().to_string(),
        },
        _ => source.slice(item.span).to_string(),
    };
    file.body.items.iter().map(name).collect()
}

#[test]
fn five_mistakes_in_five_statements_give_five_errors() {
    let (source, file, diags) = parse(
        r#"workflow "CI
on push
let x 3
job a {
  needs a b
  timeout "5m
  run npm test
}
job b!d {
  run npm test
}
frobnicate the { widget
job c: npm run lint
"#,
    );
    let found: Vec<_> = diags.iter().map(|diag| (diag.code.id, source.line_column(diag.span().start))).collect();
    let expected =
        [("E0105", (1, 10)), ("E0102", (3, 7)), ("E0102", (5, 11)), ("E0105", (6, 11)), ("E0102", (9, 6)), ("E0101", (12, 1))];
    assert_eq!(found, expected);
    assert_eq!(statements(&source, &file), ["on push", "job a", "job c"]);
}

/// Removes `range` and says what came of it: at least one error where `must` says so, at most three, and every statement that the
/// removed text was no part of is still there.
fn damage(what: &str, text: &str, range: std::ops::Range<usize>, must: bool, faults: &mut Vec<String>) {
    let (before_source, before, _) = parse(text);
    let damaged = format!("{}{}", &text[..range.start], &text[range.end..]);
    let (source, file, diags) = parse(&damaged);
    let line = text[..range.start].lines().count();
    let mut fault = |why: String| faults.push(format!("{what}, line {line}, without `{}`: {why}", text[range.clone()].trim()));
    let messages: Vec<_> = diags.iter().map(|diag| format!("{} {}", diag.code.id, diag.message)).collect();
    if must && diags.is_empty() {
        fault("no error".into());
    }
    if diags.len() > 3 {
        fault(format!("{} errors: {messages:?}", diags.len()));
    }
    let kept = statements(&source, &file);
    for (item, name) in before.body.items.iter().zip(statements(&before_source, &before)) {
        let base = before_source.base() as usize;
        let touched = item.span.start as usize - base < range.end && range.start <= item.span.end as usize - base;
        if !touched && !kept.contains(&name) {
            fault(format!("loses `{name}`: {messages:?}"));
        }
    }
}

/// Whether a byte is the language's own: not the shell's, a comment's, or part of what a string says.
fn is_syntax(text: &str, verbatim: &[Span], strings: &[Span], at: usize) -> bool {
    let inside = |span: &Span| {
        (span.start as usize) < at && at + 1 < span.end as usize && !text[..at].ends_with("${") && !text[..at].ends_with('$')
    };
    let said = strings.iter().any(inside) && (text[at..].starts_with(['"', '\'']) || text[..at].ends_with('%'));
    let own = !said && !verbatim.iter().any(|span| (span.start as usize) <= at && at < span.end as usize);
    let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    own && !text[line_start..at].contains("# ") && !text[line_start..].starts_with('#')
}

#[test]
fn deleting_any_line_brace_or_quote_costs_one_statement() {
    let mut faults = Vec::new();
    for path in files("examples", "pipe").into_iter().chain(shared_files("language", "pipe")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let what = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut verbatim = Vec::new();
        let (source, file, _) = parse(&text);
        let local = |at: u32| at - source.base();
        let mut strings = Vec::new();
        pipelay::syntax::visit_words(&file, &mut |word, command| {
            let span = Span::new(local(word.span.start), local(word.span.end));
            match word.quote {
                Quote::Bare if !command => {}
                Quote::Bare | Quote::Raw { .. } => verbatim.push(span),
                Quote::Double | Quote::Single => strings.push(span),
            }
        });
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let code = line.trim();
            let must = code.ends_with(" {") || code == "}" || code.starts_with("} else");
            damage(
                &what,
                &text,
                start..start + line.len(),
                must && is_syntax(&text, &verbatim, &strings, start + line.find(code).unwrap_or(0)),
                &mut faults,
            );
            start += line.len();
        }
        for (at, _) in text.match_indices(['{', '}', '"', '\'']) {
            damage(&what, &text, at..at + 1, is_syntax(&text, &verbatim, &strings, at), &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
