//! Words, raw blocks, lists and blocks.

use super::lines::{self, Entry};
use super::{CONTINUED, STEP, WIDTH, Writer, width};
use crate::source::Span;
use crate::syntax::ast::{Block, Item, ItemKind, List, Quote, Value, Word};

impl Writer<'_> {
    /// A word or string, as it is spelled.
    pub(super) fn word(&mut self, word: &Word) {
        match word.quote {
            Quote::Bare => self.push(word.text.as_str()),
            Quote::Double | Quote::Single => self.push(self.slice(word.span)),
            Quote::Raw { .. } => self.raw(word.span),
        }
        self.failed |= self.flat && word.text.as_str().contains('\n') && word.quote == Quote::Bare;
    }

    /// Two deeper than the line that opens it, its own shape kept, the closing quotes under the text.
    pub(super) fn raw(&mut self, span: Span) {
        self.failed |= self.flat;
        let (opener, rest) = self.slice(span).split_once('\n').unwrap_or_default();
        let (text, closer) = rest.rfind('\n').map_or(("", rest), |end| rest.split_at(end + 1));
        let line = self.last_line();
        let pad = " ".repeat(line.len() - line.trim_start_matches(' ').len() + STEP);
        let blank = |line: &str| line.trim().is_empty();
        let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let shared = text.split_terminator('\n').filter(|line| !blank(line)).map(indent_of).min().unwrap_or(0);
        self.push(opener.trim_end());
        for line in text.split_terminator('\n') {
            self.push("\n");
            let line = line.trim_end_matches('\r');
            if !blank(line) || line.len() > shared {
                self.push(&pad);
                self.push(line.get(shared..).unwrap_or_default());
            }
        }
        self.push("\n");
        self.push(&pad);
        self.push(closer.trim());
    }

    /// What follows `run` or `job x:`.
    pub(super) fn command(&mut self, command: &Word) {
        self.word(command);
        // At the end of a line the backslash would take the next one into the command.
        if !self.flat && command.quote == Quote::Bare && command.text.as_str().ends_with('\\') {
            self.push(" ");
        }
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Word(word) => self.word(word),
            Value::List(list) => self.list(list),
            Value::Map(block) => self.block(block, 0),
            Value::Lookup(lookup) => self.lookup(lookup),
        }
    }

    /// Things with commas between them that no brackets hold: line breaks after commas are kept, and made where the line is too long.
    pub(super) fn commas<T>(&mut self, things: &[T], span: impl Fn(&T) -> Span, print: impl Fn(&mut Self, &T)) {
        for (index, thing) in things.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).map(|before| span(&things[before])) {
                self.push(",");
                // One that does not fit on one line anyway may as well begin here.
                let room = self.flat || self.flat(|trial| print(trial, thing)).is_none_or(|text| self.fits(1 + width(&text)));
                if room && !self.broken_between(before, span(thing)) {
                    self.push(" ");
                } else {
                    self.line(self.indent + CONTINUED);
                }
            }
            print(self, thing);
        }
    }

    /// `[a, b]`
    pub(super) fn list(&mut self, list: &List) {
        let comments = list.head.is_some() || !list.tail.is_empty();
        if list.items.is_empty() && !comments {
            return self.push("[]");
        }
        let commented = comments || list.items.iter().any(|(trivia, _)| trivia.trailing.is_some() || !trivia.leading.is_empty());
        if self.flat {
            self.failed |= commented || !list.inline;
            self.push("[");
            for (index, (_, value)) in list.items.iter().enumerate().take_while(|_| list.inline) {
                self.push(if index > 0 { ", " } else { "" });
                self.value(value);
            }
            return self.push("]");
        }
        match self.flat(|trial| trial.list(list)) {
            Some(text) if self.fits(width(&text)) => self.push(&text),
            _ => self.list_over_lines(list),
        }
    }

    /// Items that stood on one line stay on one, while they fit.
    fn list_over_lines(&mut self, list: &List) {
        let indent = self.indent + STEP;
        let alone = list.inline && !list.items.iter().all(|(_, value)| matches!(value, Value::Word(_)));
        let mut rows: Vec<Entry<'_>> = Vec::new();
        let mut before: Option<Span> = None;
        for (trivia, value) in &list.items {
            let mut writer = Writer::new(self.source, indent);
            writer.value(value);
            let same_line = before.is_some_and(|before| !self.broken_between(before, value.span()));
            before = Some(value.span());
            let text = writer.out.trim_start();
            let joins = |row: &Entry<'_>| {
                let on_one_line = !row.text.contains('\n') && !text.contains('\n');
                on_one_line && row.trailing.is_none() && width(&row.text) + width(", ") + width(text) <= WIDTH
            };
            match rows.last_mut() {
                Some(row) if same_line && !alone && trivia.leading.is_empty() && joins(row) => {
                    row.text.push_str(", ");
                    row.text.push_str(text);
                    row.trailing = trivia.trailing.as_deref();
                }
                _ => rows.push(Entry::new(trivia, writer.out)),
            }
        }
        let text = lines::assemble(&rows, &list.tail, indent);
        self.enclosed("[", list.head.as_deref(), &text, "]");
    }

    /// `{ … }`, with `tail` more columns to come on its last line.
    pub(super) fn block(&mut self, block: &Block, tail: usize) {
        let comments = block.head.is_some() || !block.tail.is_empty();
        if block.items.is_empty() && !comments {
            return self.push("{}");
        }
        if self.flat {
            return self.flat_block(block, comments);
        }
        match self.flat(|trial| trial.block(block, 0)) {
            Some(text) if self.fits(width(&text) + tail) || self.breaks_in_vain(block, &text) => self.push(&text),
            _ => {
                let text = lines::of_block(self.source, block, self.indent + STEP);
                self.enclosed("{", block.head.as_deref(), &text, "}");
            }
        }
    }

    /// Whether a block that is too long stays on its line: what it holds is as long on its own, or would read as something else.
    fn breaks_in_vain(&self, block: &Block, text: &str) -> bool {
        let word = matches!(block.items.as_slice(), [Item { kind: ItemKind::Entry { value: Some(Value::Word(_)), .. }, .. }]);
        // `{ run """ }` opens a raw block if nothing follows on its line.
        let alone = self.indent + STEP + width(text) - width("{  }");
        word && alone > WIDTH || text.trim_end_matches([' ', '}']).ends_with("\"\"\"")
    }

    /// `{ a: b, c: d }`, `{ x; y }`
    fn flat_block(&mut self, block: &Block, comments: bool) {
        self.failed |= comments || !block.inline;
        self.push("{ ");
        for (index, item) in block.items.iter().enumerate() {
            self.failed |= item.trivia.trailing.is_some() || !item.trivia.leading.is_empty();
            if self.failed {
                return;
            }
            self.item(item, 0);
            let last = index + 1 == block.items.len();
            self.push(match item.kind {
                _ if last => "",
                ItemKind::Entry { .. } => ", ",
                _ => "; ",
            });
        }
        self.push(" }");
    }

    fn enclosed(&mut self, open: &str, head: Option<&str>, lines: &str, close: &str) {
        self.push(open);
        if let Some(head) = head {
            self.push("  ");
            self.push(head);
        }
        self.push("\n");
        self.push(lines);
        self.push(&" ".repeat(self.indent));
        self.push(close);
    }
}
