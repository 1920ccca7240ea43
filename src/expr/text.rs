//! A text with `${{ }}` in it, in pieces.
//!
//! A hole ends at the first `}}` outside a string: `${{ '}}' }}` is one hole. What looks like a hole and is none (`${ github.ref }`,
//! `{{ github.ref }}`, `$ {{ github.ref }}`) is pointed out, since GitHub leaves it in the text as it stands.

use super::{Expr, parse};
use crate::catalog::contexts;
use crate::diagnostics::codes::{e0607_unclosed_hole as unclosed, w0651_almost_a_hole as almost};
use crate::diagnostics::{Diag, Outcome};
use crate::source::Span;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text that stays as it is.
    Text {
        /// Where it stands.
        span: Span,
        /// What it says.
        text: String,
    },
    /// `${{ … }}`
    Hole {
        /// Where it stands, braces included.
        span: Span,
        /// What it asks for; none where that is malformed.
        expr: Option<Expr>,
    },
}

/// The pieces of `text`, in order. Spans are byte offsets into it.
pub fn split(text: &str) -> Outcome<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut diags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("${{") {
        let start = at + found;
        push_text(text, at, start, &mut pieces, &mut diags);
        let Some(end) = hole_end(text, start + 3) else {
            diags.push(not_closed(text, start));
            return Outcome { value: pieces, diags };
        };
        let inner = parse(&text[start + 3..end]);
        let shift = |span: Span| span.shifted(start as u32 + 3);
        diags.extend(inner.diags.into_iter().map(|diag| diag.map_spans(shift)));
        let expr = inner.value.map(|expr| expr.map_spans(&shift));
        pieces.push(Piece::Hole { span: range(start, end + 2), expr });
        at = end + 2;
    }
    push_text(text, at, text.len(), &mut pieces, &mut diags);
    Outcome { value: pieces, diags }
}

/// A text with holes as GitHub understands it where it wants one expression: `a-${{ b }}` is `format('a-{0}', b)`. None where a hole is malformed.
pub fn as_format(text: &str) -> Option<String> {
    let mut pattern = String::new();
    let mut arguments = Vec::new();
    for piece in split(text).value {
        match piece {
            Piece::Text { text, .. } => {
                pattern.push_str(&text.replace('{', "{{").replace('}', "}}").replace('\'', "''").replace('\n', " "));
            }
            Piece::Hole { span, expr } => {
                pattern.extend(["{", &arguments.len().to_string(), "}"]);
                expr.as_ref()?;
                arguments.push(one_line(text.get(span.start as usize + 3..span.end as usize - 2)?.trim()));
            }
        }
    }
    Some(format!("format('{pattern}', {})", arguments.join(", ")))
}

/// The lines of an expression as one; those of its strings stay.
pub fn one_line(text: &str) -> String {
    let piece = |(index, piece): (usize, &str)| {
        if index % 2 == 1 || !piece.contains('\n') {
            return piece.to_owned();
        }
        let lines: Vec<&str> = piece.split('\n').collect();
        let last = lines.len() - 1;
        let inner = lines.iter().enumerate().map(|(at, line)| match at {
            0 => line.trim_end(),
            _ if at == last => line.trim_start(),
            _ => line.trim(),
        });
        inner
            .enumerate()
            .filter(|(at, line)| *at == 0 || *at == last || !line.is_empty())
            .map(|(_, line)| line)
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.split('\'').enumerate().map(piece).collect::<Vec<_>>().join("'")
}

/// Whether there is a hole in it.
pub fn has_hole(text: &str) -> bool {
    text.contains("${{")
}

/// The well-formed expressions of a text, each with its place in it, braces included.
pub fn holes(text: &str) -> Vec<(Span, Expr)> {
    let pieces = if has_hole(text) { split(text).value } else { Vec::new() };
    let hole = |piece| match piece {
        Piece::Hole { span, expr } => Some((span, expr?)),
        Piece::Text { .. } => None,
    };
    pieces.into_iter().filter_map(hole).collect()
}

/// The expression of a text that is one hole and nothing else but blanks around it.
pub fn sole_hole(pieces: &[Piece]) -> Option<&Expr> {
    let mut holes = pieces.iter().filter(|piece| !matches!(piece, Piece::Text { text, .. } if text.trim().is_empty()));
    match (holes.next(), holes.next()) {
        (Some(Piece::Hole { expr, .. }), None) => expr.as_ref(),
        _ => None,
    }
}

/// The length of the hole that `text` begins with, braces included; none where it is never closed.
pub fn hole_length(text: &str) -> Option<usize> {
    hole_end(text, 3).map(|end| end + 2)
}

/// The byte at which the `}}` of a hole stands whose inside begins at `from`.
pub fn hole_end(text: &str, from: usize) -> Option<usize> {
    let mut quoted = false;
    let inside = text.get(from..)?;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && inside[at..].starts_with("}}") => return Some(from + at),
            _ => {}
        }
    }
    None
}

/// Where the holes of a text end. To ask for each hole anew takes the square of its length, where many are never closed.
#[derive(Debug)]
pub struct Closers {
    /// Where each `}}` stands: those with an even number of quotes before them, and the others.
    braces: [Vec<usize>; 2],
    quotes: Vec<usize>,
}

impl Closers {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let (mut braces, mut quotes) = ([Vec::new(), Vec::new()], Vec::new());
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'\'' => quotes.push(at),
                b'}' if text[at..].starts_with("}}") => braces[quotes.len() % 2].push(at),
                _ => {}
            }
        }
        Self { braces, quotes }
    }

    /// The same as [`hole_end`].
    pub fn hole_end(&self, from: usize) -> Option<usize> {
        // Outside of quotes is where as many quotes stand before, two by two, as at the beginning.
        let before = self.quotes.partition_point(|quote| *quote < from);
        let braces = &self.braces[before % 2];
        braces.get(braces.partition_point(|at| *at < from)).copied()
    }
}

