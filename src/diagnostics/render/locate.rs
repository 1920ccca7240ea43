//! From spans to files, lines and columns.

use crate::diagnostics::Diag;
use crate::source::{Source, Sources, Span};

/// A message and its places.
pub(super) struct Located<'a> {
    pub(super) diag: &'a Diag,
    /// Where each label lies; labels that lie in no file are left out.
    pub(super) places: Vec<Place<'a>>,
    pub(super) sources: &'a Sources,
}

impl<'a> Located<'a> {
    /// The labels with their places; the first is the primary one.
    pub(super) fn labels(&self) -> impl Iterator<Item = (&Place<'a>, &'a str)> {
        self.places.iter().map(|place| (place, self.diag.labels[place.label].text.as_str()))
    }
}

/// A range in a file. Lines and columns from 1, columns in characters, the end excluded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place<'a> {
    /// Which label of the message it is the place of.
    pub(super) label: usize,
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    /// Byte offsets in the file.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where the messages point to.
pub(super) fn locate<'a>(diags: &'a [Diag], sources: &'a Sources) -> impl Iterator<Item = Located<'a>> {
    let mut columns = Columns::default();
    diags.iter().map(move |diag| {
        let labels = diag.labels.iter().enumerate();
        let places = labels.filter_map(|(index, label)| columns.place(index, label.span, sources.find(label.span)?)).collect();
        Located { diag, places, sources }
    })
}

/// Counts columns from the last place asked for, where that lies before on the same line: a line of 10 MB with a hundred messages is
/// walked once, not a hundred times.
#[derive(Default)]
struct Columns {
    base: u32,
    line_start: usize,
    local: usize,
    column: usize,
}

impl Columns {
    fn place<'a>(&mut self, label: usize, span: Span, source: &'a Source) -> Option<Place<'a>> {
        let (start, end) = (source.local(span.start), source.local(span.end.max(span.start)));
        let (line, column) = self.at(source, start);
        let (end_line, end_column) = self.at(source, end);
        (start <= end).then_some(Place { label, file: source.name(), line, column, end_line, end_column, start, end })
    }

    fn at(&mut self, source: &Source, local: usize) -> (usize, usize) {
        let line = source.line_of(local);
        let line_start = source.line_range(line).start;
        let known = self.base == source.base() && self.line_start == line_start && self.column > 0 && self.local <= local;
        let (from, column) = if known { (self.local, self.column) } else { (line_start, 1) };
        let column = column + source.text()[from..local].chars().count();
        *self = Self { base: source.base(), line_start, local, column };
        (line + 1, column)
    }
}
