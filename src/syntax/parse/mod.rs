//! pest pairs to the syntax tree. The only place, with `recover`, that knows pest.

mod conditions;
mod data;
mod statements;

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::ast::{Block, Comment, File, Item, ItemKind, Kind, Quote, Statement, StepBody, Trivia, Value, Word};
use super::lines;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0115_nested_too_deep;
use crate::source::Span;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/pipe.pest"]
pub(super) struct PipeParser;

/// The whole text by the strict grammar. None where it is not well-formed, also where a raw block took statements behind it for its text,
/// because its closing quotes are missing and those of another block closed it.
pub(super) fn whole(text: &str, base: u32) -> Result<(File, Vec<Diag>), Refused> {
    let pairs = PipeParser::parse(Rule::file, text).map_err(|error| Refused { deep: deep(&error) })?;
    let mut builder = Builder::new(text, base, text.len());
    let mut body = Block { span: Span::new(base, base + text.len() as u32), ..Block::default() };
    builder.items(pairs.flat_map(Pair::into_inner), &mut body, 0);
    if builder.stray || builder.nested { Err(Refused { deep: None }) } else { Ok((File { body }, builder.diags)) }
}

/// Why there is no tree.
pub(super) struct Refused {
    /// Where pest stopped, if for want of stack.
    pub(super) deep: Option<usize>,
}

/// Where a parser ran out of stack. It looks at what is left of it, and so never overflows it.
pub(super) fn deep(error: &pest::error::Error<Rule>) -> Option<usize> {
    let at = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    matches!(error.variant, pest::error::ErrorVariant::CustomError { .. }).then_some(at)
}

/// One item of a broken file, by the rule for one alone in its block. Only the first `length` bytes are the author's: what follows was
/// added to close what is open, and is in no file.
pub(super) fn one(rule: Rule, text: &str, length: usize, base: u32) -> Option<(Item, Vec<Diag>)> {
    let pairs = PipeParser::parse(rule, text).ok()?;
    let mut builder = Builder::new(text, base, length);
    let mut body = Block::default();
    builder.items(pairs.flat_map(Pair::into_inner), &mut body, 0);
    let mut item = body.items.pop().filter(|_| !builder.nested)?;
    item.trivia.leading.extend(body.tail);
    Some((item, builder.diags))
}

struct Builder<'a> {
    text: &'a str,
    base: u32,
    /// The bytes of the text that are in a file.
    length: u32,
    diags: Vec<Diag>,
    stray: bool,
    /// How many blocks, lists and conditions are open.
    depth: usize,
    /// Well-formed, and not meant so: lines are indented below a key without a value or an action, as in YAML, or below a condition
    /// without a block, or a command ends where it has to go on.
    nested: bool,
    /// Lists hold names, which hold no blanks.
    names: bool,
    /// Comments between the parts of a statement that goes on over lines.
    asides: Vec<Comment>,
}

/// Trees are walked and dropped by recursion: this bounds it for every phase.
pub(crate) const MAX_DEPTH: usize = 64;

