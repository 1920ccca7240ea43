//! The lines of a file that a message shows.
//!
//! miette asks a `SourceCode` for the text around each label and draws all of it. Given the file itself it would walk it from its first
//! byte for every label and print a line of 10 MB in full. So it is given an excerpt: the lines with a label and one on either side, cut
//! to the width there is, under their real line numbers. Positions are translated once, when the excerpt is made.

use std::collections::BTreeSet;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Options;
use super::clean::{ellipsis, message, visible};
use super::locate::Place;
use crate::source::Source;

/// A label that covers more lines than this is drawn on its first one only.
const MAX_LINES: usize = 8;

/// The lines shown of one file, one after the other, each with a newline.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    /// The places that were asked for, as ranges of `text`, with the real column of each.
    labels: Vec<(Range<usize>, usize)>,
}

#[derive(Debug)]
struct Line {
    /// From 0.
    number: usize,
    /// Where it begins in the excerpt.
    at: usize,
    /// The part of the source that is shown.
    shown: Range<usize>,
    /// What stands before it for the part that is not.
    lead: usize,
}

impl Excerpt {
    /// The lines of `source` around `places`.
    pub(super) fn new<'p>(source: &Source, places: impl Iterator<Item = &'p Place<'p>> + Clone, options: &Options) -> Self {
        let ranges = places.map(|place| (range(source, place), place.column));
        let mut numbers = BTreeSet::new();
        for (range, _) in ranges.clone() {
            let (first, last) = (source.line_of(range.start), source.line_of(range.end.max(range.start + 1) - 1));
            numbers.extend(first..=last);
            numbers.extend(first.checked_sub(1));
            // The empty line after the last newline is not worth showing beside another.
            numbers.extend((last + 1..source.line_count()).next().filter(|&next| !source.line_range(next).is_empty()));
        }
        let mut excerpt =
            Self { name: message(source.name(), options.unicode), text: String::new(), lines: Vec::new(), labels: Vec::new() };
        for number in numbers {
            let focus = ranges.clone().map(|(range, _)| range).filter(|range| source.line_of(range.start) == number);
            excerpt.push(source, number, focus.min_by_key(|range| range.start), options);
        }
        excerpt.labels = ranges.map(|(range, column)| (excerpt.translate(source, range, options.unicode), column)).collect();
        excerpt
    }

    /// Where each place lies in the excerpt.
    pub(super) fn spans(&self) -> impl Iterator<Item = SourceSpan> {
        self.labels.iter().map(|(range, _)| SourceSpan::from(range.clone()))
    }

    fn push(&mut self, source: &Source, number: usize, focus: Option<Range<usize>>, options: &Options) {
        let whole = source.line_range(number);
        let text = &source.text()[whole.clone()];
        let end = whole.start + text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text)).len();
        let shown = window(source.text(), whole.start..end, focus, options.width.saturating_sub(12).max(40));
        let lead = if shown.start > whole.start { ellipsis(options.unicode) } else { "" };
        self.lines.push(Line { number, at: self.text.len(), shown: shown.clone(), lead: lead.len() });
        self.text.push_str(lead);
        self.text.extend(source.text()[shown.clone()].chars().map(|c| visible(c, options.unicode)));
        self.text.push_str(if shown.end < end { ellipsis(options.unicode) } else { "" });
        self.text.push('\n');
    }

    fn translate(&self, source: &Source, range: Range<usize>, unicode: bool) -> Range<usize> {
        let start = self.position(source, range.start, unicode);
        // An end at the start of a line is the end of the line before.
        let last = if range.is_empty() { start } else { self.position(source, range.end, unicode) };
        start..last.max(start)
    }

    fn position(&self, source: &Source, local: usize, unicode: bool) -> usize {
        let number = source.line_of(local);
        let Ok(index) = self.lines.binary_search_by_key(&number, |line| line.number) else {
            // The end of a range that ends with a newline: the line after is not shown.
            let index = self.lines.partition_point(|line| line.number < number);
            return self.lines.get(index).map_or(self.text.len(), |line| line.at).saturating_sub(1);
        };
        let line = &self.lines[index];
        let to = local.clamp(line.shown.start, line.shown.end);
        let width: usize = source.text()[line.shown.start..to].chars().map(|c| visible(c, unicode).len_utf8()).sum();
        line.at + line.lead + width
    }

    fn line_at(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.at <= at).max(1) - 1
    }
}

/// The range of a place, cut where it would cover too many lines.
fn range(source: &Source, place: &Place<'_>) -> Range<usize> {
    if place.end_line - place.line <= MAX_LINES {
        return place.start..place.end;
    }
    let line = source.line_range(place.line - 1);
    place.start..place.start + source.text()[place.start..line.end].trim_end().len()
}

/// The part of a line to show in `width` columns: from its start where what matters fits in, else from a little before that.
fn window(text: &str, line: Range<usize>, focus: Option<Range<usize>>, width: usize) -> Range<usize> {
    let after = |from: usize, count: usize| text[from..line.end].char_indices().nth(count).map_or(line.end, |(at, _)| from + at);
    let whole = after(line.start, width);
    if whole == line.end {
        return line;
    }
    let focus = focus.map_or(line.start..line.start, |focus| focus.start.min(line.end)..focus.end.min(line.end));
    if focus.end <= whole && focus.start <= whole {
        return line.start..whole;
    }
    let before = text[line.start..focus.start].char_indices().rev().nth(width / 3).map_or(line.start, |(at, _)| line.start + at);
    before..after(before, width)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let adjoin = |a: usize, b: usize| self.lines[a].number + 1 == self.lines[b].number;
        let (mut first, mut last) = (self.line_at(start), self.line_at(end.max(start + 1) - 1));
        let one = first;
        for _ in 0..before {
            first -= usize::from(first > 0 && adjoin(first - 1, first));
        }
        for _ in 0..after {
            last += usize::from(last + 1 < self.lines.len() && adjoin(last, last + 1));
        }
        let to = self.lines.get(last + 1).map_or(self.text.len(), |line| line.at);
        let from = self.lines[first].at;
        // miette takes the column for the heading from here, and wants the real one.
        let column = self.labels.iter().find(|(range, _)| range.start == start).map_or(0, |(_, column)| column - 1);
        let column = if before == 0 && first == one { column } else { 0 };
        let (number, count) = (self.lines[first].number, last + 1 - first);
        let data = &self.text.as_bytes()[from..to];
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, (from..to).into(), number, column, count)))
    }
}
