//! What lies over a whole text: the marks of a merge or a diff, and bytes of another encoding.

use std::ops::Range;

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0101_unknown_statement::{conflict, lines_of_a_diff};
use crate::source::Span;
use crate::syntax::hints::word_of;
use crate::syntax::symbols;

/// How long the mark at the start of a text is that is UTF-16: every other byte of it is zero.
pub(super) fn wide(text: &str) -> Option<u32> {
    let zeros = text.bytes().filter(|&byte| byte == 0).count();
    (zeros > 1 && (text.len() / 3..text.len() / 3 * 2).contains(&zeros)).then(|| if text.starts_with("??") { 2 } else { 0 })
}

/// The text with blanks for what a merge or a diff has put into it, and one message for all of that.
pub(super) fn without_marks(text: &str, base: u32) -> Option<(String, Diag)> {
    let marks = conflict_marks(text);
    let (hidden, marks, said): (_, _, fn(&[Span]) -> Diag) = if marks.1.is_empty() {
        let (hidden, marks) = marks_of_a_diff(text)?;
        (hidden, marks, lines_of_a_diff)
    } else {
        (marks.0, marks.1, conflict)
    };
    let mut shown = text.as_bytes().to_vec();
    for range in hidden {
        shown[range].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
    let places: Vec<Span> = marks.iter().map(|mark| Span::new(base + mark.start as u32, base + mark.end as u32)).collect();
    Some((String::from_utf8(shown).ok()?, said(&places)))
}

type Ranges = Vec<Range<usize>>;

fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        (start..start + line.len(), line)
    })
}

/// What a conflict of a merge hides, all but the first version, and its marks.
fn conflict_marks(text: &str) -> (Ranges, Ranges) {
    let last = text.rfind("\n>>>>>>>").unwrap_or_default();
    let (mut hidden, mut marks, mut other) = (Vec::new(), Vec::new(), false);
    for (range, line) in lines(text) {
        let mark = line.get(..7).filter(|_| line.len() == 7 || line[7..].starts_with(' ')).unwrap_or_default();
        other = match mark {
            "|||||||" | "=======" => other || range.start < last,
            "<<<<<<<" | ">>>>>>>" => false,
            _ => {
                hidden.extend(other.then_some(range));
                continue;
            }
        };
        if other || matches!(mark, "<<<<<<<" | ">>>>>>>") {
            hidden.push(range.clone());
            marks.push(range.start..range.start + mark.len());
        }
    }
    (hidden, marks)
}

/// What a diff has put before its lines, the lines that it takes away, and its marks. None where no line is added.
fn marks_of_a_diff(text: &str) -> Option<(Ranges, Ranges)> {
    let adds = |line: &str| {
        let added = line.strip_prefix('+').unwrap_or_default().trim_start();
        added.starts_with('}') || symbols::by_word(word_of(added)).next().is_some()
    };
    if !text.lines().any(adds) {
        return None;
    }
    let (mut hidden, mut marks) = (Vec::new(), Vec::new());
    for (range, line) in lines(text) {
        let start = range.start;
        let of_file = ["+++ ", "--- ", "@@ ", "diff ", "index "].iter().any(|head| line.starts_with(head));
        if of_file || line.starts_with('-') {
            hidden.push(range);
        } else if line.starts_with('+') {
            hidden.push(start..start + 1);
        } else {
            continue;
        }
        marks.push(start..start + 1);
    }
    Some((hidden, marks))
}
