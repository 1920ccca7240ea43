//! As Mermaid, which GitHub draws in Markdown.

use std::fmt::Write as _;

use super::Graph;

/// A flowchart. Jobs that may be skipped have a broken edge, the gate has six sides.
///
/// Nodes are numbered: what a job is called may be a word of Mermaid's.
pub fn render(graph: &Graph) -> String {
    let mut out = "flowchart LR\n".to_owned();
    // Writing to a String does not fail.
    for (at, node) in graph.nodes.iter().enumerate() {
        let label = std::iter::once(node.name()).chain(node.notes()).map(|line| escaped(&line)).collect::<Vec<_>>().join("<br>");
        let (open, close) = if node.judges.is_some() { ("{{", "}}") } else { ("[", "]") };
        let class = if node.when.is_some() { ":::conditional" } else { "" };
        let _ = writeln!(out, "  j{at}{open}\"{label}\"{close}{class}");
    }
    for edge in &graph.edges {
        let label = edge.label();
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&label)) };
        let _ = writeln!(out, "  j{} -->{label} j{}", edge.from, edge.to);
    }
    if graph.nodes.iter().any(|node| node.when.is_some()) {
        out.push_str("  classDef conditional stroke-dasharray: 4 3\n");
    }
    out
}

/// A text between quotes: what could be markup, Markdown or a directive stands as its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            ' ' | '-' | '_' | '.' | '/' | ',' | ':' | '=' | '\'' => out.push(char),
            _ if char.is_control() => out.push(' '),
            _ if char.is_ascii_punctuation() => drop(write!(out, "#{};", char as u32)),
            _ => out.push(char),
        }
    }
    out
}
