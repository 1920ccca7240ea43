//! Cuts a line that holds blocks of its own into the pieces in them: `job a { needs b; run make }`.
//!
//! For files that the grammar refuses, as `layout` is for lines: the smallest broken piece is then found in a block on one line too.

use std::ops::Range;

use super::layout::Piece;
use super::lines::is_command;
use super::parse::MAX_DEPTH;

/// Longer lines are generated, or no spec: they are not cut.
const MAX_LINE: usize = 10_000;

/// The line at `range` as one piece, with its blocks. The last block may be left open: then `closed` is false.
pub(super) fn cut(text: &str, range: Range<usize>) -> Piece {
    if range.len() > MAX_LINE {
        return Piece::simple(range, 0);
    }
    let mut cutter = Cutter { text, at: range.start, end: range.end };
    cutter.statement(0)
}

/// Where the first statement of a line ends, if `; ` and another one follow. Blocks keep theirs, also one whose `{` is missing.
pub(super) fn first_statement(line: &str) -> Option<usize> {
    if line.len() > MAX_LINE || !line.contains("; ") || line.matches('}').count() > line.matches('{').count() {
        return None;
    }
    let mut cutter = Cutter { text: line, at: 0, end: line.len() };
    let piece = cutter.statement_to(0, true);
    (piece.closed && line[cutter.at..].starts_with(';')).then_some(cutter.at)
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl Cutter<'_> {
    /// The pieces of a block, to its closing brace or the end.
    fn pieces(&mut self, depth: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        loop {
            let rest = &self.text[self.at..self.end];
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ';']).len();
            match self.text[self.at..self.end].bytes().next() {
                None | Some(b'}') => return pieces,
                Some(b'#') => self.at = self.line_end(),
                Some(_) => pieces.push(self.statement(depth)),
            }
        }
    }

    fn statement(&mut self, depth: usize) -> Piece {
        self.statement_to(depth, depth > 0)
    }

    /// One statement or entry, `inside` a block or line that may hold more of them.
    fn statement_to(&mut self, depth: usize, inside: bool) -> Piece {
        let start = self.at;
        if depth > 0 && is_command(&self.text[start..self.end]) {
            self.at = self.command_end();
            return Piece::simple(start..self.at, usize::MAX);
        }
        let (mut heads, mut blocks, mut closed) = (Vec::new(), Vec::new(), true);
        let mut head = start;
        let (mut brackets, mut braces) = (0_usize, 0_usize);
        let is_entry = begins_with_key(&self.text[start..self.end]);
        let mut before = ' ';
        while let Some(char) = self.text[self.at..self.end].chars().next() {
            let here = &self.text[self.at..self.end];
            let free = before.is_whitespace();
            let alone = brackets == 0 && braces == 0;
            let mut length = char.len_utf8();
            match char {
                // An apostrophe inside a word opens nothing.
                '"' | '\'' if !before.is_alphanumeric() => length = quoted(here, char).unwrap_or(length),
                '$' if here.starts_with("${{") => length = hole(here),
                '%' if here.starts_with("%{") => length = word_in_braces(&here[1..]).map_or(length, |inner| 1 + inner),
                '#' if free => length = self.line_end() - self.at,
                '[' | '(' => brackets += 1,
                ']' | ')' => brackets = brackets.saturating_sub(1),
                '{' => match word_in_braces(here) {
                    Some(alternation) => length = alternation,
                    None if free && alone && depth < MAX_DEPTH => {
                        self.at += length;
                        heads.push(head..self.at);
                        blocks.push(self.pieces(depth + 1));
                        head = self.at;
                        closed = self.at < self.end;
                    }
                    None => braces += 1,
                },
                '}' if braces > 0 => braces -= 1,
                '}' if depth > 0 => break,
                ';' if inside && alone && !is_entry && here[length..].chars().next().is_none_or(char::is_whitespace) => break,
                ',' if inside && alone && is_entry && begins_with_key(here[length..].trim_start()) => {
                    self.at += length;
                    break;
                }
                _ => {}
            }
            before = char;
            self.at = (self.at + length).min(self.end);
        }
        let range = start..start + self.text[start..self.at].trim_end().len();
        if blocks.is_empty() {
            return Piece::simple(range, usize::MAX);
        }
        Piece { heads, blocks, closed, ..Piece::simple(range, usize::MAX) }
    }

    /// Where the line ends on which this lies.
    fn line_end(&self) -> usize {
        self.text[self.at..self.end].find('\n').map_or(self.end, |length| self.at + length)
    }

    /// As the grammar says it: before the first free-standing braces that end the line.
    fn command_end(&self) -> usize {
        let line = &self.text[self.at..self.line_end()];
        let mut from = 0;
        while let Some(found) = line[from..].find([' ', '\t']) {
            let start = from + found;
            let mut end = start;
            while let Some(rest) =
                line[end..].trim_start_matches([' ', '\t']).strip_prefix('}').filter(|_| line[end..].starts_with([' ', '\t']))
            {
                end = line.len() - rest.len();
            }
            let after = line[end..].trim_start();
            let otherwise = ["else ", "elseif ", "elif ", "elsif "].iter().any(|word| after.starts_with(word));
            let blank = line[end..].starts_with([' ', '\t']);
            if end > start && (after.is_empty() || blank && (after.starts_with('#') || otherwise)) {
                return self.at + start;
            }
            from = end.max(start + line[start..].len() - line[start..].trim_start().len());
        }
        self.at + line.len()
    }
}

/// Whether a text begins with `key: `.
fn begins_with_key(text: &str) -> bool {
    let length = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(text, quote),
        _ => text.find([':', ' ', '\t', '\n', ',', ';', '{', '}', '[', ']', '(', '"', '\'']),
    };
    let behind = length.filter(|&length| length > 0).and_then(|length| text[length..].strip_prefix(':'));
    behind.is_some_and(|rest| rest.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '}')))
}

/// The length of a string on its line, quotes included.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '\n' => return None,
            '\\' if quote == '"' && !escaped => {
                escaped = true;
                continue;
            }
            _ if char == quote && !escaped => return Some(at + char.len_utf8()),
            _ => {}
        }
        escaped = false;
    }
    None
}

/// The length of a `${{ … }}` on its line; where it is not closed, to the one brace that was meant to.
fn hole(text: &str) -> usize {
    let line = text.split('\n').next().unwrap_or_default();
    let closed = crate::expr::text::hole_length(line);
    closed.or_else(|| line.find('}').map(|at| at + 1)).unwrap_or("${{".len())
}

/// The length of `{…}` without blanks in it, which is part of a word.
fn word_in_braces(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => return None,
            b'{' => depth += 1,
            b'}' if depth == 1 => return (at > 1).then_some(at + 1),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}
