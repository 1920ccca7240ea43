//! Values and conditions.

use super::Importer;
use super::spec::{Block, Body, Line};
use super::tree::{Entry, Kind, Tree};
use super::words::{Place, is_raw, quoted, verbatim, written};
use crate::expr;
use crate::text::Text;

/// A list is written on one line up to this many items of a text.
const FEW: usize = 5;
/// A longer condition is broken behind its outermost operators.
const LONG: usize = 90;
/// Between the lines of a condition.
const CONTINUED: &str = "\n        ";

impl Importer {
    /// `when …`: a condition, between raw quotes where a string in it goes over several lines.
    pub(super) fn when(&self, tree: &Tree) -> Option<Line> {
        let condition = self.condition("`if`", tree)?;
        let line = super::file::named("when", tree);
        Some(if breaks_a_string(&condition) { line.body(raw_condition(condition)) } else { line.word(&condition) })
    }

    /// A condition: the inside of its `${{ }}`, on one line or on the author's own where the language can tell that it goes on.
    pub(super) fn condition(&self, of: &str, tree: &Tree) -> Option<Text> {
        let text = self.scalar(of, tree)?;
        let text = trimmed(&text);
        if tree.is_hole() {
            let inner = text.trim_end_matches("}}").len();
            let mut inside = Text::default();
            inside.extend(&text, 3..inner);
            return Some(broken(lines_joined(trimmed(&inside))));
        }
        if !text.contains("${{") {
            return Some(broken(lines_joined(text)));
        }
        let format = expr::text::as_format(&text).map(|format| Text::verbatim(format, text.span()));
        Some(format.unwrap_or(text))
    }

    /// `KEYWORD { … }` of entries.
    pub(super) fn map_statement(&self, keyword: &str, tree: &Tree) -> Option<Line> {
        let line = Line::new(keyword, tree.span).comments(&tree.before, tree.after.as_ref());
        if tree.is_null() || !self.want(&format!("`{keyword}`"), tree, "a mapping", tree.is_map()) {
            return None;
        }
        Some(line.body(Body::Block(self.map(tree))))
    }

    /// The inputs of an action or a workflow; those with a name that is `reserved` there stand in quotes.
    pub(super) fn inputs_of(&self, with: &Tree, reserved: &[&str]) -> Block {
        let input = |Entry { key, value }: &Entry| {
            let name = if reserved.contains(&key.as_str()) { quoted(key) } else { written(key, Place::Key) };
            self.named_entry(&name, value, Place::Input)
        };
        let lines = with.entries().iter().map(input).collect();
        let mut block = Block { lines, tail: with.tail.clone(), ..Block::default() };
        super::file::hang(&mut block.lines, with);
        block
    }

    /// The entries of a mapping.
    pub(super) fn map(&self, tree: &Tree) -> Block {
        self.map_at(tree, Place::Value)
    }

    pub(super) fn map_at(&self, tree: &Tree, place: Place) -> Block {
        Block {
            lines: tree.entries().iter().map(|entry| self.entry_at(entry, place)).collect(),
            tail: tree.tail.clone(),
            ..Block::default()
        }
    }

    /// `key: value`
    pub(super) fn entry(&self, entry: &Entry) -> Line {
        self.entry_at(entry, Place::Value)
    }

    pub(super) fn entry_at(&self, Entry { key, value }: &Entry, place: Place) -> Line {
        self.named_entry(&written(key, Place::Key), value, place)
    }

    fn named_entry(&self, key: &Text, value: &Tree, place: Place) -> Line {
        let line = Line { entry: true, ..Line::default() }.word(key).glue(":");
        self.value(line, value, place).comments(&value.before, value.after.as_ref())
    }

