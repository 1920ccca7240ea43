//! Words, strings and data.

use pest::iterators::Pair;

use super::super::ast::{Block, Comment, ExprText, List, Quote, Trivia, Value, Word};
use super::super::{hints, lines, strings, symbols};
use super::{Builder, Lines, Rule};
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::w0310_statement_in_command::statement_below;
use crate::source::Span;
use crate::text::Text;

impl Builder<'_> {
    pub(super) fn value(&mut self, pair: Pair<'_, Rule>) -> Value {
        match pair.as_rule() {
            Rule::list => Value::List(self.list(pair)),
            Rule::block => Value::Map(self.block(pair)),
            Rule::lookup => Value::Lookup(self.lookup(pair)),
            _ => Value::Word(self.word(pair)),
        }
    }

    pub(super) fn list(&mut self, pair: Pair<'_, Rule>) -> List {
        let mut list = List { span: self.span(&pair), inline: !pair.as_str().contains('\n'), ..List::default() };
        if !self.enter(list.span) {
            self.leave();
            return list;
        }
        let start = pair.as_span().start() + 1;
        let mut lines = Lines::new(self.text, start);
        for pair in pair.into_inner() {
            let (from, to) = (pair.as_span().start(), pair.as_span().end());
            let breaks = lines.breaks_before(from, to);
            if pair.as_rule() == Rule::comment {
                let text = pair.as_str().trim_end().to_string();
                match (breaks, list.items.last_mut()) {
                    (0, Some((trivia, _))) => trivia.trailing = Some(text),
                    (0, None) => list.head = Some(text),
                    _ => lines.pending.push(Comment { text, blank_before: breaks > 1 }),
                }
            } else {
                let trivia = Trivia { leading: std::mem::take(&mut lines.pending), blank_before: breaks > 1, trailing: None };
                let value = self.value(pair);
                list.items.push((trivia, value));
            }
        }
        list.tail = lines.pending;
        self.leave();
        self.commas(&mut list);
        list
    }

    /// Says so where a list on one line lacks a comma: an item holds blanks without quotes, and is a name or number or all that there is.
    fn commas(&mut self, list: &mut List) {
        let alone = list.inline && list.items.len() == 1;
        for (trivia, item) in std::mem::take(&mut list.items) {
            let several = match &item {
                Value::Word(word) if word.quote == Quote::Bare && (alone || self.names || are_numbers(&word.text)) => {
                    self.comma(word, "")
                }
                _ => Vec::new(),
            };
            if several.is_empty() {
                list.items.push((trivia, item));
            }
            list.items.extend(several.into_iter().map(|word| (Trivia::default(), Value::Word(word))));
        }
    }

    /// A value without quotes does not end with `;`, as a statement may; `subject` is what it stands in, and `head` what stands before it.
    pub(super) fn no_semicolon(&mut self, word: &Word, subject: &str, head: &str) {
        if word.quote != Quote::Bare {
            return;
        }
        let value = word.text.trim_end_matches(';');
        let is_plain = !value.is_empty() && !value.contains([' ', '(', ')', '"', '\'']);
        if is_plain && value.len() < word.text.len() {
            let at = Span::new(word.span.end - 1, word.span.end);
            self.diags.push(
                malformed_statement(Some(subject), ";", &[], at).help(format!("the value ends with its line: `{head}{value}`")),
            );
        }
    }

    /// Says so where a word is several items of a list `of` a key: these.
    pub(super) fn comma(&mut self, word: &Word, of: &str) -> Vec<Word> {
        let items = hints::items(&word.text);
        let place = |item: &str| item.as_ptr() as usize - word.text.as_ptr() as usize;
        let Some(second) = items.get(1) else { return Vec::new() };
        let span = word.text.source(place(second)..place(second) + second.len());
        let help =
            format!("commas stand between items, `{of}[{}]`; an item that holds blanks stands in quotes", items.join(", "));
        self.diags.push(malformed_statement(Some("list"), second, &[], span).help(help));
        let several = items.iter().map(|item| {
            let (mut text, range) = (Text::default(), place(item)..place(item) + item.len());
            text.extend(&word.text, range.clone());
            Word { text, quote: Quote::Bare, span: word.text.source(range) }
        });
        several.collect()
    }

    /// A command on a line, perhaps with those that `\` joins to it.
    fn line(&mut self, pair: &Pair<'_, Rule>) {
        let (start, text) = (pair.as_span().start(), pair.as_str());
        self.nested |= hints::goes_on(text);
        if let Some((length, help)) = hints::no_command(text) {
            let at = self.span(pair).start;
            let diag = malformed_statement(Some("command"), text, &[], Span::new(at, at + length as u32));
            self.diags.push(diag.help(help));
        }
        for (at, _) in text.match_indices('\n') {
            let line = start + at + 1;
            let content = self.text[line..].trim_start_matches([' ', '\t']);
            let (word, at) = (hints::word_of(content), self.text.len() - content.len());
            if self.indent(line) <= self.indent(start) && symbols::by_word(word).any(|symbol| !symbol.places.is_empty()) {
                let at = self.base + at as u32;
                self.diags.push(statement_below(word, Span::new(at, at + word.len() as u32)));
            }
        }
    }

    /// An expression, without the comments at the ends of its lines.
    pub(super) fn expr(&mut self, pair: &Pair<'_, Rule>) -> ExprText {
        let (start, text) = (self.span(pair).start, pair.as_str().trim_end());
        let place = |range: std::ops::Range<usize>| Span::new(start + range.start as u32, start + range.end as u32);
        let comments = comments(text);
        if comments.is_empty() {
            return ExprText { text: Text::verbatim(text, place(0..text.len())), raw: None };
        }
        let (mut kept, mut at) = (Text::default(), 0);
        for comment in comments {
            self.aside(&text[comment.clone()]);
            let before = text[..comment.start].trim_end_matches([' ', '\t']).len().max(at);
            kept.push(&text[at..before], place(at..before));
            at = comment.end;
        }
        kept.push(&text[at..], place(at..text.len()));
        ExprText { text: kept, raw: None }
    }

    pub(super) fn word(&mut self, pair: Pair<'_, Rule>) -> Word {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::string | Rule::key | Rule::command | Rule::short_command => self.inner_word(pair),
            Rule::double => strings::double(pair.as_str(), span.start, &mut self.diags),
            Rule::single => strings::single(pair.as_str(), span.start),
            Rule::raw => self.raw(pair),
            rule => {
                if matches!(rule, Rule::line | Rule::short_line) {
                    self.line(&pair);
                }
                // Verbatim commands run to the end of the line: blanks and the `\r` of CRLF there are not theirs.
                let text = pair.as_str().trim_end();
                let span = Span::new(span.start, span.start + text.len() as u32);
                Word { text: unix_lines(text, span), quote: Quote::Bare, span }
            }
        }
    }

    pub(super) fn raw(&mut self, pair: Pair<'_, Rule>) -> Word {
        let span = self.span(&pair);
        let opener = pair.as_span().start();
        let fold = pair.as_str().starts_with('>');
        let strip = pair.as_str().trim_start_matches('>').starts_with('-');
        let quotes = pair.as_str().trim_start_matches(['>', '-']).bytes().take_while(|&byte| byte == b'"').count();
        let outer = self.indent(opener);
        let quote = Quote::Raw { quotes: u8::try_from(quotes).unwrap_or(u8::MAX), fold, strip };
        let Some(lines) = pair.into_inner().find(|pair| pair.as_rule() == Rule::raw_text) else {
            return Word { text: Text::default(), quote, span };
        };
        self.stray |= !lines::is_raw_text(lines.as_str().lines(), outer, quotes);
        let start = self.base + lines.as_span().start() as u32;
        strings::raw(lines.as_str(), start, quote, span, &mut self.diags)
    }

    pub(super) fn inner_word(&mut self, pair: Pair<'_, Rule>) -> Word {
        let span = self.span(&pair);
        pair.into_inner().next().map_or_else(|| empty_word(span), |pair| self.word(pair))
    }

    pub(super) fn next_word<'p>(&mut self, pairs: &mut impl Iterator<Item = Pair<'p, Rule>>) -> Word {
        pairs.next().map_or_else(|| empty_word(Span::default()), |pair| self.word(pair))
    }

    pub(super) fn next_value<'p>(&mut self, pairs: &mut impl Iterator<Item = Pair<'p, Rule>>) -> Value {
        pairs.next().map_or_else(|| Value::Word(empty_word(Span::default())), |pair| self.value(pair))
    }

    pub(super) fn next_block<'p>(&mut self, pairs: &mut impl Iterator<Item = Pair<'p, Rule>>) -> Block {
        pairs.next().map(|pair| self.block(pair)).unwrap_or_default()
    }
}

