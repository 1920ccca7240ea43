//! The canonical layout of a file, printed from its tree.
//!
//! Only blanks and line ends between tokens are the formatter's: every word, string, expression and command is copied from the source,
//! so that no spelling, and thereby no type, ever changes. What was on one line stays there while it fits; what was on several stays
//! there too, since the author's line breaks say what belongs together. Comments stay with their statement.
//!
//! ```pipe
//! job   build{ }            # becomes   job build {}
//! job test {
//!       run npm test        # the two become   job test: npm test
//! }
//! ```
//!
//! A file with syntax errors is not formatted: what the grammar refuses has no tree to print.

mod data;
mod expression;
mod lines;
mod statement;

use crate::diagnostics::{Outcome, has_errors};
use crate::source::{Source, Span};

/// Longer lines are broken, where there is a bracket, a brace or a comma to do it at.
const WIDTH: usize = 120;
/// What a block adds.
const STEP: usize = 2;
/// What the second line of a statement adds.
const CONTINUED: usize = 4;

/// The file in canonical layout, with LF line ends. None, and the errors, where it has syntax errors.
pub fn format(source: &Source) -> Outcome<Option<String>> {
    let Outcome { value: file, diags } = super::parse(source);
    let value = (!has_errors(&diags)).then(|| lines::of_block(source, &file.body, 0));
    Outcome { value, diags }
}

/// Prints one thing: a statement from its indent on, or, on trial, a part of one on a single line.
struct Writer<'a> {
    source: &'a Source,
    out: String,
    /// Of the statement, or of the item of a list.
    indent: usize,
    /// On trial: everything has to stand on one line.
    flat: bool,
    /// The trial failed.
    failed: bool,
}

impl<'a> Writer<'a> {
    fn new(source: &'a Source, indent: usize) -> Self {
        Self { source, out: " ".repeat(indent), indent, flat: false, failed: false }
    }

    /// What `print` prints, if it takes one line and no comment is in it.
    fn flat(&self, print: impl FnOnce(&mut Self)) -> Option<String> {
        let mut trial = Self { source: self.source, out: String::new(), indent: 0, flat: true, failed: false };
        print(&mut trial);
        (!trial.failed).then_some(trial.out)
    }

    fn push(&mut self, text: &str) {
        // Nothing of this length fits; a trial need not go on to the end of a deep tree.
        self.failed |= self.flat && self.out.len() > WIDTH * 16;
        if !self.failed {
            self.out.push_str(text);
        }
    }

    /// A new line; in a trial, its end.
    fn line(&mut self, indent: usize) {
        self.failed |= self.flat;
        self.push("\n");
        self.push(&" ".repeat(indent));
    }

    /// The text of a span.
    fn slice(&self, span: Span) -> &'a str {
        self.source.slice(span)
    }

    fn last_line(&self) -> &str {
        self.out.rsplit('\n').next().unwrap_or_default()
    }

    /// Whether `more` columns fit on the line.
    fn fits(&self, more: usize) -> bool {
        self.flat || width(self.last_line()) + more <= WIDTH
    }

    /// Whether the author broke the line between two things.
    fn broken_between(&self, before: Span, after: Span) -> bool {
        before.end <= after.start && self.slice(Span::new(before.end, after.start)).contains('\n')
    }
}

/// Columns.
fn width(text: &str) -> usize {
    text.chars().count()
}
