//! From tree to text.
//!
//! The layout is that of a careful engineer: two blanks a level, lists indented below their key, short lists on one line, scripts as
//! literal blocks, no line folded, blank lines where [`Gap`] asks for them.

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
}

/// The document, below comment lines that stand apart from it.
pub fn print(header: &[String], root: &Node) -> Printed {
    let mut printer = Printer::default();
    printer.comments("", header);
    if !header.is_empty() {
        printer.line("");
    }
    match &root.kind {
        Kind::Map(map) if !map.is_empty() => printer.map(root, map, "", ""),
        Kind::Seq(items) if !items.is_empty() => printer.seq(root, items, "", ""),
        _ => printer.value(root, "", ""),
    }
    printer.out
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
    fn line(&mut self, text: &str) {
        self.out.text.push_str(text);
        self.out.text.push('\n');
        self.out.lines.push(self.origin);
    }

    fn comments(&mut self, indent: &str, comments: &[String]) {
        for comment in comments {
            for line in comment.split('\n') {
                self.line(&format!("{indent}{}", comment_text(line)));
            }
        }
    }

    /// The entries of a mapping at `indent`; the first line begins with `lead` in place of it.
    fn map(&mut self, node: &Node, map: &Map, indent: &str, lead: &str) {
        let mut above = None;
        for (key, value) in map {
            let lead = if above.is_none() { lead } else { indent };
            above = Some(self.entry(node.gap, above, value, lead, |printer| {
                // `on` is true in YAML 1.1, but no one would write the quotes, and GitHub does not need them.
                let plain_on = indent.is_empty() && key == "on";
                let key = if plain_on { key.clone() } else { quoted(key, Place::Key) };
                let mut prefix = format!("{lead}{key}:");
                if key.chars().count() > LONG_KEY {
                    printer.line(&format!("{lead}? {key}"));
                    prefix = format!("{indent}:");
                }
                if value.is_nested() { printer.nested(value, &prefix, indent) } else { printer.value(value, &prefix, indent) }
            }));
        }
    }

    /// The entries of a list whose dashes stand at `indent`.
    fn seq(&mut self, node: &Node, items: &[Node], indent: &str, lead: &str) {
        let inner = format!("{indent}  ");
        let mut above = None;
        for item in items {
            let lead = if above.is_none() { lead } else { indent };
            above = Some(self.entry(node.gap, above, item, lead, |printer| {
                let dash = format!("{lead}- ");
                match &item.kind {
                    Kind::Seq(_) | Kind::Map(_) if item.is_nested() => {
                        if let Some(comment) = &item.after {
                            printer.comments(&blank(lead), std::slice::from_ref(comment));
                        }
                        match (&item.kind, one_line(item, dash.len())) {
                            (_, Some(list)) => printer.line(&format!("{dash}{list}")),
                            (Kind::Map(map), _) => printer.map(item, map, &inner, &dash),
                            (Kind::Seq(items), _) => printer.seq(item, items, &inner, &dash),
                            _ => {}
                        }
                    }
                    Kind::Null => printer.line(&with_comment(format!("{lead}- null"), item)),
                    _ => printer.value(item, &format!("{lead}-"), indent),
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
        self.comments(&blank(lead), &node.before);
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

    fn nested(&mut self, node: &Node, prefix: &str, indent: &str) {
        if let Some(list) = one_line(node, prefix.chars().count() + 1) {
            return self.line(&with_comment(format!("{prefix} {list}"), node));
        }
        self.line(&with_comment(prefix.to_owned(), node));
        let inner = format!("{indent}  ");
        match &node.kind {
            Kind::Map(map) => self.map(node, map, &inner, &inner),
            Kind::Seq(items) => self.seq(node, items, &inner, &inner),
            _ => {}
        }
    }

    /// A value that has no entries.
    fn value(&mut self, node: &Node, prefix: &str, indent: &str) {
        if let Kind::Str(text) = &node.kind
            && let Some(header) = block::header(text)
        {
            let separator = if prefix.is_empty() { "" } else { " " };
            self.line(&with_comment(format!("{prefix}{separator}{header}"), node));
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                if line.is_empty() { self.line("") } else { self.line(&format!("{indent}  {line}")) }
            }
            if header.ends_with('+') {
                self.kept = Some(self.out.text.len());
            }
            return;
        }
        let value = match &node.kind {
            Kind::Null => String::new(),
            kind => scalar(kind, Place::Block),
        };
        let separator = if prefix.is_empty() || value.is_empty() { "" } else { " " };
        self.line(&with_comment(format!("{prefix}{separator}{value}"), node));
    }
}

/// What has no entries, on one line.
fn scalar(kind: &Kind, place: Place) -> String {
    match kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Num(spelling) => spelling.clone(),
        Kind::Str(text) => quoted(text, place),
        Kind::Seq(_) => "[]".to_owned(),
        Kind::Map(_) => "{}".to_owned(),
    }
}

/// `[a, b]`, where that is wanted, short enough, and asks for no quotes that a list of lines would not need.
fn one_line(node: &Node, column: usize) -> Option<String> {
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
    (column + list.chars().count() <= WIDTH).then_some(list)
}

fn with_comment(line: String, node: &Node) -> String {
    match &node.after {
        Some(comment) => format!("{line} {}", comment_text(&comment.replace('\n', " "))),
        None => line,
    }
}

/// A comment can't hold what some parser takes for the end of its line.
fn comment_text(text: &str) -> String {
    let safe: String = text.chars().map(|c| if is_escaped(c) { ' ' } else { c }).collect();
    format!("# {safe}").trim_end().to_owned()
}

/// As many blanks as the indentation of `lead`.
fn blank(lead: &str) -> String {
    " ".repeat(lead.len() - lead.trim_start_matches(' ').len())
}
