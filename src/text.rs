//! Text that knows where each of its bytes was written.
//!
//! Escapes are decoded, raw blocks dedented and `%{…}` filled in long before an expression inside the text is checked; a [`Text`]
//! keeps, beside the value, from which place in which file each run of it came, so that the message still points there.

use crate::source::Span;

/// A string and the origin of its bytes.
///
/// Two are equal if they say the same in the same place; to compare what they say, compare [`Text::as_str`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    value: String,
    runs: Vec<Run>,
}

/// From `at` in the value on, the bytes come from `source`: one to one where lengths are equal, else all from the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    at: u32,
    source: Span,
}

impl Text {
    /// Text that stands in the source as it is.
    pub fn verbatim(value: impl Into<String>, source: Span) -> Self {
        let mut text = Self::default();
        text.push(&value.into(), source);
        text
    }

    /// Appends a piece that came from `source`.
    pub fn push(&mut self, piece: &str, source: Span) {
        if piece.is_empty() && !self.runs.is_empty() {
            return;
        }
        let at = self.value.len() as u32;
        match self.runs.last() {
            // A run that goes on where the last one ended, both one to one, is the same run.
            Some(last)
                if last.source.end == source.start
                    && last.source.len() == at - last.at
                    && source.len() as usize == piece.len() =>
            {
                let start = last.source.start;
                let from = last.at;
                self.runs.pop();
                self.runs.push(Run { at: from, source: Span::new(start, source.end) });
            }
            _ => self.runs.push(Run { at, source }),
        }
        self.value.push_str(piece);
    }

    /// Appends another text, or a part of it.
    pub fn extend(&mut self, other: &Self, range: std::ops::Range<usize>) {
        let first = other.runs.partition_point(|run| run.at as usize <= range.start).saturating_sub(1);
        for (index, run) in other.runs.iter().enumerate().skip(first).take_while(|(_, run)| (run.at as usize) < range.end) {
            let end = other.runs.get(index + 1).map_or(other.value.len(), |next| next.at as usize);
            let (from, to) = ((run.at as usize).max(range.start), end.min(range.end));
            if from < to {
                self.push(&other.value[from..to], other.source(from..to));
            }
        }
        if self.runs.is_empty() {
            self.runs.push(Run { at: 0, source: other.span() });
        }
    }

    /// The value.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Where a range of the value was written.
    pub fn source(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.locate(range.start, false);
        let end = self.locate(range.end, true);
        Span::new(start, end.max(start))
    }

    /// Where all of it was written.
    pub fn span(&self) -> Span {
        match (self.runs.first(), self.runs.last()) {
            (Some(first), Some(last)) if first.source.start <= last.source.end => Span::new(first.source.start, last.source.end),
            (Some(first), _) => first.source,
            _ => Span::default(),
        }
    }

    /// Whether each of its bytes stands in the source as it is.
    pub fn is_verbatim(&self) -> bool {
        let ends = self.runs.iter().skip(1).map(|run| run.at).chain([self.value.len() as u32]);
        self.runs.iter().zip(ends).all(|(run, end)| run.source.len() == end - run.at)
    }

    fn locate(&self, at: usize, end: bool) -> u32 {
        // The end of a range belongs to the run that its last byte is in.
        let probe = if end { at.saturating_sub(1) } else { at };
        let index = self.runs.partition_point(|run| run.at as usize <= probe).saturating_sub(1);
        let Some(run) = self.runs.get(index) else { return 0 };
        let length = self.runs.get(index + 1).map_or(self.value.len(), |next| next.at as usize) - run.at as usize;
        if run.source.len() as usize == length {
            run.source.start + (at.saturating_sub(run.at as usize)).min(length) as u32
        } else if end {
            run.source.end
        } else {
            run.source.start
        }
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_its_place() {
        let mut text = Text::verbatim("ab", Span::new(10, 12));
        text.push("\n", Span::new(12, 14));
        text.push("cd", Span::new(20, 22));
        assert_eq!(text.as_str(), "ab\ncd");
        assert_eq!(text.source(1..2), Span::new(11, 12));
        assert_eq!(text.source(2..3), Span::new(12, 14));
        assert_eq!(text.source(4..5), Span::new(21, 22));
        assert_eq!(text.source(1..5), Span::new(11, 22));
        let mut part = Text::default();
        part.extend(&text, 1..4);
        assert_eq!((part.as_str(), part.source(2..3)), ("b\nc", Span::new(20, 21)));
        assert!(!text.is_verbatim());
        assert!(Text::verbatim("ab", Span::new(10, 12)).is_verbatim());
    }
}
