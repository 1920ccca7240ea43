//! The logical lines of a text that the grammar refuses: each with everything that goes on over line ends.

use std::ops::Range;

use super::hints::word_of;
use super::layout::Piece;
use super::{short, symbols};

/// A logical line: with everything that goes on over line ends.
pub(super) struct Line {
    pub(super) range: Range<usize>,
    pub(super) indent: usize,
    pub(super) opens: bool,
    pub(super) closes: bool,
    /// Quotes that close no raw block.
    pub(super) quotes: bool,
    pub(super) raw: Option<Range<usize>>,
    /// The line with the blocks that it holds, if any. The last one is still open where the line opens a block of lines.
    pub(super) short: Option<Piece>,
}

pub(super) fn lines(text: &str, range: Range<usize>) -> Vec<Line> {
    let mut physical: Vec<Range<usize>> = physical(text, range);
    let mut lines = Vec::new();
    let mut at = 0;
    // The indent of a line of which the first statements are cut off.
    let mut of_line = None;
    while let Some(first) = physical.get(at).cloned() {
        let blanks = indent(&text[first.clone()]);
        // From where the line is said to begin: other blanks than those that indent are part of it.
        let content = text[first.start + blanks..first.end].trim_end();
        if content.is_empty() || content.starts_with('#') {
            at += 1;
            of_line = None;
            continue;
        }
        let indent = of_line.unwrap_or(blanks);
        let start = first.start + blanks;
        let command = is_command(content);
        if let Some(length) = short::first_statement(content).filter(|_| !command) {
            let range = start..start + content[..length].trim_end().len();
            let short = Some(short::cut(text, range.clone())).filter(|cut| !cut.blocks.is_empty());
            let closes = content.starts_with('}');
            lines.push(Line { range, indent, opens: false, closes, quotes: false, raw: None, short });
            physical[at].start = start + length + 1;
            of_line = Some(indent);
            continue;
        }
        // Of several braces each closes a block of its own; what the others close stands further out.
        if content.len() > 1 && content.bytes().all(|byte| byte == b'}') {
            let (range, short) = (start..start + 1, None);
            lines.push(Line { range, indent, opens: false, closes: true, quotes: false, raw: None, short });
            physical[at].start = start + 1;
            of_line = Some(0);
            continue;
        }
        of_line = None;
        let mut last = at;
        let mut raw = None;
        let raw_quotes = opened_raw(content);
        if let Some(quotes) = raw_quotes {
            let opener = start + content.len() - quotes.len();
            (last, raw) = raw_end(text, &physical, at, indent, quotes);
            raw = raw.map(|_: Range<usize>| opener..opener + quotes.len());
        } else if command {
            while text[physical[last].clone()].trim_end().ends_with('\\') && last + 1 < physical.len() {
                last += 1;
            }
        } else {
            last = continued(text, &physical, at, indent);
        }
        let end = physical[last].start + text[physical[last].clone()].trim_end().len();
        let range = start..end.max(start);
        let code = last_code(&text[range.clone()]);
        let cut = (!command && raw_quotes.is_none()).then(|| short::cut(text, range.clone()));
        let short = cut.filter(|cut| !cut.blocks.is_empty());
        let ends_open = code == "{" || code.ends_with(" {") || code.ends_with("\t{");
        let opens = !command && raw.is_none() && (ends_open || short.as_ref().is_some_and(|cut| !cut.closed));
        let quotes = content.len() >= 3 && content.bytes().all(|byte| byte == b'"');
        lines.push(Line { range, indent, opens, closes: content.starts_with('}'), quotes, raw, short });
        at = last + 1;
    }
    lines
}

fn physical(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = range.start;
    for line in text[range].split_inclusive('\n') {
        all.push(start..start + line.len());
        start += line.len();
    }
    // A part of a text begins behind the indent of its first line.
    if let Some(first) = all.first_mut() {
        first.start = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    }
    all
}

pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len()
}

/// Whether the rest of the line is the shell's: `run …`, `job x: …`, `step …: …`.
pub(super) fn is_command(content: &str) -> bool {
    let word = content.split([' ', '\t']).next().unwrap_or_default();
    match word {
        "run" => true,
        "job" | "step" => {
            let mut quoted = None;
            let mut chars = content.chars().peekable();
            while let Some(char) = chars.next() {
                match (quoted, char) {
                    (Some(quote), _) if quote == char => quoted = None,
                    (None, '"' | '\'') => quoted = Some(char),
                    (None, '{') => return false,
                    (None, ':') if chars.peek().is_none_or(|next| next.is_whitespace()) => return true,
                    _ => {}
                }
            }
            false
        }
        _ => false,
    }
}

