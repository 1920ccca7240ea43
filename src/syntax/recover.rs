//! What can be kept of a file that the grammar refuses, and one error for each piece that can't.

use std::ops::Range;

use pest::Parser;
use pest::error::{InputLocation, LineColLocation};

use super::ast::{Block, Body, File, Item, ItemKind, Kind, Otherwise, StepBody};
use super::hints::{self, first_line, word_of};
use super::layout::{self, Piece};
use super::parse::{self, PipeParser, Rule};
use super::{symbols, yaml};
use crate::diagnostics::codes::e0101_unknown_statement::{self, unknown_statement};
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::e0103_unclosed_block::{closer_in_command, missing_opener, opener_alone, unclosed_block};
use crate::diagnostics::codes::e0104_stray_lines::{stray_closer, stray_lines};
use crate::diagnostics::codes::e0105_unclosed_string::unclosed_string;
use crate::diagnostics::codes::e0106_unclosed_raw::unclosed_raw;
use crate::diagnostics::codes::e0110_too_many_errors::too_many_errors;
use crate::diagnostics::codes::e0114_yaml;
use crate::diagnostics::codes::e0115_nested_too_deep::nested_too_deep;
use crate::diagnostics::{Diag, nearest};
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
    recovery.pieces(&cut.pieces, Rule::alone, &mut body);
    let mut diags = recovery.diags;
    if diags.is_empty() {
        // The pieces parse one by one, and the whole does not: say what the grammar said.
        let at = PipeParser::parse(Rule::file, text).err().map_or(0, |error| position(&error));
        diags.push(malformed_statement(None, "the text", &[], Span::new(base + at as u32, base + at as u32)));
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
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.base + range.start as u32, self.base + range.end as u32)
    }

    fn pieces(&mut self, pieces: &[Piece], rule: Rule, block: &mut Block) {
        let mut next = 0;
        while let Some(piece) = pieces.get(next) {
            if self.diags.len() > MAX_ERRORS {
                return;
            }
            let taken = self.yaml(&pieces[next..]);
            block.broken |= taken > 0 || piece.orphans.is_some();
            if taken == 0 {
                match self.piece(piece, rule) {
                    Some(item) => block.items.push(item),
                    None => block.broken = true,
                }
            }
            next += taken.max(1);
        }
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
            self.report(opener_alone(self.span(start..start + 1), self.span(start..start + 1)));
            return 1;
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
        let scalar = head.strip_prefix("run").map(|rest| rest.trim_start_matches(':').trim());
        if let (Some("" | "|" | ">" | "|-" | ">-" | "|+"), Some(below)) = (scalar, below.clone()) {
            let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
            self.report(e0114_yaml::lines_of_run(self.span(start..start + head.trim_end().len()), self.span(first)));
            return 1 + deeper;
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

    fn piece(&mut self, piece: &Piece, rule: Rule) -> Option<Item> {
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
            return self.with_blocks(piece, rule);
        }
        let head = &self.text[piece.range.clone()];
        let Some(orphans) = &piece.orphans else {
            self.explain(head, start, rule);
            return None;
        };
        if let Some(item) = self.one(rule, head, head.len(), start) {
            let orphans = self.span(orphans.clone());
            self.report(stray_lines(orphans));
            return Some(item);
        }
        let Some(mut item) = self.one(rule, &format!("{head} {{}}"), head.len(), start) else {
            self.explain(head, start, rule);
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
            self.pieces(&inner, inner_rule(head, rule), block);
        }
        Some(item)
    }

    /// A statement with blocks: its heads alone, then what stands in them.
    fn with_blocks(&mut self, piece: &Piece, rule: Rule) -> Option<Item> {
        // Blanks in the place of the blocks keep every position.
        let mut heads = self.text[piece.range.clone()].as_bytes().to_vec();
        for inner in piece.blocks.iter().flatten() {
            for byte in &mut heads[inner.range.start - piece.range.start..inner.range.end - piece.range.start] {
                *byte = if *byte == b'\n' { b'\n' } else { b' ' };
            }
            if let Some(orphans) = &inner.orphans {
                heads[orphans.start - piece.range.start..orphans.end - piece.range.start].fill(b' ');
            }
        }
        if !piece.closed {
            heads.extend_from_slice(b"\n}");
        }
        let heads = String::from_utf8_lossy(&heads).into_owned();
        let inner_rule_of_heads = inner_rule(&heads, rule);
        let item = self.one(rule, &heads, piece.range.len(), piece.range.start);
        let opener = piece.heads.last().cloned().unwrap_or_default();
        let Some(mut item) = item else {
            let head = &self.text[piece.heads[0].clone()];
            self.explain(head, piece.heads[0].start, rule);
            let mut lost = Block::default();
            for inner in &piece.blocks {
                self.pieces(inner, inner_rule(head, rule), &mut lost);
            }
            return None;
        };
        if let Some(orphans) = &piece.orphans {
            let orphans = self.span(orphans.clone());
            self.report(stray_lines(orphans));
        }
        if !piece.closed {
            let brace = self.text[opener.clone()].rfind('{').map_or(opener.end, |at| opener.start + at);
            let (brace, last) = (self.span(brace..brace + 1), self.span(piece.range.clone()).tail());
            let line = self.text[..piece.range.end].lines().next_back().unwrap_or_default();
            let taken = layout::is_command(line.trim_start()) && line.ends_with('}');
            self.report(if taken { closer_in_command(brace, last) } else { unclosed_block(brace, last) });
        }
        for (block, inner) in blocks_mut(&mut item).into_iter().zip(&piece.blocks) {
            self.pieces(inner, inner_rule_of_heads, block);
        }
        Some(item)
    }

    /// Why a piece that lies at `start` does not parse.
    fn explain(&mut self, text: &str, start: usize, rule: Rule) {
        let word = Some(word_of(text)).filter(|word| !word.is_empty());
        let word = word.unwrap_or_else(|| &text[..text.chars().next().map_or(0, char::len_utf8)]);
        let word_span = self.span(start..start + word.len().max(1).min(text.len()));
        let usages: Vec<&str> = symbols::by_word(word).map(|symbol| symbol.usage).collect();
        let (at, expected, deep) = furthest(rule, text);
        if deep {
            let at = self.span(start + at..start + at);
            return self.report(nested_too_deep(parse::MAX_DEPTH, at));
        }
        let here = &text[at.min(text.len())..];
        let is_entry = text[word.len()..].starts_with(':');
        if rule == Rule::alone && usages.is_empty() && !is_entry && !text[word.len()..].starts_with('(') {
            let known = symbols::KEYWORDS.iter().map(|symbol| symbol.word);
            let line = first_line(text).trim_end();
            let outermost = start == 0 || self.text[..start].ends_with('\n');
            let diag = match yaml::instead_of(word, outermost.then_some(symbols::Place::File)) {
                _ if line.starts_with("//") || line.starts_with("/*") => {
                    unknown_statement(word, None, word_span).help("a comment begins with `#`, and ends with its line")
                }
                Some(instead) => unknown_statement(word, None, word_span).help(instead),
                None if matches!(word, "elseif" | "elif") => {
                    unknown_statement(word, None, word_span).help("write `} else if CONDITION {`, on the line of the `}`")
                }
                None if word == "else" => {
                    unknown_statement(word, None, word_span).help("`else` stands on the line of the `}` before it: `} else {`")
                }
                None if hints::is_command(line) => e0101_unknown_statement::command(word, line, word_span),
                None => unknown_statement(word, nearest(word, known), word_span),
            };
            return self.report(diag);
        }
        if let Some(quote) = unclosed_quote(text) {
            let (open, end) =
                (self.span(start + quote..start + quote + 1), self.span(start..start + first_line(text).len()).tail());
            return self.report(unclosed_string(open, end));
        }
        // The word that stands there, or its first character where it is none.
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '/' | '*');
        let word_length = here.find(|char: char| !is_part(char)).unwrap_or(here.len());
        let first = here.chars().next().filter(|char| !matches!(char, '\n' | '\r')).map_or(0, char::len_utf8);
        let span = self.span(start + at..start + at + word_length.max(first));
        let subject = if is_entry { "entry" } else { word };
        let found = here.split(['\n', '\r']).next().unwrap_or_default();
        let hint = hints::hint(text, at, is_entry);
        // What the grammar would take is no news to those who get told what to write.
        let expected = if hint.is_some() { Vec::new() } else { expected };
        let diag = malformed_statement(Some(subject), found, &expected, span);
        let usages: Vec<String> = usages.iter().map(|usage| format!("`{usage}`")).collect();
        let usage = (!usages.is_empty()).then(|| format!("it is written {}", usages.join(" or ")));
        self.report(diag.maybe_help(hint.or(usage)));
    }
}

