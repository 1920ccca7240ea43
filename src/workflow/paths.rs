//! Which key each line of a workflow file belongs to.

use super::Workflow;
use super::model::ToNode as _;
use super::yaml::{Kind, Node, print};
use crate::source::Span;

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The key of a mapping.
    Name(String),
    /// A place in a list, from 0.
    Item(usize),
}

/// The way to a value, as GitHub's expressions write it: `jobs.test.steps[2].with.key`.
pub fn spelled(path: &[Key]) -> String {
    path.iter().fold(String::new(), |path, key| match key {
        Key::Name(name) => member(&path, name),
        Key::Item(index) => format!("{path}[{index}]"),
    })
}

/// The path of a member of what is at `path`.
pub fn member(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match (plain, path) {
        (true, "") => key.to_owned(),
        (true, _) => format!("{path}.{key}"),
        (false, _) => format!("{path}['{}']", key.escape_debug()),
    }
}

/// What a line belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The keys that lead to the innermost value that the line is of.
    pub path: Vec<Key>,
    /// In a text of several lines, which of them it is, from 0.
    pub inside: Option<usize>,
}

/// The lines of what [`super::emit`] writes for a workflow, with the keys that they belong to.
///
/// The printer tells of each line which origin it has: here the nodes are given their own numbers as origins, so that a compilation pays nothing
/// for what only a question needs.
#[derive(Debug)]
pub struct Paths {
    /// The text.
    pub text: String,
    lines: Vec<Option<Span>>,
    nodes: Vec<Numbered>,
}

#[derive(Debug)]
struct Numbered {
    parent: Option<usize>,
    key: Key,
    is_list: bool,
}

impl Paths {
    /// Those of a workflow.
    pub fn of(workflow: &Workflow) -> Self {
        let mut root = workflow.to_node();
        let mut nodes = Vec::new();
        number(&mut root, None, &mut nodes);
        let printed = print(&workflow.header, &root);
        Self { text: printed.text, lines: printed.lines, nodes }
    }

    /// What a line (from 0) belongs to, and with a column (from 1) which item of a list on one line; none of the header, of blank lines, and beyond
    /// the end.
    pub fn at(&self, line: usize, column: Option<usize>) -> Option<At> {
        let own = *self.lines.get(line)?;
        let mut number = own?.start as usize;
        let first = self.lines[..line].iter().rposition(|other| *other != own).map_or(0, |before| before + 1);
        let mut path = Vec::new();
        if self.nodes[number].is_list
            && let Some(column) = column
        {
            path.extend(self.text.lines().nth(line).and_then(|text| item(text, column)).map(Key::Item));
        }
        loop {
            let node = &self.nodes[number];
            path.push(node.key.clone());
            match node.parent {
                Some(parent) => number = parent,
                None => break,
            }
        }
        path.reverse();
        // The first line has the key.
        Some(At { path, inside: (line - first).checked_sub(1) })
    }
}

fn number(node: &mut Node, parent: Option<usize>, nodes: &mut Vec<Numbered>) {
    let mut add = |key: Key, child: &mut Node| {
        let at = nodes.len();
        nodes.push(Numbered { parent, key, is_list: matches!(child.kind, Kind::Seq(_)) });
        child.origin = Some(Span::new(at as u32, at as u32));
        number(child, Some(at), nodes);
    };
    match &mut node.kind {
        Kind::Map(map) => map.iter_mut().for_each(|(key, child)| add(Key::Name(key.clone()), child)),
        Kind::Seq(items) => items.iter_mut().enumerate().for_each(|(at, child)| add(Key::Item(at), child)),
        _ => {}
    }
}

/// Which item of `key: [a, 'b, c']` stands at a column.
fn item(line: &str, column: usize) -> Option<usize> {
    let (mut open, mut quote, mut items) = (false, None, 0);
    for (at, char) in line.chars().enumerate() {
        if at + 1 >= column {
            break;
        }
        match (char, quote) {
            ('\'' | '"', None) if open => quote = Some(char),
            (_, Some(quoted)) => quote = (char != quoted).then_some(quoted),
            ('[', None) => open = true,
            (',', None) if open => items += 1,
            _ => {}
        }
    }
    open.then_some(items)
}

#[cfg(test)]
mod tests {
    use super::{Key, item, spelled};

    #[test]
    fn paths_are_spelled_as_expressions_are() {
        let path = [Key::Name("jobs".into()), Key::Name("a b".into()), Key::Name("steps".into()), Key::Item(2)];
        assert_eq!(spelled(&path), "jobs['a b'].steps[2]");
    }

    #[test]
    fn items_of_a_list_on_one_line_are_told_apart() {
        let line = "    needs: [lint, 'a, b', c]";
        let of = |text: &str| item(line, line.find(text).unwrap() + 1);
        assert_eq!(["needs", "lint", "'a", "b'", "c]"].map(of), [None, Some(0), Some(1), Some(1), Some(2)]);
    }
}