fn are_numbers(text: &str) -> bool {
    hints::items(text).iter().all(|item| item.starts_with(|char: char| char.is_ascii_digit()))
}

/// Where comments stand in an expression: behind a blank and outside strings and holes, to the end of the line. It may end in one, where no
/// part follows its last operator.
fn comments(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('#') {
        return found;
    }
    let (mut quoted, mut blank, mut skip) = (false, true, 0);
    for (at, char) in text.char_indices() {
        if at < skip {
            continue;
        }
        match char {
            '\'' => quoted = !quoted,
            '#' if blank && !quoted => {
                skip = text[at..].find('\n').map_or(text.len(), |end| at + end);
                found.push(at..at + text[at..skip].trim_end().len());
            }
            '$' if !quoted && text[at..].starts_with("${{") => {
                skip = crate::expr::text::hole_length(&text[at..]).map_or(at, |length| at + length);
            }
            _ => {}
        }
        blank = char.is_whitespace();
    }
    found
}

fn empty_word(span: Span) -> Word {
    Word { text: Text::verbatim("", span), quote: Quote::Bare, span }
}

/// A command that goes on over lines keeps its line breaks, as `\n`.
fn unix_lines(text: &str, span: Span) -> Text {
    if !text.contains('\r') {
        return Text::verbatim(text, span);
    }
    let mut unix = Text::default();
    let mut at = span.start;
    for line in text.split_inclusive('\n') {
        let kept = line.strip_suffix("\r\n").unwrap_or(line);
        unix.push(kept, Span::new(at, at + kept.len() as u32));
        if kept.len() < line.len() {
            unix.push("\n", Span::new(at + kept.len() as u32, at + line.len() as u32));
        }
        at += line.len() as u32;
    }
    unix
}
