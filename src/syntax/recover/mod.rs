//! What can be kept of a file that the grammar refuses, and one error for each piece that can't.

mod explain;

use std::ops::Range;

use pest::Parser;

use explain::position;

use super::ast::{Block, Body, File, Item, ItemKind, Kind, Otherwise, StepBody};
use super::hints::{self, first_line, word_of};
use super::layout::{self, Piece};
use super::parse::{self, PipeParser, Rule};
use super::symbols::{self, Keyword, Place, Symbol};
use super::yaml;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0101_unknown_statement::unknown_statement;
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::e0103_unclosed_block::{
    block_of_nothing, closer_in_command, closer_in_short_command, missing_opener, opener_alone, text_behind_opener,
    unclosed_block, unclosed_short_block,
};
use crate::diagnostics::codes::e0104_stray_lines::{stray_closer, stray_lines};
use crate::diagnostics::codes::e0106_unclosed_raw::unclosed_raw;
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
        diags.push(malformed_statement(None, "the text", &[], Span::new(base + at as u32, base + at as u32)));
    }
    diags.sort_by_key(Diag::span);
    (File { body }, diags)
}

/// What pieces lie in.
#[derive(Clone, Copy)]
struct Within {
    /// The rule for each of them.
    rule: Rule,
    /// None where all statements may stand, as in a template.
    place: Option<Place>,
}

impl Within {
    const FILE: Self = Self { rule: Rule::alone, place: Some(Place::File) };

    /// What the block of a statement holds: rows, settings or items.
    fn block_of(self, head: &str) -> Self {
        let line = first_line(head);
        let mut words = line.split_whitespace();
        let word = word_of(line);
        let second = words.nth(1).unwrap_or_default();
        let rule = match word {
            "matrix" if !matches!(second, "" | "{") => Rule::alone_row,
            "for" if self.rule == Rule::alone_row => Rule::alone_row,
            "optimize" | "target" | "monitor" | "shards" => Rule::alone_setting,
            _ if self.rule == Rule::alone_setting => Rule::alone_setting,
            _ => Rule::alone,
        };
        let place = match word {
            "for" | "if" | "when" | "in" | "parallel" | "}" => self.place,
            "template" => None,
            _ if self.rule == Rule::alone_row => Some(Place::Row),
            "job" => Some(Place::Job),
            "step" if line.contains(" uses ") => Some(Place::Uses),
            "step" => Some(Place::Step),
            "uses" => Some(Place::Uses),
            "on" => Some(Place::On),
            "matrix" => Some(Place::Matrix),
            "toolchain" if line.contains('(') => Some(Place::Toolchain),
            "service" if line.contains('(') => Some(Place::Service),
            "install" | "setup" => Some(Place::Install),
            // A misspelt word may be meant as any.
            _ if symbols::by_word(word).next().is_none() && !line.contains(": ") => None,
            _ => Some(Place::Checkout),
        };
        Self { rule, place }
    }

    fn takes(self, symbol: &Symbol) -> bool {
        self.place.is_none_or(|place| symbol.places.is_empty() || symbol.places.contains(&place))
    }

    fn takes_commands(self) -> bool {
        self.takes(Keyword::Run.symbol())
    }

    /// Whether entries are what it is for.
    fn is_data(self) -> bool {
        matches!(self.place, Some(Place::Checkout | Place::Uses | Place::Matrix))
    }
}

struct Recovery<'a> {
    text: &'a str,
    base: u32,
    diags: Vec<Diag>,
}