/// The parts of a statement that are not told apart by their place.
fn words(pairs: Pairs<'_, Rule>, builder: &mut Builder<'_>) -> Vec<Word> {
    pairs.filter_map(|pair| builder.kept(pair).map(|pair| builder.word(pair))).collect()
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, base: u32, length: usize) -> Self {
        Self {
            text,
            base,
            length: length as u32,
            diags: Vec::new(),
            stray: false,
            nested: false,
            names: false,
            depth: 0,
            asides: Vec::new(),
        }
    }

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let place = |at: usize| self.base + (at as u32).min(self.length);
        Span::new(place(span.start()), place(span.end()))
    }

    /// Whether one level more may be entered; says so where not. [`Self::leave`] is called in either case.
    fn enter(&mut self, at: Span) -> bool {
        self.depth += 1;
        if self.depth == MAX_DEPTH + 1 && self.diags.last().is_none_or(|last| last.code != &e0115_nested_too_deep::CODE) {
            self.diags.push(e0115_nested_too_deep::nested_too_deep(MAX_DEPTH, at.head()));
        }
        self.depth <= MAX_DEPTH
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// A part of a statement; a comment among them is put aside, for the statement as a whole.
    fn kept<'p>(&mut self, pair: Pair<'p, Rule>) -> Option<Pair<'p, Rule>> {
        if pair.as_rule() != Rule::comment {
            return Some(pair);
        }
        self.aside(pair.as_str());
        None
    }

    fn aside(&mut self, comment: &str) {
        self.asides.push(Comment { text: comment.trim_end().to_owned(), blank_before: false });
    }

    /// How far the line of an offset is indented.
    fn indent(&self, at: usize) -> usize {
        lines::indent(&self.text[self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)..])
    }

    /// Whether deeper lines, of which `next` is the first, were meant as the block of `item`. A `;` before them says that they are not.
    fn lacks_block(&self, item: &Item, next: &Item, from: usize) -> bool {
        let ItemKind::Statement(Statement { keyword, kind, .. }) = &item.kind else { return false };
        let has_block = matches!(kind, Kind::Condition { block: Some(_), .. } | Kind::Plain { block: Some(_), .. });
        let between = self.text.get((item.span.end - self.base) as usize..from).unwrap_or_default();
        let ends = between.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(';'));
        keyword.spreads_without_block() && !has_block && !ends && !matches!(next.kind, ItemKind::Entry { .. })
    }

    /// Items and comments into a block; `start` is the offset in the text at which its content begins.
    fn items<'p>(&mut self, pairs: impl Iterator<Item = Pair<'p, Rule>>, block: &mut Block, start: usize) {
        let mut lines = Lines::new(self.text, start);
        for pair in pairs {
            let (from, to) = (pair.as_span().start(), pair.as_span().end());
            match pair.as_rule() {
                Rule::EOI => {}
                Rule::comment => {
                    let comment = pair.as_str().trim_end().to_string();
                    let breaks = lines.breaks_before(from, to);
                    match (breaks, block.items.last_mut()) {
                        (0, Some(item)) => item.trivia.trailing = Some(comment),
                        (0, None) if block.span.end > 0 && start > 0 => block.head = Some(comment),
                        _ => lines.pending.push(Comment { text: comment, blank_before: breaks > 1 && from > 0 }),
                    }
                }
                _ => {
                    let breaks = lines.breaks_before(from, to);
                    let blank_before = breaks > 1;
                    let leading = std::mem::take(&mut lines.pending);
                    // What is put aside outside the item is not its own.
                    let outer = std::mem::take(&mut self.asides);
                    let mut item = self.item(pair);
                    item.trivia.leading = leading;
                    item.trivia.blank_before = blank_before;
                    take_asides(&mut item.trivia, std::mem::replace(&mut self.asides, outer));
                    if let Some(last) = block.items.last()
                        && breaks > 0
                        && (owns_lines_in_yaml(last, &item) || self.lacks_block(last, &item, from))
                    {
                        self.nested |= self.indent(from) > self.indent((last.span.start - self.base) as usize);
                    }
                    block.items.push(item);
                }
            }
        }
        block.tail = lines.pending;
    }

    fn block(&mut self, pair: Pair<'_, Rule>) -> Block {
        let span = self.span(&pair);
        let start = pair.as_span().start() + 1;
        let first_line = self.text[start..].split('\n').next().unwrap_or_default().trim();
        let inline = !(first_line.is_empty() || first_line.starts_with('#'));
        let mut block = Block { span, inline, ..Block::default() };
        if self.enter(span) {
            self.items(pair.into_inner(), &mut block, start);
        }
        self.leave();
        block
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Item {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::entry => {
                let mut inner = pair.into_inner();
                let key = self.next_word(&mut inner);
                let names = self.names && super::yaml::is_filter(&key.text);
                let outer = std::mem::replace(&mut self.names, names);
                let value = inner.next().map(|pair| self.value(pair));
                self.names = outer;
                if let Some(Value::Word(word)) = &value {
                    let head = format!("{}: ", key.text.as_str());
                    self.no_semicolon(word, "entry", &head);
                    if names && word.quote == Quote::Bare {
                        self.comma(word, &head);
                    }
                }
                ItemKind::Entry { key, value }
            }
            Rule::row => {
                let mut inner = pair.into_inner();
                let value = self.next_word(&mut inner);
                let block = self.next_block(&mut inner);
                ItemKind::Row { value, block }
            }
            Rule::setting => {
                let mut inner = pair.into_inner();
                let name = self.next_word(&mut inner);
                let (mut words, mut block) = (Vec::new(), None);
                for pair in inner {
                    match pair.as_rule() {
                        Rule::settings => block = Some(self.block(pair)),
                        _ => words.push(self.word(pair)),
                    }
                }
                ItemKind::Setting { name, words, block }
            }
            Rule::call => {
                let mut inner = pair.into_inner();
                let name = self.next_word(&mut inner);
                let arguments = inner
                    .filter_map(|argument| {
                        let mut inner = self.kept(argument)?.into_inner().peekable();
                        let named = inner.next_if(|pair| pair.as_rule() == Rule::argument_name).map(|pair| self.inner_word(pair));
                        let value = self.next_value(&mut inner);
                        Some((named, value))
                    })
                    .collect();
                ItemKind::Call { name, arguments }
            }
            _ => ItemKind::Statement(self.statement(pair)),
        };
        Item { trivia: Trivia::default(), kind, span }
    }
}

/// Whether `next` would belong to `item` in YAML, were it indented deeper: below a key, or as an input of an action.
fn owns_lines_in_yaml(item: &Item, next: &Item) -> bool {
    match &item.kind {
        ItemKind::Entry { key, value: None } => super::yaml::is_key(&key.text),
        ItemKind::Statement(Statement { kind: Kind::Uses(uses) | Kind::Step { body: StepBody::Uses(uses), .. }, .. }) => {
            let is_input = |key: &Word| super::yaml::instead_of(&key.text, None).is_none();
            uses.block.is_none() && matches!(&next.kind, ItemKind::Entry { key, .. } if is_input(key))
        }
        _ => false,
    }
}

/// Comments between the parts of a statement stand before it from now on, behind those that do already.
fn take_asides(trivia: &mut Trivia, mut asides: Vec<Comment>) {
    if let Some(first) = asides.first_mut() {
        // A blank line before the statement is one before its first comment.
        first.blank_before = trivia.leading.is_empty() && std::mem::take(&mut trivia.blank_before);
    }
    trivia.leading.append(&mut asides);
}

/// Counts line breaks between the things of a block.
struct Lines<'a> {
    text: &'a str,
    last: usize,
    pending: Vec<Comment>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, start: usize) -> Self {
        Self { text, last: start, pending: Vec::new() }
    }

    fn breaks_before(&mut self, from: usize, to: usize) -> usize {
        let between = self.text.get(self.last..from).unwrap_or_default();
        self.last = to;
        between.bytes().filter(|&byte| byte == b'\n').count()
    }
}
