//! Source text and positions in it.
//!
//! All files of one compilation share one space of positions, so that a [`Span`] is two `u32` and still says which file it
//! lies in: a [`Sources`] gives each file it takes a range of its own, and finds the file of a position by binary search.

use std::fmt;
use std::sync::OnceLock;

/// A range of bytes in the shared space of positions of a [`Sources`], end excluded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`, end excluded.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes further on.
    #[must_use]
    pub const fn shifted(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Whether `other` lies wholly in this range.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The empty range at the start of this one.
    #[must_use]
    pub const fn head(self) -> Self {
        Self { start: self.start, end: self.start }
    }

    /// The empty range at the end of this one.
    #[must_use]
    pub const fn tail(self) -> Self {
        Self { start: self.end, end: self.end }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// One file: its name as messages show it, its text, and where it lies in the shared space of positions.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    base: u32,
    /// Where lines begin; most files are never asked.
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    fn new(name: String, text: String, base: u32) -> Self {
        Self { name, text, base, lines: OnceLock::new() }
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
            std::iter::once(0).chain(breaks).collect()
        })
    }

    /// The path or other name that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of the first byte in the shared space.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// The span of the whole text.
    pub fn span(&self) -> Span {
        Span::new(self.base, self.base + self.text.len() as u32)
    }

    /// Line and column of a position, both from 1, the column in characters.
    pub fn line_column(&self, position: u32) -> (usize, usize) {
        let local = self.local(position);
        let line = self.line_of(local);
        let start = self.lines()[line] as usize;
        (line + 1, self.text[start..local].chars().count() + 1)
    }

    /// The line (from 0) that a byte offset in [`Self::text`] lies in.
    pub fn line_of(&self, local: usize) -> usize {
        self.lines().partition_point(|&start| start as usize <= local).max(1) - 1
    }

    /// The byte offsets in [`Self::text`] at which line `line` (from 0) begins and the next one does.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.lines().get(line).map_or(self.text.len(), |&at| at as usize);
        let end = self.lines().get(line + 1).map_or(self.text.len(), |&at| at as usize);
        start..end
    }

    /// The number of lines; a final newline begins an empty one.
    pub fn line_count(&self) -> usize {
        self.lines().len()
    }

    /// The byte offset in [`Self::text`] of a position, moved back to the start of a character and into the text.
    pub fn local(&self, position: u32) -> usize {
        let mut at = (position.saturating_sub(self.base) as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The text that a span covers; empty where it lies outside.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(self.local(span.start)..self.local(span.end)).unwrap_or_default()
    }
}

/// Every file of one compilation.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// The longest text that can be placed: positions are `u32`, and messages add to them.
pub const MAX_TEXT: usize = 64 << 20;

impl Sources {
    /// No file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a file and returns its index. Text beyond [`MAX_TEXT`] is cut off: readers refuse such files first.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        let mut text = text.into();
        if text.len() > MAX_TEXT {
            let mut end = MAX_TEXT;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        // One position lies between two files, so that the end of one is not the start of the next.
        let base = self.files.last().map_or(0, |last| last.span().end + 1);
        self.files.push(Source::new(name.into(), text, base));
        self.files.len() - 1
    }

    /// The file of that index, as [`Self::add`] returned it.
    pub fn get(&self, index: usize) -> &Source {
        &self.files[index]
    }

    /// The file that a span lies in.
    pub fn find(&self, span: Span) -> Option<&Source> {
        let index = self.files.partition_point(|file| file.base <= span.start).checked_sub(1)?;
        self.files.get(index).filter(|file| span.end <= file.span().end)
    }

    /// The text that a span covers; empty where it lies in no file.
    pub fn slice(&self, span: Span) -> &str {
        self.find(span).map_or("", |file| file.slice(span))
    }

    /// A place for people: `ci.pipe:12`; the empty text where it lies in no file.
    pub fn place(&self, span: Span) -> String {
        let source = self.find(span);
        source.map(|source| format!("{}:{}", source.name(), source.line_column(span.start).0)).unwrap_or_default()
    }

    /// All files, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
}

/// How the lines begin by which git marks a merge that it could not finish.
const MERGE_MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Whether a line is such a mark.
pub fn is_merge_marker(line: &str) -> bool {
    MERGE_MARKERS.iter().any(|marker| line.starts_with(marker))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_say_which_file_they_lie_in() {
        let mut sources = Sources::new();
        let a = sources.add("a", "one\ntwo\n");
        let b = sources.add("b", "drei\nvïer");
        let (a, b) = (sources.get(a).clone(), sources.get(b).clone());
        assert_eq!(sources.find(Span::new(4, 7)).map(Source::name), Some("a"));
        assert_eq!(sources.find(a.span().tail()).map(Source::name), Some("a"));
        assert_eq!(sources.find(b.span()).map(Source::name), Some("b"));
        assert_eq!(a.line_column(5), (2, 2));
        assert_eq!(b.line_column(b.span().end), (2, 5));
        assert_eq!(sources.slice(Span::new(b.base(), b.base() + 4)), "drei");
    }

    #[test]
    fn positions_inside_a_character_or_outside_the_text_do_not_panic() {
        let mut sources = Sources::new();
        let index = sources.add("a", "ï");
        let file = sources.get(index);
        assert_eq!(file.line_column(1), (1, 1));
        assert_eq!(file.line_column(99), (1, 2));
        assert_eq!(file.slice(Span::new(1, 99)), "ï");
    }
}
