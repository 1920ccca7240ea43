//! As text: a line a job, with lines between them.
//!
//! A line that reaches a job from the side comes from what it waits for; the line down from it leads to what waits for it, and where the mark of a job
//! is empty, nothing does. Several jobs with a bar beside them have the same needs and the same followers. A lane that another line crosses is not
//! joined to it.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::lanes::{Cell, Group, Line, groups, lines};
use super::{Edge, Graph, waits};

/// A line, in the parts that may be coloured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of the layer and the lines between jobs, with blanks up to the name.
    pub lines: String,
    /// The job, with its rows.
    pub name: String,
    /// What else is said of it.
    pub notes: String,
}

impl Row {
    /// All of it.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.lines, self.name, self.notes).trim_end().to_owned()
    }
}

/// How it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The columns that there are.
    pub width: usize,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
}

/// A job has so many columns at least, or no lines are drawn.
const ROOM: usize = 24;

/// The drawing. Where the lines between jobs would leave no room for these, there are none: the jobs stand in their layers with what they come
/// after, and the first row says so.
pub fn render(graph: &Graph, options: &Options) -> Vec<Row> {
    let groups = groups(graph);
    let digits = groups.last().map_or(0, |last| (last.layer + 1).to_string().len());
    let most = options.width.saturating_sub(digits + 1 + ROOM) / 2;
    let mut before: Vec<Vec<&Edge>> = vec![Vec::new(); graph.nodes.len()];
    graph.edges.iter().for_each(|edge| before[edge.to].push(edge));
    let drawing = Drawing { graph, before, digits, options };
    lines(&groups, most).map_or_else(|| drawing.listed(&groups), |lines| drawing.drawn(&lines))
}

struct Drawing<'g> {
    graph: &'g Graph,
    before: Vec<Vec<&'g Edge>>,
    /// Of the largest number of a layer.
    digits: usize,
    options: &'g Options,
}

impl Drawing<'_> {
    fn margin(&self, layer: Option<usize>) -> String {
        let number = layer.map(|layer| (layer + 1).to_string()).unwrap_or_default();
        format!("{number:>digits$} ", digits = self.digits)
    }

    fn drawn(&self, lines: &[Line]) -> Vec<Row> {
        let extent = |line: &Line| line.cells.iter().rposition(|cell| *cell != Cell::Blank).map_or(0, |last| last + 1);
        // Names stand in one column, unless some lines need much more room than others.
        let common = lines.iter().map(extent).max().unwrap_or_default().min(self.options.width / 4);
        let row = |line: &Line| {
            let own = extent(line);
            let glyphs: String = line.cells[..own].iter().map(|&cell| glyph(cell, self.options.unicode)).collect();
            let margin = self.margin(line.layer);
            let Some(job) = line.job else {
                return Row { lines: format!("{margin}{glyphs}"), ..Row::default() };
            };
            let column = common.max(own);
            let room = self.options.width.saturating_sub(margin.len() + column + 1);
            let (name, notes) = self.words(job);
            let name = fitted(&name, room, self.options.unicode);
            let left = room.saturating_sub(name.width() + 2);
            let notes = if notes.is_empty() || left < 4 {
                String::new()
            } else {
                format!("  {}", fitted(&notes, left, self.options.unicode))
            };
            Row { lines: format!("{margin}{glyphs}{:blanks$} ", "", blanks = column - own), name, notes }
        };
        lines.iter().map(row).collect()
    }

    /// The name of a job, and what else is to be said of it.
    fn words(&self, job: usize) -> (String, String) {
        let node = &self.graph.nodes[job];
        let mut notes = node.notes();
        notes.extend(waits(self.graph, &self.before[job]));
        (node.name(), notes.join(", "))
    }

    /// All jobs in their layers, without lines.
    fn listed(&self, groups: &[Group]) -> Vec<Row> {
        let most = self.options.width.saturating_sub(ROOM);
        let note = format!("Drawn without lines, which would take more than {most} columns.");
        let note = wrapped(&note, self.options.width, self.options);
        let mut rows: Vec<Row> = note.into_iter().map(|notes| Row { notes, ..Row::default() }).collect();
        let mut last = None;
        for (layer, job) in groups.iter().flat_map(|group| group.jobs.iter().map(|&job| (group.layer, job))) {
            rows.extend(self.job(job, (last != Some(layer)).then_some(layer)));
            last = Some(layer);
        }
        rows
    }

    /// A job and what it comes after.
    fn job(&self, job: usize, layer: Option<usize>) -> Vec<Row> {
        let room = self.options.width.saturating_sub(self.digits + 1);
        let node = &self.graph.nodes[job];
        let mut rows =
            vec![Row { lines: self.margin(layer), name: fitted(&node.name(), room, self.options.unicode), notes: String::new() }];
        let after: Vec<&str> = self.before[job].iter().map(|edge| self.graph.nodes[edge.from].id.as_str()).collect();
        let mut notes = node.notes();
        // The gate says how many it judges, and has no reasons.
        let waits = waits(self.graph, &self.before[job]);
        notes.extend(if waits.is_empty() && !after.is_empty() { vec![format!("after {}", after.join(" and "))] } else { waits });
        for line in wrapped(&notes.join(", "), room.saturating_sub(4), self.options) {
            rows.push(Row { lines: self.margin(None) + "    ", notes: line, ..Row::default() });
        }
        rows
    }
}

fn glyph(cell: Cell, unicode: bool) -> char {
    let (drawn, plain) = match cell {
        Cell::Blank => (' ', ' '),
        Cell::Lane => ('│', '|'),
        Cell::Across => ('─', '-'),
        Cell::Job { on: true } => ('●', '*'),
        Cell::Job { on: false } => ('○', 'o'),
        Cell::First => ('┏', '/'),
        Cell::Middle => ('┃', '#'),
        Cell::Last { on: true } => ('┣', '#'),
        Cell::Last { on: false } => ('┗', '\\'),
        Cell::Branch { left: false, on: true, .. } => ('├', '+'),
        Cell::Branch { right: false, on: true, .. } => ('┤', '+'),
        Cell::Branch { on: true, .. } => ('┼', '+'),
        Cell::Branch { left: false, .. } => ('╰', '\''),
        Cell::Branch { right: false, .. } => ('╯', '\''),
        Cell::Branch { .. } => ('┴', '\''),
    };
    if unicode { drawn } else { plain }
}

/// A text in so many columns; what does not fit in is cut off.
fn fitted(text: &str, room: usize, unicode: bool) -> String {
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.width() <= room {
        return text;
    }
    let end = if unicode { "…" } else { "..." };
    let (mut out, mut left) = (String::new(), room.saturating_sub(end.width()));
    for char in text.chars() {
        let width = char.width().unwrap_or_default();
        if width > left {
            break;
        }
        left -= width;
        out.push(char);
    }
    out.trim_end().to_owned() + end
}

/// A text in lines of so many columns, broken between words.
fn wrapped(text: &str, room: usize, options: &Options) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = fitted(word, room, options.unicode);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= room => line.extend([" ", &word]),
            _ => lines.push(word),
        }
    }
    lines
}
