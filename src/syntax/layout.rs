//! Cuts a text that the grammar refuses into statements and blocks, by its lines, indentation and braces alone.
//!
//! Only used after the strict grammar has failed. The smallest broken piece is then found by parsing each piece on its own, so one
//! missing brace costs one statement and not the rest of the file. Braces decide where they agree with the indentation, else the
//! indentation does: a brace that was forgotten changes no line's indent.

use std::ops::Range;

use super::{short, symbols};

/// One statement by layout. Ranges are offsets into the text.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// From its first byte to its last, closing brace included.
    pub(super) range: Range<usize>,
    /// The first line of each of its blocks, to the opening brace: one, or more with `} else {`. A statement without a block has
    /// one head, all of it.
    pub(super) heads: Vec<Range<usize>>,
    /// The pieces in each block.
    pub(super) blocks: Vec<Vec<Piece>>,
    /// Whether the last block is closed.
    pub(super) closed: bool,
    /// Deeper lines after it that no brace opened.
    pub(super) orphans: Option<Range<usize>>,
    /// A raw block in it is never closed; its opening quotes.
    pub(super) raw: Option<Range<usize>>,
    /// It is a closing brace, or closing quotes, that close nothing.
    pub(super) stray: bool,
    /// It is the inside of a block whose opening line is gone.
    pub(super) lost: bool,
    /// The first thing behind a `{` that its line does not close.
    pub(super) behind: Option<Range<usize>>,
    /// How far it is indented.
    pub(super) indent: usize,
}

impl Piece {
    /// Without blocks.
    pub(super) fn simple(range: Range<usize>, indent: usize) -> Self {
        Self { range: range.clone(), heads: vec![range], closed: true, indent, ..Self::default() }
    }
}

/// Blocks nested deeper are not looked into.
const MAX_DEPTH: usize = super::parse::MAX_DEPTH;

/// What [`cut`] found.
pub(super) struct Cut {
    pub(super) pieces: Vec<Piece>,
    /// The first line that opens a block deeper than any may lie.
    pub(super) deep: Option<Range<usize>>,
}

/// The pieces of a part of the text.
pub(super) fn cut(text: &str, range: Range<usize>) -> Cut {
    let lines = lines(text, range);
    let by_braces = braces_agree(&lines);
    let mut cutter = Cutter { lines, next: 0, by_braces, deep: None };
    let pieces = cutter.pieces(None, 0);
    Cut { pieces, deep: cutter.deep }
}

/// A logical line: with everything that goes on over line ends.
struct Line {
    range: Range<usize>,
    indent: usize,
    opens: bool,
    closes: bool,
    /// Quotes that close no raw block.
    quotes: bool,
    raw: Option<Range<usize>>,
    /// The line with the blocks that it holds, if any. The last one is still open where the line opens a block of lines.
    short: Option<Piece>,
}

struct Cutter {
    lines: Vec<Line>,
    next: usize,
    by_braces: bool,
    deep: Option<Range<usize>>,
}