/// The quotes at the end of a line that open a raw block.
fn opened_raw(content: &str) -> Option<&str> {
    let before = content.trim_end_matches('"');
    let quotes = &content[before.len()..];
    let mark = before.strip_suffix('-').filter(|rest| rest.ends_with([' ', '>'])).unwrap_or(before);
    let opens = mark.ends_with([' ', '\t', '>', '=']) && !before.trim().is_empty();
    (quotes.len() >= 3 && opens).then_some(quotes)
}

/// Whether lines that closing quotes end are the text of the raw block before them. They are not where they go on into other statements,
/// not deeper than the `outer` line that opened it, of which one opens a block with as many `quotes`: that block lost its closing ones to it.
pub(super) fn is_raw_text<'t>(mut lines: impl Iterator<Item = &'t str>, outer: usize, quotes: usize) -> bool {
    let (mut opens, mut outside) = (false, false);
    lines.all(|line| {
        opens |= opened_raw(line.trim()).is_some_and(|opener| opener.len() == quotes);
        outside |= !line.trim().is_empty() && indent(line) <= outer;
        !(opens && outside)
    })
}

/// The last line of a raw block, and something where it is never closed: then it ends where its text does by indentation or, if that is
/// not indented, by its words.
fn raw_end(text: &str, physical: &[Range<usize>], at: usize, outer: usize, quotes: &str) -> (usize, Option<Range<usize>>) {
    let lines = || physical[at + 1..].iter().map(|range| &text[range.clone()]);
    let mut closer = None;
    let before = lines().enumerate().take_while(|(index, line)| {
        closer = (line.trim() == quotes).then_some(at + 1 + index);
        closer.is_none()
    });
    if is_raw_text(before.map(|(_, line)| line), outer, quotes.len())
        && let Some(closer) = closer
    {
        return (closer, None);
    }
    let filled = || lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let deeper = filled().next().is_some_and(|(_, line)| indent(line) > outer);
    let belongs = |line: &str| if deeper { indent(line) > outer } else { !is_of_spec(line.trim()) };
    let last = filled().take_while(|(_, line)| belongs(line)).last().map_or(at, |(index, _)| at + 1 + index);
    (last, Some(0..0))
}

/// Whether a line is most likely the language's own, and not the shell's.
fn is_of_spec(line: &str) -> bool {
    line.starts_with('}') || opened_raw(line).is_some() || symbols::by_word(word_of(line)).next().is_some()
}

/// The last line of a statement that goes on: while a bracket is open, after a comma, around `&&` and `||`.
fn continued(text: &str, physical: &[Range<usize>], at: usize, outer: usize) -> usize {
    let mut last = at;
    let mut open = depth(&text[physical[at].clone()]);
    let mut end = at;
    while open > 0 {
        end += 1;
        let Some(range) = physical.get(end) else { break };
        let line = &text[range.clone()];
        if !line.trim().is_empty() && indent(line) <= outer && !line.trim_start().starts_with([']', ')']) {
            break;
        }
        open += depth(line);
        if open <= 0 {
            last = end;
        }
    }
    let mut goes_on = false;
    loop {
        let Some(next) = physical.get(last + 1).map(|range| &text[range.clone()]) else { return last };
        let code = last_code(&text[physical[last].clone()]);
        // A line that is a comment changes nothing.
        if !code.is_empty() {
            goes_on = code.ends_with(',') && !code.contains(": ") || code.ends_with("&&") || code.ends_with("||");
        }
        let joins = next.trim_start().starts_with("&&") || next.trim_start().starts_with("||");
        if !(goes_on || joins) || next.trim().is_empty() || indent(next) <= outer {
            return last;
        }
        last += 1;
    }
}

/// Brackets and parentheses opened less those closed, outside quotes.
fn depth(line: &str) -> i32 {
    let mut quoted = None;
    let mut depth = 0;
    for char in last_code(line).chars() {
        match (quoted, char) {
            (Some(quote), _) if quote == char => quoted = None,
            (None, '"' | '\'') => quoted = Some(char),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// A line without its comment and the blanks before it.
pub(super) fn last_code(line: &str) -> &str {
    let mut quoted = None;
    let mut before = ' ';
    for (at, char) in line.char_indices() {
        match (quoted, char) {
            (Some(quote), _) if quote == char => quoted = None,
            (None, '"' | '\'') => quoted = Some(char),
            (None, '#') if before.is_whitespace() => return line[..at].trim_end(),
            _ => {}
        }
        before = char;
    }
    line.trim_end()
}
