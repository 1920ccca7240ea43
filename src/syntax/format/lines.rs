//! Lines of a block or a list: blank lines, comments, and what stands in columns.
//!
//! Two things are aligned, each over consecutive lines: comments behind statements, and the braces of matrix rows. Neither counts
//! for the width of a line, so that alignment never decides where a line is broken.

use super::{Writer, width};
use crate::source::Source;
use crate::syntax::ast::{Block, Comment, Item, ItemKind, Kind, Trivia};

/// A comment that a column would move further away than that stays with its statement.
const FAR: usize = 16;

/// A line, or the lines of one statement, with its comments.
pub(super) struct Entry<'t> {
    pub(super) leading: &'t [Comment],
    pub(super) blank_before: bool,
    /// Indented.
    pub(super) text: String,
    pub(super) trailing: Option<&'t str>,
    /// It would go on over the next line, were that not blank.
    pub(super) open: bool,
}

impl<'t> Entry<'t> {
    pub(super) fn new(trivia: &'t Trivia, text: String) -> Self {
        Self {
            leading: &trivia.leading,
            blank_before: trivia.blank_before,
            text,
            trailing: trivia.trailing.as_deref(),
            open: false,
        }
    }

    fn on_one_line(&self) -> bool {
        !self.text.contains('\n')
    }

    /// Whether it follows the line above at once.
    fn adjoins(&self) -> bool {
        self.leading.is_empty() && !self.blank_before
    }
}

/// What stands in a block, each line ended.
pub(super) fn of_block(source: &Source, block: &Block, indent: usize) -> String {
    let paddings = row_paddings(source, &block.items, indent);
    let entries: Vec<Entry<'_>> = block
        .items
        .iter()
        .zip(paddings)
        .map(|(item, padding)| {
            let mut writer = Writer::new(source, indent);
            writer.item(item, padding);
            Entry { open: is_open(item), ..Entry::new(&item.trivia, writer.out) }
        })
        .collect();
    assemble(&entries, &block.tail, indent)
}

/// The lines, with blank lines between them as written, but one for several and none at the start.
pub(super) fn assemble(entries: &[Entry<'_>], tail: &[Comment], indent: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for (index, entry) in entries.iter().enumerate() {
        let open = index > 0 && entries[index - 1].open;
        comments(&mut out, entry.leading, indent, open);
        if (entry.blank_before || open && entry.leading.is_empty()) && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&entry.text);
        if let Some(comment) = entry.trailing {
            let goes_on = index > 0 && entry.adjoins() && in_column(&entries[index - 1]);
            if !(goes_on && in_column(entry)) {
                let run = entries[index + 1..].iter().take_while(|next| next.adjoins() && in_column(next));
                let last = entry.text.rsplit('\n').next().unwrap_or_default();
                column = if in_column(entry) { run.map(|next| width(&next.text)).max().unwrap_or(0) } else { 0 }.max(width(last));
            }
            let last = out.rsplit('\n').next().map_or(0, width);
            let padding = Some(column.saturating_sub(last)).filter(|padding| *padding <= FAR);
            out.push_str(&" ".repeat(padding.unwrap_or(0) + 2));
            out.push_str(comment);
        }
        out.push('\n');
    }
    comments(&mut out, tail, indent, entries.last().is_some_and(|entry| entry.open));
    out
}

fn in_column(entry: &Entry<'_>) -> bool {
    entry.trailing.is_some() && entry.on_one_line()
}

fn comments(out: &mut String, comments: &[Comment], indent: usize, open: bool) {
    for (index, comment) in comments.iter().enumerate() {
        if (comment.blank_before || open && index == 0) && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&" ".repeat(indent));
        out.push_str(&comment.text);
        out.push('\n');
    }
}

/// Whether a statement ends in the operator of a condition that lacks its last part, which `hir` will report.
fn is_open(item: &Item) -> bool {
    let ItemKind::Statement(statement) = &item.kind else { return false };
    let (Kind::Condition { expr: Some(expr), block: None } | Kind::List { when: Some(expr), .. }) = &statement.kind else {
        return false;
    };
    expr.text.as_str().ends_with("&&") || expr.text.as_str().ends_with("||")
}

/// Blanks to put before the brace of each matrix row, so that those of consecutive rows of one line stand under each other.
fn row_paddings(source: &Source, items: &[Item], indent: usize) -> Vec<usize> {
    let widths: Vec<Option<usize>> = items
        .iter()
        .map(|item| {
            let ItemKind::Row { value, .. } = &item.kind else { return None };
            let writer = Writer::new(source, indent);
            let on_one_line = writer.flat(|trial| trial.item(item, 0)).is_some_and(|text| writer.fits(width(&text)));
            on_one_line.then(|| width(source.slice(value.span)))
        })
        .collect();
    let mut paddings = vec![0; items.len()];
    let mut start = 0;
    while start < items.len() {
        let more = items[start + 1..].iter().zip(&widths[start + 1..]);
        let adjoin =
            more.take_while(|(item, width)| width.is_some() && item.trivia.leading.is_empty() && !item.trivia.blank_before);
        let end = if widths[start].is_some() { start + 1 + adjoin.count() } else { start + 1 };
        let widest = widths[start..end].iter().flatten().max().copied().unwrap_or(0);
        for (padding, width) in paddings[start..end].iter_mut().zip(&widths[start..end]) {
            *padding = width.map_or(0, |width| widest - width);
        }
        start = end;
    }
    paddings
}