impl Cutter {
    /// Pieces up to the line that closes the block whose opening line is indented by `owner`, or that lies outside it.
    fn pieces(&mut self, owner: Option<usize>, depth: usize) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        while let Some(line) = self.lines.get(self.next) {
            if let Some(owner) = owner {
                let outside = if self.by_braces { line.closes } else { line.indent <= owner };
                if outside {
                    return pieces;
                }
            }
            let (range, indent) = (line.range.clone(), line.indent);
            let deeper = !self.by_braces && pieces.last().is_some_and(|last| indent > last.indent);
            let after_orphans = (line.closes || line.quotes) && pieces.last().is_some_and(|last| last.orphans.is_some());
            if deeper || after_orphans {
                self.next += 1;
                if let Some(last) = pieces.last_mut() {
                    let start = last.orphans.as_ref().map_or(range.start, |orphans| orphans.start);
                    last.orphans = Some(start..range.end);
                }
                continue;
            }
            if !self.by_braces && outdents(&mut pieces, indent, &range) && line.closes {
                self.next += 1;
                continue;
            }
            if line.opens && !line.closes && depth >= MAX_DEPTH && self.deep.is_none() {
                self.deep = Some(line.range.clone());
            }
            let (opens, stray, raw) =
                (line.opens && !line.closes && depth < MAX_DEPTH, line.closes || line.quotes, line.raw.clone());
            let mut piece = Piece { raw, stray, ..Piece::simple(range, indent) };
            let begun = self.short(&mut piece);
            self.next += 1;
            if opens {
                self.blocks(&mut piece, begun, depth);
            }
            pieces.push(piece);
        }
        pieces
    }

    /// Takes over the blocks that lie within the current line; whether the last of them goes on over the next lines.
    fn short(&mut self, piece: &mut Piece) -> bool {
        let Some(short) = self.lines[self.next].short.take() else { return false };
        if piece.blocks.is_empty() {
            piece.heads.clear();
        }
        if let Some(first) = short.blocks.last().and_then(|block| block.first()).filter(|_| !short.closed) {
            piece.behind = Some(first.range.clone());
        }
        piece.heads.extend(short.heads);
        piece.blocks.extend(short.blocks);
        !short.closed
    }

    /// The blocks of lines that a piece opens, of which the first has perhaps `begun` on its line.
    fn blocks(&mut self, piece: &mut Piece, begun: bool, depth: usize) {
        let mut begun = begun;
        loop {
            let inner = self.pieces(Some(piece.indent), depth + 1);
            match piece.blocks.last_mut().filter(|_| begun) {
                Some(block) => block.extend(inner),
                None => piece.blocks.push(inner),
            }
            let closer = self.lines.get(self.next).filter(|line| line.closes && (self.by_braces || line.indent == piece.indent));
            let Some(closer) = closer else {
                piece.closed = false;
                piece.range.end = self.lines[self.next - 1].range.end;
                return;
            };
            let (range, opens, cut) = (closer.range.clone(), closer.opens, closer.short.is_some());
            piece.range.end = range.end;
            begun = self.short(piece);
            self.next += 1;
            if !opens {
                return;
            }
            if !cut {
                piece.heads.push(range);
            }
        }
    }
}

/// Lines at the start of a block that are deeper than one after them had an opening line that is gone: they become one piece, with the
/// brace that closed them. Says whether there were any.
fn outdents(pieces: &mut Vec<Piece>, indent: usize, next: &Range<usize>) -> bool {
    if pieces.last().is_none_or(|last| last.indent <= indent) {
        return false;
    }
    let first = pieces.iter().rposition(|piece| piece.indent <= indent).map_or(0, |before| before + 1);
    let lost = pieces.split_off(first);
    let (start, end) = (lost[0].range.start, lost.last().map_or(next.start, |last| last.range.end));
    pieces.push(Piece { lost: true, ..Piece::simple(start..end, indent) });
    true
}

/// Whether each closing brace stands under the line of its opening one. In a text without any indentation braces are all there is.
fn braces_agree(lines: &[Line]) -> bool {
    let flat = lines.iter().all(|line| line.indent == 0);
    if lines.iter().any(|line| line.quotes) {
        return false;
    }
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        if line.closes {
            match open.pop() {
                Some(indent) if indent == line.indent || flat => {}
                _ => return false,
            }
        }
        if open.last().is_some_and(|&owner| line.indent <= owner && !line.closes && !flat) {
            return false;
        }
        if line.opens {
            open.push(line.indent);
        }
    }
    open.is_empty()
}

fn lines(text: &str, range: Range<usize>) -> Vec<Line> {
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
    let opens = before.ends_with([' ', '\t', '>', '=']) && !before.trim().is_empty();
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
    line.starts_with('}') || opened_raw(line).is_some() || symbols::by_word(super::hints::word_of(line)).next().is_some()
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
