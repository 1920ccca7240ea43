//! Statements and entries.

use super::{STEP, Writer, width};
use crate::syntax::ast::{Block, Body, Declaration, Event, Item, ItemKind, Kind, Otherwise, Parameter, Quote, Statement};
use crate::syntax::ast::{StepBody, Uses, Value, Word};
use crate::syntax::symbols::Keyword;

impl Writer<'_> {
    /// A statement or an entry, without its comments; `padding` more blanks before the brace of a row.
    pub(super) fn item(&mut self, item: &Item, padding: usize) {
        match &item.kind {
            ItemKind::Entry { key, value } => {
                self.word(key);
                self.push(":");
                if let Some(value) = value {
                    self.push(" ");
                    self.value(value);
                }
            }
            ItemKind::Row { value, block } => {
                self.word(value);
                self.push(" ");
                let start = self.out.len();
                self.block(block, 0);
                if padding > 0 {
                    self.out.insert_str(start, &" ".repeat(padding));
                }
            }
            ItemKind::Setting { name, words, block } => {
                self.word(name);
                self.parts(words);
                self.block_behind(block.as_ref());
            }
            ItemKind::Call { name, arguments } => {
                self.word(name);
                let print = |writer: &mut Self, (name, value): &(Option<Word>, Value)| {
                    if let Some(name) = name {
                        writer.word(name);
                        writer.push(": ");
                    }
                    writer.value(value);
                };
                self.parenthesised(arguments, item, print);
            }
            ItemKind::Statement(statement) => self.statement(statement, item),
        }
    }

    fn statement(&mut self, statement: &Statement, item: &Item) {
        self.push(statement.keyword.word());
        match &statement.kind {
            Kind::Plain { values, block } => {
                self.plain(statement.keyword, values);
                self.block_behind(block.as_ref());
            }
            Kind::List { items, clauses, when } => {
                self.push(" ");
                self.words(items);
                for (clause, words) in clauses {
                    self.clause(clause, words);
                }
                if let Some(when) = when {
                    self.push(" when ");
                    self.expr(when);
                }
            }
            Kind::Run(command) => {
                self.push(" ");
                self.command(command);
            }
            Kind::Uses(uses) => self.uses(uses),
            Kind::Step { id, title, when, body } => {
                self.parts(id.iter().chain(title));
                if let Some(when) = when {
                    self.push(" when ");
                    self.expr(when);
                }
                match body {
                    StepBody::Command(command) => self.command_behind(command),
                    StepBody::Uses(uses) => {
                        self.push(" uses");
                        self.uses(uses);
                    }
                    // `step: x` would be an entry.
                    StepBody::Block(block) if id.is_some() || title.is_some() || when.is_some() => self.work(block, item),
                    StepBody::Block(block) => self.block_behind(Some(block)),
                }
            }
            Kind::Job { name, title, body } => {
                self.parts(std::iter::once(name).chain(title));
                match body {
                    Body::Command(command) => self.command_behind(command),
                    Body::Block(block) => self.work(block, item),
                }
            }
            Kind::Condition { expr, block } => {
                if let Some(expr) = expr {
                    self.push(match statement.keyword {
                        Keyword::MayFail => " when ",
                        Keyword::Optimize => " by ",
                        _ => " ",
                    });
                    self.expr(expr);
                }
                self.block_behind(block.as_ref());
            }
            Kind::On { events, branches, block } => {
                self.push(" ");
                self.commas(events, event_span, Self::event);
                if !branches.is_empty() {
                    self.clause("to", branches);
                }
                self.block_behind(block.as_ref());
            }
            Kind::Axis { name, values } => {
                self.part(name);
                self.push(": ");
                self.commas(values, Value::span, Self::value);
            }
            Kind::Rows { name, rows } => {
                self.part(name);
                self.block_behind(Some(rows));
            }
            Kind::Declaration(declaration) => self.declaration(statement.keyword, declaration),
            Kind::Let { name, value } => {
                self.part(name);
                self.push(" = ");
                self.value(value);
            }
            Kind::Definition { name, parameters, block } => {
                self.part(name);
                self.parameters(parameters, item);
                self.block_behind(Some(block));
            }
            Kind::For { name, over, block } => {
                self.part(name);
                self.push(" in ");
                self.value(over);
                self.block_behind(Some(block));
            }
            Kind::If { .. } => self.branches(&statement.kind),
        }
    }

    fn plain(&mut self, keyword: Keyword, values: &[Value]) {
        let words = if keyword == Keyword::Shards { values.split_at(values.len().min(1)).0 } else { values };
        for value in words {
            self.push(" ");
            self.value(value);
        }
        if let Some(files) = values.get(words.len()..).filter(|files| !files.is_empty()) {
            self.push(" of files ");
            self.commas(files, Value::span, Self::value);
        }
    }

    /// ` word`
    fn part(&mut self, word: &Word) {
        self.push(" ");
        self.word(word);
    }

    fn parts<'t>(&mut self, words: impl IntoIterator<Item = &'t Word>) {
        for word in words {
            self.part(word);
        }
    }

    fn words(&mut self, words: &[Word]) {
        self.commas(words, |word| word.span, Self::word);
    }

    /// ` from a, b`
    fn clause(&mut self, clause: &str, words: &[Word]) {
        self.push(" ");
        self.push(clause);
        if !words.is_empty() {
            self.push(" ");
            self.words(words);
        }
    }

    fn block_behind(&mut self, block: Option<&Block>) {
        if let Some(block) = block {
            self.push(" ");
            self.block(block, 0);
        }
    }

    fn command_behind(&mut self, command: &Word) {
        self.push(": ");
        self.command(command);
    }

    fn uses(&mut self, uses: &Uses) {
        self.part(&uses.action);
        self.block_behind(uses.block.as_ref());
    }

    /// The block of a job or step; one that holds one command and nothing else has a shorter spelling.
    fn work(&mut self, block: &Block, item: &Item) {
        match only_command(block) {
            // A comment behind it would become part of the command.
            Some(command) if item.trivia.trailing.is_none() && self.fits(2 + width(command.text.as_str())) => {
                self.command_behind(command);
            }
            _ => self.block_behind(Some(block)),
        }
    }

    fn event(&mut self, event: &Event) {
        self.word(&event.name);
        for (index, cron) in event.crons.iter().enumerate() {
            self.push(if index > 0 { "," } else { "" });
            self.part(cron);
        }
        if let Some(zone) = &event.zone {
            self.push(" in");
            self.part(zone);
        }
    }

    fn declaration(&mut self, keyword: Keyword, declaration: &Declaration) {
        let Declaration { name, of_type, optional, required, choices, value, description, deprecated } = declaration;
        self.part(name);
        if keyword != Keyword::Secret {
            self.push(":");
        }
        self.parts(of_type);
        self.push(if *optional { "?" } else { "" });
        self.push(if *required { "!" } else { "" });
        if let Some(choices) = choices {
            self.push(" ");
            self.list(choices);
        }
        if let Some(value) = value {
            self.push(if keyword == Keyword::Input { " =" } else { "" });
            self.part(value);
        }
        self.parts(description);
        if let Some(deprecated) = deprecated {
            self.push(" deprecated");
            self.part(deprecated);
        }
    }

    fn parameters(&mut self, parameters: &[Parameter], item: &Item) {
        self.parenthesised(parameters, item, |writer, parameter| {
            writer.word(&parameter.name);
            if let Some(default) = &parameter.default {
                writer.push(" = ");
                writer.value(default);
            }
        });
    }

    /// `(a, b)`; one a line where they do not fit on one.
    fn parenthesised<T>(&mut self, things: &[T], item: &Item, print: impl Fn(&mut Self, &T)) {
        let flat = self.flat(|trial| {
            for (index, thing) in things.iter().enumerate() {
                trial.push(if index > 0 { ", " } else { "" });
                print(trial, thing);
            }
        });
        // Room for the brace of a definition.
        let tail = if matches!(item.kind, ItemKind::Call { .. }) { 2 } else { 4 };
        self.push("(");
        match flat {
            Some(text) if self.fits(width(&text) + tail) => self.push(&text),
            _ if things.is_empty() => {}
            _ => {
                let indent = self.indent;
                self.indent += STEP;
                for (index, thing) in things.iter().enumerate() {
                    self.push(if index > 0 { "," } else { "" });
                    self.line(self.indent);
                    print(self, thing);
                }
                self.indent = indent;
                self.line(indent);
            }
        }
        self.push(")");
    }

    /// `if a { … } else if b { … } else { … }`
    fn branches(&mut self, kind: &Kind) {
        let Kind::If { condition, block, otherwise } = kind else { return };
        self.push(" ");
        self.condition(condition);
        self.push(" ");
        self.block(block, if otherwise.is_some() { width(" else {") } else { 0 });
        match otherwise {
            None => {}
            Some(Otherwise::Block(block)) => {
                self.push(" else");
                self.block_behind(Some(block));
            }
            Some(Otherwise::If(item)) => {
                self.push(" else ");
                self.item(item, 0);
            }
        }
    }
}

/// The one command of a block without comments, if it takes one line and nobody could take it for a raw block.
fn only_command(block: &Block) -> Option<&Word> {
    let [item] = block.items.as_slice() else { return None };
    let ItemKind::Statement(Statement { kind: Kind::Run(command), .. }) = &item.kind else { return None };
    let commented =
        block.head.is_some() || !block.tail.is_empty() || !item.trivia.leading.is_empty() || item.trivia.trailing.is_some();
    let text = command.text.as_str();
    let plain = command.quote == Quote::Bare && !text.contains('\n') && !text.ends_with("\"\"\"");
    (plain && !commented).then_some(command)
}

fn event_span(event: &Event) -> crate::source::Span {
    let last = event.zone.as_ref().or(event.crons.last()).unwrap_or(&event.name);
    event.name.span.to(last.span)
}
