//! What can be kept of a file that the grammar refuses, and one error for each piece that can't.

mod blocks;
mod explain;
mod foreign;
mod pasted;
mod within;

use std::ops::Range;

use pest::Parser;

use blocks::blocks_mut;
use explain::position;
use within::Within;

use super::ast::{Block, File, Item};
use super::hints::{self, first_line, word_of};
use super::layout::{self, Piece};
use super::lines;
use super::parse::{self, PipeParser, Rule};
use super::symbols;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0101_unknown_statement::unknown_statement;
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::e0103_unclosed_block::missing_opener;
use crate::diagnostics::codes::e0104_stray_lines::{stray_closer, stray_lines};
use crate::diagnostics::codes::e0106_unclosed_raw::unclosed_raw;
use crate::diagnostics::codes::e0107_not_utf8::not_utf8;
use crate::diagnostics::codes::e0110_too_many_errors::too_many_errors;
use crate::diagnostics::codes::e0114_yaml;
use crate::diagnostics::codes::e0115_nested_too_deep::nested_too_deep;
use crate::source::Span;

/// More errors than this help nobody, and garbage has one in every line.
const MAX_ERRORS: usize = 100;

/// No statement, template or key begins with a longer word.
const MAX_WORD: usize = 10_000;

/// The pieces that parse, and an error for each that does not. `deep` is where the grammar ran out of stack.
pub(super) fn recover(text: &str, base: u32, deep: Option<usize>) -> (File, Vec<Diag>) {
    if let Some(wide) = pasted::wide(text) {
        return (File::default(), vec![not_utf8(&[Span::new(base, base + wide)], true)]);
    }
    if let Some((text, fault)) = pasted::without_marks(text, base) {
        let (file, mut diags) = parse::whole(&text, base).unwrap_or_else(|refused| recover(&text, base, refused.deep));
        diags.push(fault);
        diags.sort_by_key(Diag::span);
        return (file, diags);
    }
    if let Some(jobs) = hints::workflow(text) {
        let jobs = base + jobs as u32;
        return (File::default(), vec![e0114_yaml::workflow(Span::new(jobs, jobs + "jobs:".len() as u32))]);
    }
    let mut recovery = Recovery { text, base, diags: Vec::new() };
    let mut body = Block { span: Span::new(base, base + text.len() as u32), ..Block::default() };
    let cut = layout::cut(text, 0..text.len());
    if let Some(deep) = deep.map(|at| at..at).or(cut.deep) {
        // One message: what lies so deep hides what else there may be, and each level would be parsed once more for nothing.
        let at = recovery.span(deep.start..deep.start);
        return (File { body }, vec![nested_too_deep(parse::MAX_DEPTH, at)]);
    }
    recovery.pieces(&cut.pieces, Within::FILE, &mut body);
    let mut diags = recovery.diags;
    if diags.is_empty() {
        // The pieces parse one by one, and the whole does not: say what the grammar said.
        let at = PipeParser::parse(Rule::file, text).err().map_or(0, |error| position(&error));
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        diags.push(malformed_statement(None, first_line(&text[at..]), &[], Span::new(base + at as u32, base + at as u32)));
    }
    diags.sort_by_key(Diag::span);
    (File { body }, diags)
}

struct Recovery<'a> {
    text: &'a str,
    base: u32,
    diags: Vec<Diag>,
}

