//! For Graphviz: `dot -Tsvg`.

use std::fmt::Write as _;

use super::Graph;

/// A directed graph. Jobs that may be skipped have a broken edge, the gate has six sides.
pub fn render(graph: &Graph, name: &str) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=LR\n  node [shape=box, fontname=\"sans-serif\"]\n", quoted(name));
    // Writing to a String does not fail.
    for node in &graph.nodes {
        let lines = std::iter::once(node.name()).chain(node.notes());
        let label = lines.map(|line| escaped(&line)).collect::<Vec<_>>().join("\\n");
        let shape = if node.judges.is_some() { ", shape=hexagon" } else { "" };
        let style = if node.when.is_some() { ", style=dashed" } else { "" };
        let _ = writeln!(out, "  {} [label=\"{label}\"{shape}{style}]", quoted(&node.id));
    }
    for edge in &graph.edges {
        let label = edge.label();
        let label = if label.is_empty() { String::new() } else { format!(" [label=\"{}\"]", escaped(&label)) };
        let _ = writeln!(out, "  {} -> {}{label}", quoted(&graph.nodes[edge.from].id), quoted(&graph.nodes[edge.to].id));
    }
    out.push_str("}\n");
    out
}

/// A name: only a quote is special in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\\\""))
}

/// A label: Graphviz reads escapes and entities of HTML in it.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
