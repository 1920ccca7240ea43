//! Cuts a text that the grammar refuses into statements and blocks, by its lines, indentation and braces alone.
//!
//! Only used after the strict grammar has failed. The smallest broken piece is then found by parsing each piece on its own, so one
//! missing brace costs one statement and not the rest of the file. Braces decide where they agree with the indentation, else the
//! indentation does: a brace that was forgotten changes no line's indent.

use std::ops::Range;

use super::lines::{Line, lines};

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
