//! How a text is written in a spec: bare where it reads back as it is, else quoted, else as a block of lines.

use crate::expr::text::hole_length;
use crate::source::Span;
use crate::text::Text;

/// Where a text stands, which decides what may stand there bare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The value of a key: it may hold blanks.
    Value,
    /// The value of an action's input, where a list is a text of lines.
    Input,
    /// An item of a list in brackets.
    Item,
    /// The value of a key in a matrix, which as [`Place::Value`] may hold blanks.
    Row,
    /// An item of a list in a matrix, as [`Place::Item`]; `null` is one.
    Axis,
    /// A word of a statement.
    Word,
    /// The key of an entry.
    Key,
}

/// A text of the author's, bare or quoted; on one line.
pub(super) fn written(text: &Text, place: Place) -> Text {
    let typed = !matches!(place, Place::Word | Place::Key) && is_typed(text);
    if !typed && is_bare(text, place) { escaped(text, |_| None) } else { quoted(text) }
}

/// A text in quotes, as few escapes as possible.
pub(super) fn quoted(text: &Text) -> Text {
    let outside: String = pieces(text).filter(|(_, hole)| !hole).map(|(piece, _)| &text[piece]).collect();
    let plain = !outside.contains(['\n', '\t', '\r', '\'']) && !outside.chars().any(char::is_control);
    if outside.contains(['"', '\\']) && plain {
        return wrapped("'", &escaped(text, |_| None));
    }
    wrapped(
        "\"",
        &escaped(text, |letter| match letter {
            '"' => Some("\\\"".to_owned()),
            '\\' => Some("\\\\".to_owned()),
            '\n' => Some("\\n".to_owned()),
            '\t' => Some("\\t".to_owned()),
            '\r' => Some("\\r".to_owned()),
            control if control.is_control() => Some(format!("\\u{{{:x}}}", u32::from(control))),
            _ => None,
        }),
    )
}

/// Verbatim text, as a command or the lines of a block: only what would be filled in at compile time is escaped.
pub(super) fn verbatim(text: &Text) -> Text {
    escaped(text, |_| None)
}

/// Whether a text can be the rest of a line behind `run`.
pub(super) fn is_command(text: &str) -> bool {
    let opener = text.strip_prefix('>').or(text.strip_prefix('-')).unwrap_or(text);
    !text.is_empty()
        && !text.contains(['\n', '\r'])
        && !text.starts_with([' ', '\t'])
        // What ends with an operator looks as if it went on below.
        && !text.ends_with([' ', '\t', '\\', '|', '&'])
        && !opener.starts_with("\"\"\"")
}

/// Whether the lines of a text can stand between raw quotes: they share no indent, and end as lines do.
pub(super) fn is_raw(text: &str) -> bool {
    has_margin(text) && !text.contains(UNSEEN.map(|(letter, _)| letter))
}

/// Whether some line begins with no blank, from which on the lines of a block are read.
fn has_margin(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && !line.starts_with([' ', '\t']))
}

/// What has no spelling where it is needed, as a constant: its name, and its value as it is written.
pub(super) type StandIn = (&'static str, &'static str);

/// Before lines that all are indented, where those of the block begin.
const MARGIN: StandIn = ("margin", "\"\"");
/// Characters that end lines, or are taken away, where a text is read.
const UNSEEN: [(char, StandIn); 2] = [('\r', ("cr", "\"\\r\"")), ('\u{feff}', ("bom", "\"\\u{feff}\""))];
/// Ids of steps that begin something else behind `step`.
const WORDS: [StandIn; 2] = [("when", "\"when\""), ("uses", "\"uses\"")];

/// A script as the lines of a block, with constants for what can't stand there as it is.
pub(super) fn raw_script(script: &Text, need: impl Fn(StandIn)) -> Text {
    let script = verbatim(script);
    let mut out = Text::verbatim("", script.span().head());
    let stand_in = |out: &mut Text, what: StandIn, at: Span| {
        need(what);
        out.push(&format!("%{{{}}}", what.0), at);
    };
    if !has_margin(&script) {
        stand_in(&mut out, MARGIN, script.span().head());
    }
    let mut copied = 0;
    for (at, letter) in script.char_indices() {
        if let Some((_, what)) = UNSEEN.iter().find(|(unseen, _)| *unseen == letter) {
            let end = at + letter.len_utf8();
            out.extend(&script, copied..at);
            stand_in(&mut out, *what, script.source(at..end));
            copied = end;
        }
    }
    out.extend(&script, copied..script.len());
    out
}