impl Recovery<'_> {
    /// The place of a range of the text, of whole characters: where blocks are left out, what stands for a character is shorter than it is, and the end
    /// may lie behind that of the text.
    fn span(&self, range: Range<usize>) -> Span {
        let length = self.text.len();
        let is_between = |at: &usize| self.text.is_char_boundary(*at);
        let start = (0..=range.start.min(length)).rev().find(is_between).unwrap_or_default();
        let end = (range.end.min(length)..=length).find(is_between).unwrap_or(length).max(start);
        Span::new(self.base + start as u32, self.base + end as u32)
    }

    fn pieces(&mut self, pieces: &[Piece], within: Within, block: &mut Block) {
        let mut next = 0;
        while let Some(piece) = pieces.get(next) {
            if self.diags.len() > MAX_ERRORS {
                return;
            }
            if let Some((item, taken)) = self.without_brace(&pieces[next..], within) {
                block.items.push(item);
                next += taken;
                continue;
            }
            let taken = self.foreign(&pieces[next..]);
            block.broken |= taken > 0 || piece.orphans.is_some();
            if taken == 0 {
                match self.piece(piece, within) {
                    Some(item) => block.items.push(item),
                    None => block.broken = true,
                }
            }
            next += taken.max(1);
        }
    }

    /// A statement that lacks its `{`, with the deeper lines that stand in its block, as in Python; and how many pieces it is.
    fn without_brace(&mut self, pieces: &[Piece], within: Within) -> Option<(Item, usize)> {
        let (piece, more) = pieces.split_first()?;
        let deeper = more.iter().take_while(|next| next.indent > piece.indent && next.indent < usize::MAX).count();
        let whole = piece.closed && piece.blocks.is_empty() && piece.orphans.is_none() && !piece.stray && !piece.lost;
        let text = &self.text[piece.range.clone()];
        if deeper == 0 || !whole || text.len() > MAX_WORD || lines::is_command(text) {
            return None;
        }
        let text = code(text);
        let fits = |text: &str| PipeParser::parse(within.rule, text).is_ok();
        if fits(text) && !lacks_block(text, &self.text[more[0].range.clone()]) || !fits(&format!("{text} {{}}")) {
            return None;
        }
        let mut item = self.one(within.rule, &format!("{text} {{}}"), text.len(), piece.range.start)?;
        let end = self.span(piece.range.start..piece.range.start + text.len()).tail();
        self.report(missing_opener(end));
        if let Some(block) = blocks_mut(&mut item).into_iter().next() {
            self.pieces(&more[..deeper], within.block_of(text), block);
        }
        Some((item, 1 + deeper))
    }

    fn report(&mut self, diag: Diag) {
        match self.diags.len() {
            MAX_ERRORS => self.diags.push(too_many_errors(MAX_ERRORS, diag.span())),
            more if more > MAX_ERRORS => {}
            _ => self.diags.push(diag),
        }
    }

    /// The item in a text of which the first `own` bytes lie at `start`; behind them stands what closes what is open.
    fn one(&mut self, rule: Rule, text: &str, own: usize, start: usize) -> Option<Item> {
        let (item, diags) = parse::one(rule, text, own, self.base + start as u32)?;
        diags.into_iter().for_each(|diag| self.report(diag));
        Some(item)
    }

    fn piece(&mut self, piece: &Piece, within: Within) -> Option<Item> {
        let rule = within.rule;
        let start = piece.range.start;
        if piece.stray {
            let line = self.span(piece.range.clone());
            let closer = if self.text[start..].starts_with('"') { line } else { Span::new(line.start, line.start + 1) };
            self.report(stray_closer(self.text[start..].chars().next().unwrap_or_default(), closer));
            return None;
        }
        // Garbage has no blanks: to let every rule read all of it would take a while.
        let word = word_of(&self.text[start..piece.range.end]);
        if word.len() > MAX_WORD && rule == Rule::alone {
            let at = self.span(start..start + word.len());
            self.report(unknown_statement(word, None, at));
            return None;
        }
        if piece.lost {
            let lines = self.span(piece.range.clone());
            self.report(stray_lines(lines));
            return None;
        }
        if let Some(quotes) = &piece.raw {
            let (opener, quotes) = (self.span(quotes.clone()), &self.text[quotes.clone()]);
            self.report(unclosed_raw(quotes, opener));
            let closed = format!("{}\n{quotes}", &self.text[piece.range.clone()]);
            return self.one(rule, &closed, piece.range.len(), start);
        }
        if piece.closed
            && piece.orphans.is_none()
            && let Some(item) = self.one(rule, &self.text[piece.range.clone()], piece.range.len(), start)
        {
            return Some(item);
        }
        if let Some(braces) = hints::double_braces(&self.text[piece.range.clone()]) {
            let at = self.span(start + braces.start..start + braces.end);
            let found = &self.text[start + braces.start..start + braces.end];
            let help = format!("GitHub's expressions begin with a `$`: `${found}`");
            self.report(malformed_statement(Some(word), found, &[], at).help(help));
            return None;
        }
        if !piece.blocks.is_empty() {
            return self.with_blocks(piece, within);
        }
        let head = &self.text[piece.range.clone()];
        let Some(orphans) = &piece.orphans else {
            self.explain(head, start, within);
            return None;
        };
        let lacks_block = lacks_block(head, &self.text[orphans.clone()]);
        let head = if lacks_block { code(head) } else { head };
        if !lacks_block && let Some(item) = self.one(rule, head, head.len(), start) {
            let orphans = self.span(orphans.clone());
            self.report(stray_lines(orphans));
            return Some(item);
        }
        let Some(mut item) = self.one(rule, &format!("{head} {{}}"), head.len(), start) else {
            self.explain(head, start, within);
            return None;
        };
        let end = self.span(start..start + head.len()).tail();
        self.report(missing_opener(end));
        // The brace that closes them is not theirs.
        let last = self.text[orphans.clone()].rfind('\n').map_or(orphans.start, |at| orphans.start + at + 1);
        let closed = self.text[last..orphans.end].trim_start().starts_with('}');
        let inner = layout::cut(self.text, orphans.start..if closed { last } else { orphans.end }).pieces;
        let inner: Vec<Piece> = inner.into_iter().filter(|piece| !piece.stray).collect();
        if let Some(block) = blocks_mut(&mut item).into_iter().next() {
            self.pieces(&inner, within.block_of(head), block);
        }
        Some(item)
    }
}

/// A statement without the comment behind it.
fn code(text: &str) -> &str {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    &text[..line + lines::last_code(&text[line..]).len()]
}

/// Whether deeper lines below a statement are its block, although it is well-formed without one. It takes no entries.
fn lacks_block(text: &str, below: &str) -> bool {
    let is_entry = below[word_of(below).len()..].starts_with(':');
    !is_entry && symbols::by_word(word_of(text)).any(|symbol| symbol.keyword.spreads_without_block())
}