impl Recovery<'_> {
    /// The place of a range of the text, of whole characters: where blocks are left out, what stands for a character is shorter than it is.
    fn span(&self, range: Range<usize>) -> Span {
        let is_within = |at: &usize| !self.text.is_char_boundary(*at) && *at < self.text.len();
        let start = (0..=range.start).rev().find(|at| !is_within(at)).unwrap_or_default();
        let end = (range.end..=self.text.len()).find(|at| !is_within(at)).unwrap_or(range.end);
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
            let taken = self.yaml(&pieces[next..]);
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
        if deeper == 0 || !whole || text.len() > MAX_WORD || text.contains('\n') || layout::is_command(text) {
            return None;
        }
        let fits = |text: &str| PipeParser::parse(within.rule, text).is_ok();
        if fits(text) || !fits(&format!("{text} {{}}")) {
            return None;
        }
        let mut item = self.one(within.rule, &format!("{text} {{}}"), text.len(), piece.range.start)?;
        let end = self.span(piece.range.clone()).tail();
        self.report(missing_opener(end));
        if let Some(block) = blocks_mut(&mut item).into_iter().next() {
            self.pieces(&more[..deeper], within.block_of(text), block);
        }
        Some((item, 1 + deeper))
    }

    /// Says so where YAML begins, and how many pieces belong to it: `key:` with deeper lines, items with `-`, `---`.
    fn yaml(&mut self, pieces: &[Piece]) -> usize {
        let Some(piece) = pieces.first().filter(|piece| !piece.stray) else { return 0 };
        let head = first_line(&self.text[piece.range.clone()]);
        let start = piece.range.start;
        let is_item = |piece: &Piece| matches!(self.text[piece.range.clone()].as_bytes(), [b'-'] | [b'-', b' ' | b'\t', ..]);
        let deeper = pieces[1..].iter().take_while(|next| next.indent > piece.indent).count();
        if matches!(head, "---" | "...") {
            self.report(e0114_yaml::marker(head, self.span(start..start + 3)));
            return 1;
        }
        if is_item(piece) {
            let items =
                pieces[1..].iter().take_while(|next| next.indent > piece.indent || next.indent == piece.indent && is_item(next));
            let taken = 1 + items.count();
            self.report(e0114_yaml::dash(&hints::of_item(head[1..].trim()), self.span(start..start + 1)));
            return taken;
        }
        // `job a` and `{` on the next line.
        if let Some(next) = pieces.get(1).filter(|next| first_line(&self.text[next.range.clone()]).trim_end() == "{")
            && symbols::by_word(word_of(head)).next().is_some()
            && !head.trim_end().ends_with('{')
        {
            let brace = next.range.start;
            self.report(opener_alone(self.span(brace..brace + 1), self.span(start..start + head.trim_end().len()).tail()));
            return 2;
        }
        if head.trim_end() == "{" {
            self.report(block_of_nothing(self.span(start..start + 1)));
            return 1;
        }
        if let Some(taken) = self.here_document(pieces) {
            return taken;
        }
        let before_colon = head.strip_suffix(" {").unwrap_or(head).trim_end().strip_suffix(':').unwrap_or_default();
        let of_job = before_colon.starts_with("job ") || before_colon.starts_with("step ");
        if of_job && head.ends_with('{') && piece.orphans.is_some() {
            let colon = start + before_colon.len();
            let diag = malformed_statement(Some(word_of(head)), ": {", &[], self.span(colon..colon + 1));
            self.report(diag.help(format!("a block has no colon before it: `{before_colon} {{`")));
            return 1;
        }
        let below = piece.orphans.clone().or_else(|| (deeper > 0).then(|| pieces[1].range.start..pieces[deeper].range.end));
        let scalar = head.trim_end().trim_end_matches(['-', '+']).trim_end_matches(['|', '>']).trim_end();
        let of_command = scalar.strip_prefix("run").is_some_and(|rest| matches!(rest, "" | ":"));
        let of_head = ["job ", "step "].iter().any(|word| scalar.starts_with(word)) && scalar.ends_with(':') && scalar != head;
        if let (true, Some(below)) = (of_command || of_head, below.clone()) {
            let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
            let written = if of_head { scalar } else { "run" };
            let head = self.span(start..start + head.trim_end().len());
            self.report(e0114_yaml::lines_of_command(written, head, self.span(first)));
            return 1 + deeper;
        }
        if let (true, Some(below)) = (hints::is_action(head), below.clone()) {
            let input = first_line(&self.text[below.clone()]).trim_end();
            if (input.contains(": ") || input.ends_with(':')) && yaml::instead_of(word_of(input), None).is_none() {
                let first = below.start..below.start + input.len();
                self.report(e0114_yaml::lines_of_uses(
                    head.trim_end(),
                    input,
                    self.span(start..start + head.len()),
                    self.span(first),
                ));
                return 1 + deeper;
            }
        }
        if let (true, Some(below)) = (of_job && head.ends_with(':'), below.clone()) {
            let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
            let help = format!("write `{before_colon} {{`, the lines, and `}}` on a line of its own");
            self.report(e0114_yaml::indented_block(before_colon, help, self.span(start..start + head.len()), self.span(first)));
            return 1 + deeper;
        }
        let key = head.strip_suffix(':').filter(|key| !key.is_empty() && !key.contains([' ', '\t', '"', '\'', '{', '(']));
        let (Some(key), Some(below)) = (key, below) else { return 0 };
        let usage = symbols::by_word(key).next().map(|symbol| format!("write `{}`", symbol.usage));
        let help = yaml::instead_of(key, None).map(str::to_owned).or(usage);
        let help = help.unwrap_or_else(|| format!("data is written `{key}: {{ KEY: VALUE }}`, a list `{key}: [a, b]`"));
        let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
        self.report(e0114_yaml::indented_block(key, help, self.span(start..start + head.len()), self.span(first)));
        1 + deeper
    }

    /// Says so where a command takes the lines below for its input, as a shell does; how many pieces these are.
    fn here_document(&mut self, pieces: &[Piece]) -> Option<usize> {
        let (piece, more) = pieces.split_first()?;
        let text = &self.text[piece.range.clone()];
        let end = Some(text).filter(|text| layout::is_command(text)).and_then(hints::here_document)?;
        let last = more.iter().take(MAX_ERRORS).position(|next| self.text[next.range.clone()].trim() == end)?;
        let head = text.split("<<").next().unwrap_or_default();
        let written = word_of(head).to_owned();
        let written = if written == "run" { written } else { head.split_inclusive(':').next().unwrap_or_default().to_owned() };
        let below = self.text[more[0].range.clone()].lines().next().map_or(0, str::len);
        let (at, first) = (self.span(piece.range.clone()), self.span(more[0].range.start..more[0].range.start + below));
        self.report(e0114_yaml::lines_of_command(&written, at, first));
        Some(2 + last)
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
        if !piece.blocks.is_empty() {
            return self.with_blocks(piece, within);
        }
        let head = &self.text[piece.range.clone()];
        let Some(orphans) = &piece.orphans else {
            self.explain(head, start, within);
            return None;
        };
        if let Some(item) = self.one(rule, head, head.len(), start) {
            let orphans = self.span(orphans.clone());
            self.report(stray_lines(orphans));
            return Some(item);
        }
        let Some(mut item) = self.one(rule, &format!("{head} {{}}"), head.len(), start) else {
            self.explain(head, start, within);
            return None;
        };
        let end = self.span(piece.range.clone()).tail();
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

    /// A statement with blocks: its heads alone, then what stands in them.
    fn with_blocks(&mut self, piece: &Piece, within: Within) -> Option<Item> {
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
            (None, _) if piece.closed => {}
            // A fault behind the brace on its line explains why nothing closes it there.
            (Some(_), _) if faulty => {}
            (Some(behind), _) if piece.closed => {
                let behind = self.span(behind.clone());
                self.report(text_behind_opener(brace, behind));
            }
            (Some(_), Some(at)) => {
                let glued = !self.text[..at].ends_with([' ', '\t']);
                let at = self.span(at..at + 1);
                self.report(closer_in_short_command(brace, at, glued));
            }
            (Some(_), None) => self.report(unclosed_short_block(brace, last)),
            (None, _) => {
                let line = self.text[..piece.range.end].lines().next_back().unwrap_or_default();
                let taken = layout::is_command(line.trim_start()) && line.ends_with('}');
                self.report(if taken { closer_in_command(brace, last) } else { unclosed_block(brace, last) });
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
        for (at, byte) in text.bytes().enumerate().filter(|_| layout::is_command(text)) {
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
fn blocks_mut(item: &mut Item) -> Vec<&mut Block> {
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

fn map_mut(value: &mut super::ast::Value) -> Option<&mut Block> {
    match value {
        super::ast::Value::Map(block) => Some(block),
        _ => None,
    }
}
