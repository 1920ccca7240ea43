//! What quotes stand for: escapes, and raw blocks with their indent taken away.

use super::ast::{Quote, Word};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0111_unknown_escape::unknown_escape;
use crate::diagnostics::codes::e0112_mixed_indent::mixed_indent;
use crate::source::Span;
use crate::text::Text;

/// More wrong escapes than this are not listed: it is no text with escapes at all.
const MAX_DIAGS: usize = 1000;

/// `"…"`, quotes included, beginning at `start`.
pub(super) fn double(written: &str, start: u32, diags: &mut Vec<Diag>) -> Word {
    let span = Span::new(start, start + written.len() as u32);
    let inner = written.get(1..written.len() - 1).unwrap_or_default();
    let mut text = Text::default();
    let mut rest = inner;
    let mut at = start + 1;
    text.push("", Span::new(at, at));
    while let Some(slash) = find_escape(rest) {
        text.push(&rest[..slash], Span::new(at, at + slash as u32));
        let (value, taken) = escape(&rest[slash..]);
        let here = Span::new(at + slash as u32, at + (slash + taken) as u32);
        if let Some(value) = value {
            text.push(value.encode_utf8(&mut [0; 4]), here);
        } else {
            if diags.len() < MAX_DIAGS {
                diags.push(unknown_escape(&rest[slash..slash + taken], here));
            }
            text.push(&rest[slash..slash + taken], here);
        }
        rest = &rest[slash + taken..];
        at = here.end;
    }
    text.push(rest, Span::new(at, at + rest.len() as u32));
    Word { text, quote: Quote::Double, span }
}

/// The next backslash outside `${{ … }}`, which is one piece whatever it holds.
fn find_escape(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let slash = from + text[from..].find('\\')?;
        let Some(hole) = text[from..slash].find("${{") else { return Some(slash) };
        match crate::expr::text::hole_length(&text[from + hole..]) {
            Some(length) if from + hole + length > slash => from += hole + length,
            Some(length) => from += hole + length,
            None => return Some(slash),
        }
    }
}

/// The character that an escape at the start of `text` stands for, if any, and how many bytes it takes.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text[1..].chars().next() else { return (None, 1) };
    let simple = match letter {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '0' => Some('\0'),
        '"' | '\\' | '/' | '\'' => Some(letter),
        _ => None,
    };
    if simple.is_some() {
        return (simple, 2);
    }
    if letter == 'u'
        && let Some(code) = text[2..].strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(code, _)| code)
    {
        let value = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        return (value, 4 + code.len());
    }
    (None, 1 + letter.len_utf8())
}

/// `'…'`, quotes included, beginning at `start`.
pub(super) fn single(written: &str, start: u32) -> Word {
    let span = Span::new(start, start + written.len() as u32);
    let inner = written.get(1..written.len() - 1).unwrap_or_default();
    let mut text = Text::default();
    let mut at = start + 1;
    text.push("", Span::new(at, at));
    // A doubled quote stands for one, except inside `${{ … }}`, where it is the expression's own.
    let next_hole = |from: usize| {
        let open = from + inner[from..].find("${{")?;
        Some((open, open + crate::expr::text::hole_length(&inner[open..])?))
    };
    let mut hole = next_hole(0);
    let mut from = 0;
    while from < inner.len() {
        let quote = inner[from..].find("''").map(|quote| from + quote);
        let (kept, to) = match (hole, quote) {
            (Some((open, end)), quote) if quote.is_none_or(|quote| open < quote) => {
                hole = next_hole(end);
                (end, end)
            }
            (_, Some(quote)) => (quote + 1, quote + 2),
            (_, None) => (inner.len(), inner.len()),
        };
        text.push(&inner[from..kept], Span::new(at, at + (kept - from) as u32));
        at += (to - from) as u32;
        from = to;
    }
    Word { text, quote: Quote::Single, span }
}

/// Lines of a raw block, without its quotes, of which the first begins at `start`. The indent that all of them share is taken away.
pub(super) fn raw(lines: &str, start: u32, quote: Quote, span: Span, diags: &mut Vec<Diag>) -> Word {
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = || lines.split_inclusive('\n').filter(|line| !line.trim().is_empty());
    let indent = filled().map(indent_of).min().unwrap_or(0);
    let mut prefix: Option<&str> = None;
    let mut mixed = false;
    let mut text = Text::default();
    text.push("", Span::new(start, start));
    let Quote::Raw { fold, strip, .. } = quote else { return Word { text: Text::verbatim(lines, span), quote, span } };
    let mut at = start;
    let mut pending = "";
    for line in lines.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let blank = content.trim().is_empty();
        let cut = if blank && fold { content.len() } else { indent.min(content.len()) };
        if !blank {
            let this = &content[..cut];
            mixed |= prefix.is_some_and(|prefix| prefix != this);
            prefix = Some(this);
        }
        let here = at + cut as u32;
        let kept = &content[cut..];
        let line_end = Span::new(at + content.len() as u32, at + line.len() as u32);
        if fold {
            // As YAML's `>`: line ends between plain lines become blanks, empty lines and deeper ones keep theirs.
            if blank {
                pending = if pending == "deep" { "deep" } else { "blank" };
                text.push("\n", line_end);
            } else {
                let deep = kept.starts_with([' ', '\t']);
                match (pending, deep) {
                    ("", _) | ("blank", false) => {}
                    ("plain", false) => text.push(" ", Span::new(at, at)),
                    _ => text.push("\n", Span::new(at, at)),
                }
                text.push(kept, Span::new(here, here + kept.len() as u32));
                pending = if deep { "deep" } else { "plain" };
            }
        } else {
            text.push(kept, Span::new(here, here + kept.len() as u32));
            text.push("\n", line_end);
        }
        at += line.len() as u32;
    }
    if fold && !text.as_str().is_empty() {
        text.push("\n", Span::new(at, at));
    }
    if strip && text.as_str().ends_with('\n') {
        let mut stripped = Text::default();
        stripped.extend(&text, 0..text.len() - 1);
        text = stripped;
    }
    if mixed {
        diags.push(mixed_indent(span));
    }
    Word { text, quote, span }
}
