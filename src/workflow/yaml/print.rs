//! From tree to text.
//!
//! The layout is that of a careful engineer: two blanks a level, lists indented below their key, short lists on one line, scripts as
//! literal blocks, no line folded, blank lines where [`Gap`] asks for them.

use std::borrow::Cow;

use crate::source::Span;

use super::quote::{Place, is_escaped, is_plain, quoted};
use super::{Gap, Kind, Map, Node, block};

/// The widest line that a list on one line may make.
const WIDTH: usize = 100;

/// YAML takes a key of more than 1024 characters only after a question mark.
const LONG_KEY: usize = 1000;

/// Printed YAML.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Printed {
    /// The text; it ends with a newline.
    pub text: String,
    /// For each line, where in the spec the innermost node comes from that knows it.
    pub lines: Vec<Option<Span>>,
    /// The length of the longest string in it, in bytes.
    pub longest: usize,
}

/// The document, below comment lines that stand apart from it.
pub fn print(header: &[String], root: &Node) -> Printed {
    let mut printer = Printer::below(header);
    match &root.kind {
        Kind::Map(map) if !map.is_empty() => printer.map(root.gap, entries(map), "", ""),
        Kind::Seq(items) if !items.is_empty() => printer.seq(root, items, "", ""),
        _ => printer.value(root, ""),
    }
    printer.out
}

/// The same for a mapping, where the key `of` has these `items` as its entries: each is made when it is printed. They are never none.
pub fn print_below<'n>(header: &[String], root: &Node, of: &str, items: impl Iterator<Item = (&'n str, Node)>) -> Printed {
    let mut printer = Printer::below(header);
    let (Kind::Map(map), mut items) = (&root.kind, Some(items)) else { return printer.out };
    let mut above = None;
    for (key, value) in map {
        if let Some(items) = items.take_if(|_| key == of) {
            above = Some(printer.entry(root.gap, above, value, "", |printer| {
                printer.push(&[key, ":"]);
                printer.end_of(value);
                printer.map(value.gap, items.map(|(key, item)| (key, Cow::Owned(item))), "  ", "  ");
            }));
        } else {
            above = Some(printer.keyed(root.gap, above, key, value, "", ""));
        }
    }
    printer.out
}

fn entries(map: &Map) -> impl Iterator<Item = (&str, Cow<'_, Node>)> {
    map.iter().map(|(key, value)| (key.as_str(), Cow::Borrowed(value)))
}

#[derive(Default)]
struct Printer {
    out: Printed,
    /// What the lines being printed come from.
    origin: Option<Span>,
    /// Where a block ended that keeps its trailing newlines: a blank line there would become part of it.
    kept: Option<usize>,
}

impl Printer {
    /// A printer that has printed comment lines that stand apart from what follows.
    fn below(header: &[String]) -> Self {
        let mut printer = Self::default();
        printer.comments("", header);
        if !header.is_empty() {
            printer.end();
        }
        printer
    }

