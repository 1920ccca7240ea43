//! Text that knows where each of its bytes was written.
//!
//! Escapes are decoded, raw blocks dedented and `%{…}` filled in long before an expression inside the text is checked; a [`Text`]
//! keeps, beside the value, from which place in which file each run of it came, so that the message still points there.

use std::fmt;
use std::sync::Arc;

use crate::source::Span;

/// A string and the origin of its bytes, shared by all who have it.
///
/// Two are equal if they say the same in the same place; to compare what they say, compare [`Text::as_str`].
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Text(Arc<Said>);

#[derive(Clone, PartialEq, Eq, Default)]
struct Said {
    value: String,
    /// Where it begins. Most texts have one run only.
    first: Option<Run>,
    /// The runs behind that.
    others: Vec<Run>,
}

/// From `at` in the value on, the bytes come from `source`: one to one where lengths are equal, else all from the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    at: u32,
    source: Span,
}

impl Said {
    fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.first.iter().chain(&self.others)
    }

    /// Where a run ends that is followed by that of this number among the others.
    fn end(&self, next: usize) -> usize {
        self.others.get(next).map_or(self.value.len(), |next| next.at as usize)
    }

    fn push(&mut self, piece: &str, source: Span) {
        if piece.is_empty() && self.first.is_some() {
            return;
        }
        let at = self.value.len() as u32;
        match self.others.last_mut().or(self.first.as_mut()) {
            // A run that goes on where the last one ended, both one to one, is the same run.
            Some(last)
                if last.source.end == source.start
                    && last.source.len() == at - last.at
                    && source.len() as usize == piece.len() =>
            {
                last.source = Span::new(last.source.start, source.end);
            }
            Some(_) => self.others.push(Run { at, source }),
            None => self.first = Some(Run { at, source }),
        }
        self.value.push_str(piece);
    }
}

impl Text {
    /// Text that stands in the source as it is.
    pub fn verbatim(value: impl Into<String>, source: Span) -> Self {
        Self(Arc::new(Said { value: value.into(), first: Some(Run { at: 0, source }), others: Vec::new() }))
    }

    /// An empty text with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Arc::new(Said { value: String::with_capacity(bytes), ..Said::default() }))
    }

    /// Appends a piece that came from `source`.
    pub fn push(&mut self, piece: &str, source: Span) {
        Arc::make_mut(&mut self.0).push(piece, source);
    }

    /// Appends another text, or a part of it.
    pub fn extend(&mut self, other: &Self, range: std::ops::Range<usize>) {
        let said = Arc::make_mut(&mut self.0);
        // Behind the first run, those that end before the range are passed over at once.
        let skipped = other.0.others.partition_point(|run| run.at as usize <= range.start);
        for (index, run) in other.0.runs().enumerate().skip(skipped) {
            let (from, to) = ((run.at as usize).max(range.start), other.0.end(index).min(range.end));
            if from >= range.end {
                break;
            }
            if from < to {
                said.push(&other[from..to], other.source(from..to));
            }
        }
        if said.first.is_none() {
            said.first = Some(Run { at: 0, source: other.span() });
        }
    }

    /// The same with other words in the place of some, which stand where those stood.
    #[must_use]
    pub fn replaced(&self, from: &str, to: &str) -> Self {
        let mut made = Self::with_capacity(self.len());
        let mut at = 0;
        for (begin, _) in self.match_indices(from) {
            let end = begin + from.len();
            made.extend(self, at..begin);
            made.push(to, self.source(begin..end));
            at = end;
        }
        made.extend(self, at..self.len());
        made
    }

    /// Takes it to where `here` says that each run of it is written.
    pub fn relocate(&mut self, here: impl Fn(Span) -> Span) {
        if self.0.runs().any(|run| here(run.source) != run.source) {
            let said = Arc::make_mut(&mut self.0);
            said.first.iter_mut().chain(&mut said.others).for_each(|run| run.source = here(run.source));
        }
    }

    /// The value.
    pub fn as_str(&self) -> &str {
        &self.0.value
    }

    /// Where a range of the value was written.
    pub fn source(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.locate(range.start, false);
        let end = self.locate(range.end, true);
        Span::new(start, end.max(start))
    }

    /// Where all of it was written.
    pub fn span(&self) -> Span {
        match (&self.0.first, self.0.runs().next_back()) {
            (Some(first), Some(last)) if first.source.start <= last.source.end => Span::new(first.source.start, last.source.end),
            (Some(first), _) => first.source,
            _ => Span::default(),
        }
    }

    /// Whether each of its bytes stands in the source as it is.
    pub fn is_verbatim(&self) -> bool {
        let ends = self.0.runs().skip(1).map(|run| run.at).chain([self.0.value.len() as u32]);
        self.0.runs().zip(ends).all(|(run, end)| run.source.len() == end - run.at)
    }

    fn locate(&self, at: usize, end: bool) -> u32 {
        // The end of a range belongs to the run that its last byte is in.
        let probe = if end { at.saturating_sub(1) } else { at };
        let next = self.0.others.partition_point(|run| run.at as usize <= probe);
        let run = if next == 0 { self.0.first.as_ref() } else { self.0.others.get(next - 1) };
        let Some(run) = run else { return 0 };
        let length = self.0.end(next) - run.at as usize;
        if run.source.len() as usize == length {
            run.source.start + (at.saturating_sub(run.at as usize)).min(length) as u32
        } else if end {
            run.source.end
        } else {
            run.source.start
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs: Vec<&Run> = self.0.runs().collect();
        f.debug_struct("Text").field("value", &self.0.value).field("runs", &runs).finish()
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.value
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
        let elsewhere = part.clone();
        part.relocate(|span| if span.start == 20 { Span::new(30, 31) } else { span });
        assert_eq!((part.source(2..3), elsewhere.source(2..3)), (Span::new(30, 31), Span::new(20, 21)));
        assert_eq!(part.source(0..1), elsewhere.source(0..1));
    }
}
