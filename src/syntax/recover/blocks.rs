//! Statements with blocks, of which something inside or a brace is faulty.

use super::super::ast::{Block, Body, Item, ItemKind, Kind, Otherwise, StepBody, Value};
use super::super::hints::word_of;
use super::super::layout::Piece;
use super::super::lines;
use super::{Recovery, Within};
use crate::diagnostics::codes::e0103_unclosed_block::{
    closer_in_command, closer_in_short_command, text_behind_opener, unclosed_block, unclosed_short_block,
};
use crate::diagnostics::codes::e0104_stray_lines::stray_lines;

impl Recovery<'_> {
    /// A statement with blocks: its heads alone, then what stands in them.
    pub(super) fn with_blocks(&mut self, piece: &Piece, within: Within) -> Option<Item> {
        // Blanks in the place of the blocks keep every position.
        let mut heads = self.text[piece.range.clone()].as_bytes().to_vec();
        for block in &piece.blocks {
            let end = |inner: &Piece| inner.orphans.as_ref().map_or(0, |orphans| orphans.end).max(inner.range.end);
            let (Some(first), Some(end)) = (block.first(), block.iter().map(end).max()) else { continue };
            let (start, end) = (first.range.start - piece.range.start, end - piece.range.start);
            let more = heads[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b';')).count();
            heads[start..end + more].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
        if !piece.closed {
            heads.extend_from_slice(b"\n}");
        }
        let heads = String::from_utf8_lossy(&heads).into_owned();
        let inside = within.block_of(&heads);
        let Some(mut item) = self.one(within.rule, &heads, piece.range.len(), piece.range.start) else {
            self.explain_heads(piece, &heads, within);
            let mut lost = Block::default();
            for inner in &piece.blocks {
                // Of a line that goes wrong before a brace, what is behind it may be no block at all.
                let behind =
                    if piece.behind.is_some() { inner.iter().take_while(|it| it.indent == usize::MAX).count() } else { 0 };
                self.pieces(&inner[behind..], inside, &mut lost);
            }
            return None;
        };
        if let Some(orphans) = &piece.orphans {
            let orphans = self.span(orphans.clone());
            self.report(stray_lines(orphans));
        }
        let before = self.diags.len();
        for (block, inner) in blocks_mut(&mut item).into_iter().zip(&piece.blocks) {
            self.pieces(inner, inside, block);
        }
        let faulty = self.diags.len() > before;
        self.braces(piece, faulty);
        Some(item)
    }

    /// What is wrong with the braces of a piece with blocks, of which something inside may be `faulty`.
    fn braces(&mut self, piece: &Piece, faulty: bool) {
        let opener = piece.heads.last().cloned().unwrap_or_default();
        let brace = self.text[opener.clone()].rfind('{').map_or(opener.end, |at| opener.start + at);
        let (brace, last) = (self.span(brace..brace + 1), self.span(piece.range.clone()).tail());
        let taken = piece.blocks.last().and_then(|block| self.brace_in_command(block));
        match (&piece.behind, taken) {
            // What is said of the `else` holds for its brace too.
            (None, _) if piece.closed || word_of(self.text[piece.range.end..].trim_start()) == "else" => {}
            // A fault behind the brace on its line explains why nothing closes it there.
            (Some(_), _) if faulty => {}
            (Some(behind), _) if piece.closed => {
                let behind = self.span(behind.clone());
                self.report(text_behind_opener(brace, behind));
            }
            (Some(_), Some(at)) => {
                let glued = !self.text[..at].ends_with([' ', '\t']);
                let ended = self.text[at + 1..].lines().next().is_some_and(|behind| behind.trim() == ";");
                let at = self.span(at..at + 1);
                self.report(closer_in_short_command(brace, at, glued, ended));
            }
            (Some(_), None) => self.report(unclosed_short_block(brace, last)),
            (None, _) => {
                let command =
                    piece.blocks.last().and_then(|block| block.last()).map_or("", |last| &self.text[last.range.clone()]);
                let (before, line) = command.rsplit_once('\n').unwrap_or(("", command));
                let joined = before.trim_end().ends_with('\\') && line.trim() == "}";
                let taken = lines::is_command(command) && (joined || before.is_empty() && line.ends_with('}'));
                self.report(if taken { closer_in_command(brace, last, joined) } else { unclosed_block(brace, last) });
            }
        }
    }

    /// A closing brace, with no opening one, in the command that ends a block.
    fn brace_in_command(&self, pieces: &[Piece]) -> Option<usize> {
        let last = pieces.last()?;
        if let Some(inner) = last.blocks.last() {
            return self.brace_in_command(inner);
        }
        let text = &self.text[last.range.clone()];
        let mut open = 0_usize;
        for (at, byte) in text.bytes().enumerate().filter(|_| lines::is_command(text)) {
            match byte {
                b'{' => open += 1,
                b'}' if open == 0 => return Some(last.range.start + at),
                b'}' => open -= 1,
                _ => {}
            }
        }
        None
    }
}

/// The blocks of a statement, in written order.
pub(super) fn blocks_mut(item: &mut Item) -> Vec<&mut Block> {
    let statement = match &mut item.kind {
        ItemKind::Row { block, .. } => return vec![block],
        ItemKind::Setting { block, .. } => return block.iter_mut().collect(),
        ItemKind::Entry { value, .. } => return value.iter_mut().filter_map(map_mut).collect(),
        ItemKind::Call { .. } => return Vec::new(),
        ItemKind::Statement(statement) => statement,
    };
    match &mut statement.kind {
        Kind::Plain { values, block } => values.iter_mut().filter_map(map_mut).chain(block.iter_mut()).collect(),
        Kind::Uses(uses) | Kind::Step { body: StepBody::Uses(uses), .. } => uses.block.iter_mut().collect(),
        Kind::Step { body: StepBody::Block(block), .. }
        | Kind::Job { body: Body::Block(block), .. }
        | Kind::Rows { rows: block, .. }
        | Kind::Definition { block, .. }
        | Kind::For { block, .. } => vec![block],
        Kind::Condition { block, .. } | Kind::On { block, .. } => block.iter_mut().collect(),
        Kind::If { block, otherwise, .. } => {
            let mut blocks = vec![block];
            match otherwise {
                Some(Otherwise::If(item)) => blocks.extend(blocks_mut(item)),
                Some(Otherwise::Block(block)) => blocks.push(block),
                None => {}
            }
            blocks
        }
        _ => Vec::new(),
    }
}

fn map_mut(value: &mut Value) -> Option<&mut Block> {
    match value {
        Value::Map(block) => Some(block),
        _ => None,
    }
}
