//! `strategy`.

use super::Importer;
use super::file::{hang, named};
use super::spec::{Block, Body, Line};
use super::tree::{Entry, Kind, Tree};
use super::words::{Place, written};
use crate::workflow::model::Strategy;

impl Importer {
    pub(super) fn strategy(&self, tree: &Tree) -> Vec<Line> {
        let mut lines = Vec::new();
        for Entry { key, value } in self.record("`strategy`", tree, Strategy::KEYS) {
            match key.as_str() {
                "matrix" => lines.extend(self.matrix(value)),
                "fail-fast" => {
                    let line = named("fail-fast", value);
                    lines.extend(match &value.kind {
                        Kind::Bool(on) => Some(line.own(if *on { "on" } else { "off" })),
                        Kind::Text(text) if value.is_hole() => Some(line.word(&written(text, Place::Word))),
                        _ => {
                            self.want("`fail-fast`", value, "`true`, `false` or an expression", false);
                            None
                        }
                    });
                }
                _ => {
                    let fine = matches!(value.kind, Kind::Number(_)) || value.is_hole();
                    if self.want("`max-parallel`", value, "a number", fine) {
                        let text = value.scalar().unwrap_or_default();
                        lines.push(named("max-parallel", value).word(&written(&text, Place::Word)));
                    }
                }
            }
        }
        hang(&mut lines, tree);
        lines
    }

    fn matrix(&self, tree: &Tree) -> Option<Line> {
        let line = named("matrix", tree);
        if tree.is_hole() {
            return Some(line.word(&written(tree.text()?, Place::Word)));
        }
        if !self.want("`matrix`", tree, "a mapping or an expression", tree.is_map()) {
            return None;
        }
        if let [Entry { key, value }] = tree.entries()
            && let Kind::List(items) = &value.kind
            && !matches!(key.as_str(), "include" | "exclude")
            && !items.is_empty()
            && !tree.has_comments()
            && items.iter().all(|item| matches!(item.kind, Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)))
        {
            let words: Vec<_> = items
                .iter()
                .map(|item| match &item.kind {
                    Kind::Text(text) => axis_word(text),
                    _ => item.scalar().unwrap_or_default(),
                })
                .collect();
            let length: usize = words.iter().map(|word| word.len() + 2).sum();
            if length < 80 {
                return Some(line.word(key).glue(":").words(&words));
            }
        }
        let mut block = Block { tail: tree.tail.clone(), ..Block::default() };
        for entry in tree.entries() {
            let Entry { key, value } = entry;
            match (key.as_str(), &value.kind) {
                ("include" | "exclude", Kind::List(rows)) => {
                    let mut lines: Vec<Line> = rows
                        .iter()
                        .filter(|row| self.want(&format!("a row of `{}`", key.as_str()), row, "a mapping", row.is_map()))
                        .map(|row| named(key, row).body(Body::Block(self.map_at(row, Place::Row))))
                        .collect();
                    hang(&mut lines, value);
                    block.lines.append(&mut lines);
                    block.tail.extend(value.tail.iter().cloned());
                }
                (_, Kind::List(_)) => block.lines.push(self.entry_at(entry, Place::Row)),
                _ if value.is_hole() => block.lines.push(self.entry(entry)),
                _ => {
                    self.want(&format!("`{}`", key.as_str()), value, "a list or an expression", false);
                }
            }
        }
        Some(line.body(Body::Block(block)))
    }
}

/// A value of an axis behind `matrix NAME:`, where words end at blanks.
fn axis_word(text: &crate::text::Text) -> crate::text::Text {
    let item = written(text, Place::Item);
    if item.starts_with(['"', '\'']) { item } else { written(text, Place::Word) }
}