    /// A value behind what is there of its line.
    pub(super) fn value(&self, line: Line, tree: &Tree, place: Place) -> Line {
        let in_matrix = matches!(place, Place::Row | Place::Axis);
        match &tree.kind {
            Kind::Null if place == Place::Item => line.own("\"\""),
            Kind::Null if place == Place::Axis => line.own("null"),
            Kind::Null => line,
            Kind::Number(spelling) if spelling.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
                line.word(&quoted(&Text::verbatim(spelling.as_str(), tree.span)))
            }
            Kind::Bool(_) | Kind::Number(_) => line.word(&tree.scalar().unwrap_or_default()),
            Kind::Text(text) => Self::text(line, text, place),
            Kind::List(items) => {
                let inner = if in_matrix { Place::Axis } else { Place::Item };
                let item = |item: &Tree| self.value(Line::default(), item, inner).comments(&item.before, item.after.as_ref());
                line.body(Body::List(Block {
                    lines: items.iter().map(item).collect(),
                    tail: tree.tail.clone(),
                    ..Block::default()
                }))
            }
            Kind::Map(_) => line.body(Body::Block(self.map_at(tree, if in_matrix { Place::Row } else { Place::Value }))),
        }
    }

    fn text(line: Line, text: &Text, place: Place) -> Line {
        if matches!(place, Place::Value | Place::Input | Place::Row) && text.contains('\n') {
            if let Some(items) = lines_as_list(text).filter(|_| place == Place::Input) {
                return line.body(Body::List(items));
            }
            if is_raw(text) {
                return line.body(Body::Raw { strip: !text.ends_with('\n'), lines: verbatim(text) });
            }
        }
        line.word(&written(text, place))
    }
}

/// A few short lines, each ended: a list, which becomes these lines where one text is wanted.
fn lines_as_list(text: &Text) -> Option<Block> {
    let lines: Vec<&str> = text.strip_suffix('\n')?.split('\n').collect();
    let plain = |line: &&str| !line.is_empty() && !line.starts_with(['#', '-']) && !line.contains(['"', '\'', '\\', ' ', ',']);
    if lines.len() > FEW || lines.len() < 2 || !lines.iter().all(plain) || text.len() > 80 {
        return None;
    }
    let mut at = 0;
    let mut block = Block::default();
    for line in lines {
        let mut item = Text::default();
        item.extend(text, at..at + line.len());
        block.lines.push(Line::default().word(&written(&item, Place::Item)));
        at += line.len() + 1;
    }
    Some(block)
}

/// Without blanks around it.
pub(super) fn trimmed(text: &Text) -> Text {
    let start = text.len() - text.trim_start().len();
    let mut out = Text::default();
    out.extend(text, start..start + text.trim().len());
    out
}

/// Whether a string of an expression holds a line end.
pub(super) fn breaks_a_string(text: &str) -> bool {
    text.split('\'').skip(1).step_by(2).any(|string| string.contains('\n'))
}

fn raw_condition(mut text: Text) -> Body {
    text.push("\n", text.span().tail());
    Body::Raw { strip: false, lines: verbatim(&text) }
}

/// The lines of an expression: with their breaks, where the language knows at each that the expression goes on; else on one line.
fn lines_joined(text: Text) -> Text {
    if breaks_a_string(&text) {
        return text;
    }
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let goes_on = |pair: &[&str]| {
        let (before, after) = (pair[0], pair[1]);
        before.ends_with("&&") || before.ends_with("||") || after.starts_with("&&") || after.starts_with("||")
    };
    let filled: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let between = if filled.windows(2).all(goes_on) { CONTINUED } else { " " };
    let mut out = Text::verbatim("", text.span().head());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if content.is_empty() {
            continue;
        }
        if !out.is_empty() {
            let place = text.source(start..start);
            out.push(between, place);
        }
        out.extend(&text, start..start + content.len());
    }
    out
}

/// A long condition of one line on several: behind each `||` that stands outside of all brackets, or behind each `&&` where there is none.
fn broken(text: Text) -> Text {
    if text.chars().count() <= LONG || text.contains('\n') {
        return text;
    }
    let breaks = [" || ", " && "].iter().map(|operator| outermost(&text, operator)).find(|found| !found.is_empty());
    let mut out = Text::verbatim("", text.span().head());
    let mut from = 0;
    for at in breaks.unwrap_or_default() {
        out.extend(&text, from..at);
        out.push(CONTINUED, text.source(at..at));
        from = at + 1;
    }
    out.extend(&text, from..text.len());
    out
}

/// Where the blanks behind an operator stand that is in no bracket and no string.
fn outermost(text: &str, operator: &str) -> Vec<usize> {
    let (mut depth, mut in_string, mut found) = (0_usize, false, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && text.as_bytes()[at..].starts_with(operator.as_bytes()) => found.push(at + operator.len() - 1),
            _ => {}
        }
    }
    found
}