fn range(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn push_text(text: &str, start: usize, end: usize, pieces: &mut Vec<Piece>, diags: &mut Vec<Diag>) {
    if start < end {
        near_misses(text, start, end, diags);
        pieces.push(Piece::Text { span: range(start, end), text: text[start..end].to_owned() });
    }
}

fn not_closed(text: &str, start: usize) -> Diag {
    let rest = &text[start + 3..];
    if let Some(brace) = rest.find('}').filter(|&brace| !rest[..brace].contains('\'')) {
        let at = start + 3 + brace;
        return unclosed::one_brace(range(start, start + 3), range(at, at + 1));
    }
    // With quotes left out there is an end: so a quote is what swallowed it.
    match rest.find('\'').filter(|_| rest.contains("}}")) {
        Some(quote) => unclosed::in_string(range(start, start + 3), range(start + 3 + quote, start + 4 + quote)),
        None => unclosed::unclosed_hole(range(start, start + 3)),
    }
}

/// The contexts that no template language and no shell has under this name; `env`, `vars`, `inputs` and `job` are common words.
const TELLING: [&str; 7] = ["github", "matrix", "needs", "steps", "secrets", "runner", "strategy"];

/// Openers, each with the closer that makes it look like a hole, and the contexts that make it surely meant as one: where two braces close
/// what one opened, any.
const LOOKALIKES: [(&str, &str, &[&str]); 4] =
    [("$ {{", "}}", &TELLING), ("{{", "}}", &TELLING), ("${", "}}", contexts::CONTEXTS), ("${", "}", &TELLING)];

fn near_misses(text: &str, start: usize, end: usize, diags: &mut Vec<Diag>) {
    let mut at = start;
    // Up to where nothing closes each kind: to look again at every opener would take the square of a line.
    let mut unclosed = [start; LOOKALIKES.len()];
    while let Some(found) = text[at..end].find(['$', '{']) {
        let place = at + found;
        at = place + 1;
        let part = &text[place..end];
        for (kind, (opener, closer, contexts)) in LOOKALIKES.into_iter().enumerate() {
            let Some(inside) = part.strip_prefix(opener).filter(|_| place >= unclosed[kind]) else { continue };
            let inner = inside.trim_start();
            let telling = contexts.iter().any(|name| inner.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
            if !telling {
                continue;
            }
            let line = inside.split('\n').next().unwrap_or_default();
            let Some(close) = line.find(closer) else {
                unclosed[kind] = place + opener.len() + line.len();
                continue;
            };
            let length = opener.len() + close + closer.len();
            diags.push(almost::almost_a_hole(&part[..length], inside[..close].trim(), range(place, place + length)));
            at = place + length;
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Closers, Piece, hole_end, sole_hole, split};

    fn shown(text: &str) -> String {
        let outcome = split(text);
        let mut all: Vec<String> = Vec::new();
        for piece in &outcome.value {
            all.push(match piece {
                Piece::Text { text, .. } => format!("{text:?}"),
                Piece::Hole { expr: Some(expr), .. } => format!("[{expr} @ {:?}]", expr.span),
                Piece::Hole { .. } => "[?]".to_owned(),
            });
        }
        all.extend(outcome.diags.iter().map(|diag| format!("{} {:?}", diag.code.id, diag.span())));
        all.join(" ")
    }

    #[test]
    fn holes_are_found_and_strings_in_them_respected() {
        for (text, pieces) in [
            ("", ""),
            ("plain }} text", r#""plain }} text""#),
            ("a ${{ b }}c", r#""a " [b @ 6..7] "c""#),
            ("${{ '}}' }}", "[\'}}\' @ 4..8]"),
            ("${{a}}${{b}}", "[a @ 3..4] [b @ 9..10]"),
            ("${{ a b }}", "[?] E0601 6..7"),
            ("${{ }}", "[?] E0605 3..4"),
            ("x ${{ a", r#""x " E0607 2..5"#),
            ("x ${{ a }", r#""x " E0607 2..5"#),
            ("${{ it's }}", "E0607 0..3"),
        ] {
            assert_eq!(shown(text), pieces, "{text}");
        }
    }

    #[test]
    fn all_ends_at_once_are_the_ends_one_by_one() {
        for text in ["a }} b", "'}}' }}", "}'}}'}}}", "'a'' }} ' }}", "", "x'y'z'}}"] {
            let closers = Closers::of(text);
            for from in 0..=text.len() {
                assert_eq!(closers.hole_end(from), hole_end(text, from), "{text} from {from}");
            }
        }
    }

    #[test]
    fn near_misses_are_told_from_shell_and_templates() {
        for text in ["${ github.ref }", "${github.ref}", "{{ github.ref }}", "$ {{ matrix.os }}", "$({{ github.sha }})"] {
            assert!(shown(&format!("echo {text}")).contains("W0651"), "{text}");
        }
        for text in [
            "${GITHUB_REF}",
            "{{ .Values.x }}",
            "${x:-{{}}}",
            "$(echo github.ref)",
            "{{ site.title }}",
            "${{ github.ref }}",
            "%{github.x}",
        ] {
            assert!(!shown(&format!("echo {text}")).contains("W0651"), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_one_hole_has_its_expression() {
        assert!(sole_hole(&split(" ${{ a }} ").value).is_some());
        assert!(sole_hole(&split("${{ a }}x").value).is_none());
        assert!(sole_hole(&split("x").value).is_none());
    }
}