/// What the block of a statement holds: rows, settings or items.
fn inner_rule(head: &str, rule: Rule) -> Rule {
    let mut words = first_line(head).split_whitespace();
    match words.next() {
        Some("matrix") if words.next().is_some_and(|word| word != "{") => Rule::alone_row,
        Some("for") if rule == Rule::alone_row => Rule::alone_row,
        Some("optimize" | "target" | "monitor" | "shards") => Rule::alone_setting,
        _ if rule == Rule::alone_setting => Rule::alone_setting,
        _ => Rule::alone,
    }
}

/// How far the grammar comes in a piece, what it wants there, in the words of the manual, and whether it stopped for want of stack.
fn furthest(rule: Rule, text: &str) -> (usize, Vec<&'static str>, bool) {
    // The detail that finds the furthest position makes parsing slower, and is a switch of the whole process: a race costs time only.
    pest::set_error_detail(true);
    let result = PipeParser::parse(rule, text);
    pest::set_error_detail(false);
    let Err(error) = result else { return (text.len(), Vec::new(), false) };
    if let Some(at) = parse::deep(&error) {
        return (at.min(text.len()), Vec::new(), true);
    }
    let Some(attempts) = error.parse_attempts() else { return (position(&error), Vec::new(), false) };
    let mut expected = Vec::new();
    for token in attempts.expected_tokens() {
        let token = token.to_string();
        let word = match token.as_str() {
            "=" => "`=`",
            ":" => "`:`",
            "]" => "`]`",
            "(" => "`(`",
            ")" => "`)`",
            "{" => "`{`",
            "in" => "`in`",
            "to" => "`to`",
            "uses" => "`uses`",
            _ => continue,
        };
        if !expected.contains(&word) {
            expected.push(word);
        }
    }
    (attempts.max_position.min(text.len()), expected, false)
}

fn position(error: &pest::error::Error<Rule>) -> usize {
    // `line_col` is not needed; named here so that a change of pest's type is seen.
    let (LineColLocation::Pos(_) | LineColLocation::Span(..)) = error.line_col;
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The opening quote of a string on the first line that no quote closes.
fn unclosed_quote(text: &str) -> Option<usize> {
    let line = first_line(text);
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, char) in line.char_indices() {
        match (open, char) {
            (Some((_, '"')), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some((_, quote)), _) if quote == char && !escaped => open = None,
            (None, '#') if before.is_whitespace() => break,
            (None, '"') => open = Some((at, char)),
            // An apostrophe inside a word opens nothing.
            (None, '\'') if !before.is_alphanumeric() => open = Some((at, char)),
            _ => {}
        }
        escaped = false;
        before = char;
    }
    open.map(|(at, _)| at)
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