    fn push(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.text.push_str(part));
    }

    /// Ends a line.
    fn end(&mut self) {
        self.out.text.push('\n');
        self.out.lines.push(self.origin);
    }

    /// Ends the first line of a node, with its comment.
    fn end_of(&mut self, node: &Node) {
        if let Some(comment) = &node.after {
            self.push(&[" ", &comment_text(&comment.replace('\n', " "))]);
        }
        self.end();
    }

    fn line(&mut self, parts: &[&str]) {
        self.push(parts);
        self.end();
    }

    /// What has been written of the line so far.
    fn begun(&self) -> &str {
        let text = &self.out.text;
        &text[text.rfind('\n').map_or(0, |newline| newline + 1)..]
    }

    /// Comment lines, indented as `lead` is.
    fn comments(&mut self, lead: &str, comments: &[String]) {
        let indent = &lead[..lead.len() - lead.trim_start_matches(' ').len()];
        for line in comments.iter().flat_map(|comment| comment.split('\n')) {
            self.line(&[indent, &comment_text(line)]);
        }
    }

    /// The entries of a mapping at `indent`; the first line begins with `lead` in place of it.
    fn map<'n>(&mut self, gap: Gap, entries: impl Iterator<Item = (&'n str, Cow<'n, Node>)>, indent: &str, lead: &str) {
        let mut above = None;
        for (key, value) in entries {
            let lead = if above.is_none() { lead } else { indent };
            above = Some(self.keyed(gap, above, key, &value, indent, lead));
        }
    }

    /// One entry of a mapping.
    fn keyed(&mut self, gap: Gap, above: Option<bool>, key: &str, value: &Node, indent: &str, lead: &str) -> bool {
        self.entry(gap, above, value, lead, |printer| {
            // `on` is true in YAML 1.1, but no one would write the quotes, and GitHub does not need them.
            let plain_on = indent.is_empty() && key == "on";
            let key = if plain_on { key.into() } else { quoted(key, Place::Key) };
            if key.len() > LONG_KEY && key.chars().count() > LONG_KEY {
                printer.line(&[lead, "? ", &key]);
                printer.push(&[indent, ":"]);
            } else {
                printer.push(&[lead, &key, ":"]);
            }
            if value.is_nested() { printer.nested(value, indent) } else { printer.value(value, indent) }
        })
    }

    /// The entries of a list whose dashes stand at `indent`.
    fn seq(&mut self, node: &Node, items: &[Node], indent: &str, lead: &str) {
        let inner = format!("{indent}  ");
        let mut above = None;
        for item in items {
            let lead = if above.is_none() { lead } else { indent };
            above = Some(self.entry(node.gap, above, item, lead, |printer| match &item.kind {
                Kind::Seq(_) | Kind::Map(_) if item.is_nested() => {
                    if let Some(comment) = &item.after {
                        printer.comments(lead, std::slice::from_ref(comment));
                    }
                    let dash = format!("{lead}- ");
                    match (&item.kind, one_line(item, || dash.len())) {
                        (_, Some(list)) => printer.line(&[&dash, &list]),
                        (Kind::Map(map), _) => printer.map(item.gap, entries(map), &inner, &dash),
                        (Kind::Seq(items), _) => printer.seq(item, items, &inner, &dash),
                        _ => {}
                    }
                }
                Kind::Null => {
                    printer.push(&[lead, "- null"]);
                    printer.end_of(item);
                }
                _ => {
                    printer.push(&[lead, "-"]);
                    printer.value(item, indent);
                }
            }));
        }
    }

    /// One entry, with the comments above it and, where `gap` wants it, a blank line above these. `above` is what this said of
    /// the entry before: whether it has more than one line.
    fn entry(&mut self, gap: Gap, above: Option<bool>, node: &Node, lead: &str, print: impl FnOnce(&mut Self)) -> bool {
        let outer = self.origin;
        self.origin = node.origin.or(outer);
        let (text_at, line_at) = (self.out.text.len(), self.out.lines.len());
        let glued = self.kept == Some(text_at);
        self.comments(lead, &node.before);
        print(self);
        self.origin = outer;
        let is_long = self.out.lines.len() - line_at > 1;
        let apart = match gap {
            Gap::None => false,
            Gap::All => above.is_some(),
            Gap::Long => above.is_some_and(|above| above || is_long),
        };
        if apart && !glued {
            self.out.text.insert(text_at, '\n');
            self.out.lines.insert(line_at, None);
            self.kept = self.kept.map(|at| if at > text_at { at + 1 } else { at });
        }
        is_long
    }

    /// A value with entries, behind its key.
    fn nested(&mut self, node: &Node, indent: &str) {
        if let Some(list) = one_line(node, || self.begun().chars().count() + 1) {
            self.push(&[" ", &list]);
            return self.end_of(node);
        }
        self.end_of(node);
        let inner = format!("{indent}  ");
        match &node.kind {
            Kind::Map(map) => self.map(node.gap, entries(map), &inner, &inner),
            Kind::Seq(items) => self.seq(node, items, &inner, &inner),
            _ => {}
        }
    }

    /// A value that has no entries, behind its key or dash.
    fn value(&mut self, node: &Node, indent: &str) {
        self.out.longest = self.out.longest.max(node.as_str().map_or(0, str::len));
        let separator = if self.begun().is_empty() { "" } else { " " };
        if let Kind::Str(text) = &node.kind
            && let Some(header) = block::header(text)
        {
            self.push(&[separator, &header]);
            self.end_of(node);
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                if line.is_empty() { self.end() } else { self.line(&[indent, "  ", line]) }
            }
            if header.ends_with('+') {
                self.kept = Some(self.out.text.len());
            }
            return;
        }
        if node.kind != Kind::Null {
            self.push(&[separator, &scalar(&node.kind, Place::Block)]);
        }
        self.end_of(node);
    }
}

/// What has no entries, on one line.
fn scalar(kind: &Kind, place: Place) -> Cow<'_, str> {
    match kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => if *value { "true" } else { "false" }.into(),
        Kind::Num(spelling) => spelling.into(),
        Kind::Str(text) => quoted(text, place),
        Kind::Seq(_) => "[]".into(),
        Kind::Map(_) => "{}".into(),
    }
}

/// `[a, b]`, where that is wanted, short enough from `column` on, and asks for no quotes that a list of lines would not need.
fn one_line(node: &Node, column: impl FnOnce() -> usize) -> Option<String> {
    let Kind::Seq(items) = &node.kind else { return None };
    let fits = |item: &Node| {
        let same = item
            .as_str()
            .is_none_or(|text| !text.contains(is_escaped) && is_plain(text, Place::Flow) == is_plain(text, Place::Block));
        same && item.before.is_empty() && item.after.is_none() && !item.is_nested()
    };
    if !node.flow || !items.iter().all(fits) {
        return None;
    }
    let parts: Vec<_> = items.iter().map(|item| scalar(&item.kind, Place::Flow)).collect();
    let list = format!("[{}]", parts.join(", "));
    (column() + list.chars().count() <= WIDTH).then_some(list)
}

/// A comment can't hold what some parser takes for the end of its line.
fn comment_text(text: &str) -> String {
    let safe: String = text.chars().map(|c| if is_escaped(c) { ' ' } else { c }).collect();
    format!("# {safe}").trim_end().to_owned()
}
