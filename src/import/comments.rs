//! The comments of a YAML document, which its parser drops: what begins with `#` between the tokens.

use saphyr_parser::{Event, ScalarStyle};

use super::read::Spanned;
use crate::source::{Source, Span};

/// A comment.
#[derive(Debug)]
pub(super) struct Comment {
    /// Where its `#` stands.
    pub(super) at: u32,
    /// Without `#`.
    pub(super) text: String,
    /// Nothing but blanks stands before it on its line.
    pub(super) own_line: bool,
}

/// Every `#` outside of scalars that stands at the start of a line or behind a blank.
pub(super) fn comments(source: &Source, events: &[Spanned<'_>]) -> Vec<Comment> {
    let text = source.text();
    let mut comments = Vec::new();
    let mut at = 0;
    let scalars = events.iter().filter(|(event, ..)| matches!(event, Event::Scalar(..)));
    let taken = scalars.map(|(event, start, end)| (source.local(*start), source.local(token_end(source, event, *start, *end))));
    for (start, end) in taken.chain([(text.len(), text.len())]) {
        while let Some(hash) = text.get(at..start).and_then(|gap| gap.find('#')).map(|hash| at + hash) {
            let before = &text[..hash];
            if !before.is_empty() && !before.ends_with([' ', '\t', '\n', '\u{feff}']) {
                at = hash + 1;
                continue;
            }
            let line_end = text[hash..].find('\n').map_or(text.len(), |end| hash + end);
            let line = before.rsplit('\n').next().unwrap_or_default();
            let words = text[hash + 1..line_end].trim_end();
            comments.push(Comment {
                at: source.base() + hash as u32,
                text: words.strip_prefix(' ').unwrap_or(words).to_owned(),
                own_line: line.trim_start_matches('\u{feff}').trim().is_empty(),
            });
            at = line_end;
        }
        at = at.max(end);
    }
    comments
}

/// Where a scalar ends: the parser counts what follows quotes to them.
pub(super) fn token_end(source: &Source, event: &Event<'_>, start: u32, end: u32) -> u32 {
    let Event::Scalar(_, style, ..) = event else { return end };
    let written = source.slice(Span::new(start, end));
    let quoted = match style {
        ScalarStyle::SingleQuoted => written.rfind('\''),
        ScalarStyle::DoubleQuoted => closing_quote(written),
        ScalarStyle::Plain => return start + written.trim_end().len() as u32,
        ScalarStyle::Literal | ScalarStyle::Folded => return end,
    };
    let quoted = if *style == ScalarStyle::SingleQuoted { closing_single(written).or(quoted) } else { quoted };
    quoted.map_or(end, |close| start + close as u32 + 1)
}

fn closing_quote(written: &str) -> Option<usize> {
    let mut escaped = false;
    written.bytes().enumerate().skip(1).find_map(|(at, byte)| match byte {
        _ if std::mem::take(&mut escaped) => None,
        b'\\' => {
            escaped = true;
            None
        }
        b'"' => Some(at),
        _ => None,
    })
}

fn closing_single(written: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        let quote = at + written.get(at..)?.find('\'')?;
        if !written[quote + 1..].starts_with('\'') {
            return Some(quote);
        }
        at = quote + 2;
    }
}