/// The id of a step.
pub(super) fn step_id(id: &Text, need: impl Fn(StandIn)) -> Text {
    match WORDS.into_iter().find(|(word, _)| *word == id.as_str()) {
        Some(what) => {
            need(what);
            Text::verbatim(format!("%{{{}}}", what.0), id.span())
        }
        None => id.clone(),
    }
}

/// Names, in quotes where one would be a word of the statement.
pub(super) fn unlike(names: Vec<Text>, word: &str) -> Vec<Text> {
    names.into_iter().map(|name| if name.as_str() == word { quoted(&name) } else { name }).collect()
}

/// Quotes for raw lines: more than stand alone on any of them.
pub(super) fn raw_quotes(text: &str) -> String {
    let alone = text.lines().map(str::trim).filter(|line| !line.is_empty() && line.bytes().all(|byte| byte == b'"'));
    "\"".repeat(alone.map(|line| line.len() + 1).max().unwrap_or(3).max(3))
}

/// `%{` is filled in at compile time, and `%%{` stands for it.
fn escaped(text: &Text, escape: impl Fn(char) -> Option<String>) -> Text {
    let mut out = Text::verbatim("", text.span().head());
    for (piece, hole) in pieces(text) {
        let mut copied = piece.start;
        for (at, letter) in text[piece.clone()].char_indices() {
            let at = piece.start + at;
            let new = if letter == '%' && text[at..].starts_with("%{") {
                Some("%%".to_owned())
            } else if hole {
                None
            } else {
                escape(letter)
            };
            if let Some(new) = new {
                let end = at + letter.len_utf8();
                out.extend(text, copied..at);
                out.push(&new, text.source(at..end));
                copied = end;
            }
        }
        out.extend(text, copied..piece.end);
    }
    out
}

/// The ranges of a text that are GitHub's holes, and those between them.
fn pieces(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        if let Some(length) = text[at..].starts_with("${{").then(|| hole_length(&text[at..])).flatten() {
            at += length;
            return Some((start..at, true));
        }
        let mut next = at;
        loop {
            next = text[next..].find("${{").map_or(text.len(), |found| next + found);
            if next >= text.len() || (next > start && hole_length(&text[next..]).is_some()) {
                break;
            }
            next += 3;
        }
        at = next;
        Some((start..at, false))
    })
}

fn wrapped(quote: &str, inner: &Text) -> Text {
    let mut out = Text::verbatim(quote, inner.span().head());
    out.extend(inner, 0..inner.len());
    out.push(quote, inner.span().tail());
    out
}

/// Whether a bare text is no text in a spec, but a boolean, a number, or nothing.
fn is_typed(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok()
}

/// Whether a text reads back as it is, bare. Stricter than the grammar, which takes some of what is quoted here.
fn is_bare(text: &str, place: Place) -> bool {
    if text.is_empty()
        || text.starts_with([' ', '#', '"', '\'', '[', '{', '>', '|', '%', '-', '&', '*', '!']) && !is_pattern(text, place)
    {
        return false;
    }
    if text.ends_with([' ', ':', ',']) || text.contains("  ") {
        return false;
    }
    pieces(text).all(|(range, hole)| {
        let piece = &text[range];
        if hole {
            // The grammar wants a hole on one line, without another in it.
            return !piece.contains(['\n', '\r', '"']) && !piece[3..].contains("${{");
        }
        let blank = match place {
            Place::Value | Place::Input | Place::Row => false,
            // An item with a blank may be two that lack their comma.
            Place::Item | Place::Axis | Place::Word | Place::Key => piece.contains(' '),
        };
        let refused = |letter: char| {
            letter.is_control()
                || matches!(letter, '"' | '{' | '}' | ';' | '\'' | '\u{feff}' | '\u{a0}' | '\u{2028}' | '\u{2029}')
                || letter == ',' && !matches!(place, Place::Value | Place::Input | Place::Row)
                || matches!(letter, '[' | ']' | '(' | ')') && matches!(place, Place::Item | Place::Axis | Place::Key)
                || letter == ':' && place == Place::Key
        };
        !blank && !piece.contains(refused) && !piece.contains(": ") && !piece.contains(", ") && !piece.contains(" #")
    })
}

/// Words may begin as patterns and options do.
fn is_pattern(text: &str, place: Place) -> bool {
    match place {
        Place::Word => text.starts_with(['*', '-', '!']) && text.len() > 1,
        Place::Value | Place::Input | Place::Row | Place::Item | Place::Axis => {
            text.starts_with(['-', '*', '!']) && text.len() > 1
        }
        Place::Key => false,
    }
}

/// A text that stands nowhere in what was read.
pub(super) fn own(text: &str, at: Span) -> Text {
    Text::verbatim(text, at.head())
}
