//! `on`.

use super::Importer;
use super::file::{hang, named};
use super::spec::{Block, Body, Line, Writer};
use super::tree::{Entry, Kind, Tree};
use super::words::{Place, own, quoted, written};
use crate::diagnostics::codes::e0509_missing_key::missing_key;
use crate::text::Text;
use crate::workflow::model::{CallRecord, Cron, DispatchRecord, Filter, Input, Output, SecretRecord};

/// An event, and what follows its name.
struct On {
    name: Text,
    branches: Vec<Text>,
    body: Body,
    before: Vec<String>,
    after: Option<String>,
}

impl On {
    fn bare(name: Text) -> Self {
        Self { name, branches: Vec::new(), body: Body::None, before: Vec::new(), after: None }
    }

    /// Whether the next event can stand in the same statement.
    fn takes(&self, next: &Self) -> bool {
        let uncommented = self.after.is_none() && next.after.is_none() && next.before.is_empty();
        uncommented && self.filters().as_str() == next.filters().as_str()
    }

    /// What follows the name.
    fn filters(&self) -> Text {
        let line = Line::default().words(&self.branches).body(self.body.clone());
        Writer::spec(&Block { lines: vec![line], ..Block::default() })
    }
}

impl Importer {
    pub(super) fn triggers(&self, tree: &Tree) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut events: Vec<On> = Vec::new();
        match &tree.kind {
            Kind::List(items) => {
                for item in items {
                    let Some(name) = self.scalar("an event", item) else { continue };
                    events.push(On { before: item.before.clone(), after: item.after.clone(), ..On::bare(name) });
                }
            }
            Kind::Map(entries) => {
                for Entry { key, value } in entries {
                    if key.as_str() == "schedule" {
                        flush(&mut events, &mut lines);
                        lines.extend(self.schedule(key, value));
                    } else {
                        let mut on = self.event(key, value);
                        on.before.splice(0..0, value.before.iter().cloned());
                        on.after.clone_from(&value.after);
                        events.push(on);
                    }
                }
            }
            Kind::Null => {
                self.want("`on`", tree, "an event", false);
            }
            _ => events.extend(self.scalar("`on`", tree).map(On::bare)),
        }
        flush(&mut events, &mut lines);
        hang(&mut lines, tree);
        if let Some(last) = lines.last_mut().filter(|_| !tree.tail.is_empty()) {
            // There is no block to put them at the end of.
            last.before.extend(tree.tail.iter().cloned());
        }
        lines
    }

    fn event(&self, name: &Text, tree: &Tree) -> On {
        let mut on = On::bare(name.clone());
        let of = format!("`{}`", name.as_str());
        if tree.is_null() {
            return on;
        }
        let mut block = Block { tail: tree.tail.clone(), ..Block::default() };
        block.tall = matches!(name.as_str(), "workflow_dispatch" | "workflow_call");
        match name.as_str() {
            "workflow_dispatch" => {
                for entry in self.record(&of, tree, DispatchRecord::KEYS) {
                    block.lines.extend(self.inputs(&entry.value, false));
                }
            }
            "workflow_call" => {
                for entry in self.record(&of, tree, CallRecord::KEYS) {
                    let value = &entry.value;
                    let mut lines: Vec<Line> = match entry.key.as_str() {
                        "inputs" => self.inputs(value, true),
                        "secrets" => value.entries().iter().map(|secret| self.secret(secret)).collect(),
                        _ => value.entries().iter().filter_map(|output| self.output(output)).collect(),
                    };
                    hang(&mut lines, value);
                    block.lines.append(&mut lines);
                    block.tail.extend(value.tail.iter().cloned());
                }
            }
            _ => {
                for entry in self.record(&of, tree, Filter::KEYS) {
                    if entry.value.is_null() {
                        continue;
                    }
                    let texts = self.texts(&format!("`{}`", entry.key.as_str()), &entry.value);
                    if entry.key.as_str() == "branches" && !entry.value.has_comments() && !texts.is_empty() {
                        on.branches = texts;
                    } else {
                        block.lines.push(Self::filter(entry, &texts));
                    }
                }
            }
        }
        if !block.lines.is_empty() || !block.tail.is_empty() {
            on.body = Body::Block(block);
        }
        on
    }

    /// Filters are texts, whatever they look like.
    fn filter(Entry { key, value }: &Entry, texts: &[Text]) -> Line {
        let line = Line { entry: true, ..Line::default() }.word(key).glue(":").comments(&value.before, value.after.as_ref());
        let items: Vec<Line> = match &value.kind {
            Kind::List(items) => items
                .iter()
                .zip(texts)
                .map(|(item, text)| Line::default().word(&written(text, Place::Item)).comments(&item.before, item.after.as_ref()))
                .collect(),
            _ => texts.iter().map(|text| Line::default().word(&written(text, Place::Item))).collect(),
        };
        line.body(Body::List(Block { lines: items, tail: value.tail.clone(), ..Block::default() }))
    }

    fn schedule(&self, name: &Text, tree: &Tree) -> Vec<Line> {
        let Kind::List(items) = &tree.kind else {
            self.want("`schedule`", tree, "a list of times, each with its `cron`", false);
            return Vec::new();
        };
        let mut lines = Vec::new();
        for item in items {
            let (mut cron, mut zone) = (None, None);
            let mut comments = item.before.clone();
            let mut after = item.after.clone();
            for entry in self.record("a time of `schedule`", item, Cron::KEYS) {
                let text = self.scalar(&format!("`{}`", entry.key.as_str()), &entry.value);
                if entry.key.as_str() == "cron" {
                    cron = text;
                } else {
                    zone = text;
                }
                comments.extend(entry.value.before.iter().cloned());
                after = after.or_else(|| entry.value.after.clone());
            }
            let Some(cron) = cron else {
                if item.is_map() {
                    self.say(missing_key("a time of `schedule`", "cron", item.span));
                }
                continue;
            };
            let mut line = Line::new("on", name.span()).word(name).word(&quoted(&cron)).comments(&comments, after.as_ref());
            if let Some(zone) = &zone {
                line = line.own("in").word(&quoted(zone));
            }
            lines.push(line);
        }
        hang(&mut lines, tree);
        lines
    }

    fn inputs(&self, tree: &Tree, called: bool) -> Vec<Line> {
        self.want("`inputs`", tree, "a mapping", tree.is_map() || tree.is_null());
        let mut lines: Vec<Line> = tree.entries().iter().map(|entry| self.input(entry, called)).collect();
        hang(&mut lines, tree);
        lines
    }

    fn input(&self, Entry { key, value }: &Entry, called: bool) -> Line {
        let of = format!("the input `{}`", key.as_str());
        let (mut kind, mut required, mut default, mut options) = (None, false, None, Vec::new());
        let (mut description, mut deprecated) = (None, None);
        let mut line = Line::new("input", key.span()).word(key).glue(":").comments(&value.before, value.after.as_ref());
        if !value.is_null() {
            for Entry { key, value } in self.record(&of, value, Input::KEYS) {
                line = line.comments(&value.before, value.after.as_ref());
                match key.as_str() {
                    "type" => kind = self.scalar("`type`", value),
                    "required" => {
                        let fine = matches!(value.kind, Kind::Bool(_));
                        self.want("`required`", value, "`true` or `false`", fine);
                        required = matches!(value.kind, Kind::Bool(true));
                    }
                    "default" => default = self.scalar("`default`", value).filter(|_| !value.is_null()).map(|text| (text, value)),
                    "options" => options = self.texts("`options`", value),
                    "description" => description = self.scalar("`description`", value).filter(|text| !text.is_empty()),
                    _ => deprecated = self.scalar("`deprecationMessage`", value),
                }
            }
        }
        if called && kind.is_none() {
            self.say(missing_key(&of, "type", key.span()));
        }
        let kind = kind.unwrap_or_else(|| own("string", key.span()));
        line = line.word(&kind);
        if required && default.is_some() {
            line = line.glue("!");
        } else if !required && default.is_none() {
            line = line.glue("?");
        }
        if !options.is_empty() {
            let items: Vec<Text> = options.iter().map(|option| written(option, Place::Item)).collect();
            let first = items.first().cloned().unwrap_or_default();
            let mut list = own("[", first.span());
            for (index, item) in items.iter().enumerate() {
                list.push(if index > 0 { ", " } else { "" }, item.span().head());
                list.extend(item, 0..item.len());
            }
            list.push("]", list.span().tail());
            line = line.word(&list);
        }
        if let Some((text, value)) = &default {
            let bare = match kind.as_str() {
                "boolean" => matches!(text.as_str(), "true" | "false"),
                "number" => matches!(value.kind, Kind::Number(_)),
                _ => false,
            };
            line = line.own("=").word(&if bare { text.clone() } else { word_or_string(text) });
        }
        if let Some(text) = &description {
            line = line.word(&quoted(text));
        }
        if let Some(text) = &deprecated {
            line = line.own("deprecated").word(&quoted(text));
        }
        line
    }

    fn secret(&self, Entry { key, value }: &Entry) -> Line {
        let (mut required, mut description) = (false, None);
        let mut line = Line::new("secret", key.span()).word(key).comments(&value.before, value.after.as_ref());
        if !value.is_null() {
            for Entry { key, value } in self.record("a secret", value, SecretRecord::KEYS) {
                line = line.comments(&value.before, value.after.as_ref());
                match key.as_str() {
                    "required" => required = matches!(value.kind, Kind::Bool(true)),
                    _ => description = self.scalar("`description`", value).filter(|text| !text.is_empty()),
                }
            }
        }
        if !required {
            line = line.glue("?");
        }
        match &description {
            Some(text) => line.word(&quoted(text)),
            None => line,
        }
    }

    fn output(&self, Entry { key, value }: &Entry) -> Option<Line> {
        let of = format!("the output `{}`", key.as_str());
        let (mut text, mut description) = (None, None);
        let mut line = named("output", value).word(key).glue(":");
        for Entry { key, value } in self.record(&of, value, Output::KEYS) {
            line = line.comments(&value.before, value.after.as_ref());
            match key.as_str() {
                "value" => text = self.scalar("`value`", value),
                _ => description = self.scalar("`description`", value).filter(|text| !text.is_empty()),
            }
        }
        let Some(text) = text else {
            self.say(missing_key(&of, "value", key.span()));
            return None;
        };
        line = line.word(&word_or_string(&text));
        Some(match &description {
            Some(text) => line.word(&quoted(text)),
            None => line,
        })
    }
}

/// A word where it cannot be taken for something else than text.
fn word_or_string(text: &Text) -> Text {
    if text.starts_with("${{") { written(text, Place::Word) } else { quoted(text) }
}

/// Writes the events that were gathered, those that can share a statement in one.
fn flush(events: &mut Vec<On>, lines: &mut Vec<Line>) {
    let mut open: Vec<On> = Vec::new();
    for event in events.drain(..) {
        if open.last().is_some_and(|last| !last.takes(&event)) {
            lines.extend(statement(std::mem::take(&mut open)));
        }
        open.push(event);
    }
    lines.extend(statement(open));
}

fn statement(events: Vec<On>) -> Option<Line> {
    let names: Vec<Text> = events.iter().map(|event| event.name.clone()).collect();
    let before = events.first().map(|event| event.before.clone()).unwrap_or_default();
    let last = events.into_iter().next_back()?;
    let mut line = Line::new("on", names.first()?.span()).words(&names).comments(&before, last.after.as_ref());
    if !last.branches.is_empty() {
        let branches: Vec<Text> = last.branches.iter().map(|branch| written(branch, Place::Word)).collect();
        line = line.own("to").words(&branches);
    }
    Some(line.body(last.body))
}
