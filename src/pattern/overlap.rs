//! Whether two patterns share a path, and whether one has all of the other.

use super::{Segment, Token, token_matches};

/// Whether `whole` is plain names and then everything, and `below` begins with these names.
pub(super) fn covers(whole: &[Segment], below: &[Segment]) -> bool {
    let any = Segment::Name(vec![Token::Many]);
    let Some((Segment::Deep, names)) = whole.split_last() else { return false };
    let (names, deeper) = names.strip_suffix(std::slice::from_ref(&any)).map_or((names, false), |names| (names, true));
    let is_plain = |segment: &Segment| match segment {
        Segment::Name(tokens) => tokens.iter().all(|token| matches!(token, Token::Char(_))),
        Segment::Deep => false,
    };
    let rest = below.strip_prefix(names);
    names.iter().all(is_plain) && rest.is_some_and(|rest| !deeper || rest.iter().any(|segment| *segment != Segment::Deep))
}

/// Whether two sequences match a common path.
pub(super) fn segments_meet(left: &[Segment], right: &[Segment]) -> bool {
    // Most pairs begin with different letters, and need no table.
    if let (Some(Segment::Name(a)), Some(Segment::Name(b))) = (left.first(), right.first())
        && begin_apart(a, b)
    {
        return false;
    }
    // `**` takes no name, or one that the other side takes too.
    meet(
        left,
        right,
        |segment| *segment == Segment::Deep,
        |a, b| match (a, b) {
            (Segment::Name(a), Segment::Name(b)) => names_meet(a, b),
            _ => false,
        },
    )
}

/// Whether two names differ in a letter before their first wildcard.
fn begin_apart(left: &[Token], right: &[Token]) -> bool {
    for (left, right) in left.iter().zip(right) {
        match (left, right) {
            (Token::Char(a), Token::Char(b)) if a == b => {}
            (Token::Char(_), Token::Char(_)) => return true,
            _ => return false,
        }
    }
    // One goes on where the other ends, with something that takes a letter.
    let longer = if left.len() > right.len() { &left[right.len()..] } else { &right[left.len()..] };
    longer.iter().any(|token| *token != Token::Many)
}

/// Whether two sequences have a common text: a table over both, filled from their ends. What `many` holds of takes nothing, or one more of
/// what the other side takes; of all else `same` says whether two of them have one in common.
fn meet<T>(left: &[T], right: &[T], many: impl Fn(&T) -> bool, same: impl Fn(&T, &T) -> bool) -> bool {
    if left.len() * right.len() > MAX_CELLS {
        return true;
    }
    let mut table = vec![vec![false; right.len() + 1]; left.len() + 1];
    for i in (0..=left.len()).rev() {
        for j in (0..=right.len()).rev() {
            table[i][j] = match (left.get(i), right.get(j)) {
                (None, None) => true,
                (Some(a), other) if many(a) => table[i + 1][j] || other.is_some() && table[i][j + 1],
                (other, Some(b)) if many(b) => table[i][j + 1] || other.is_some() && table[i + 1][j],
                (Some(a), Some(b)) => table[i + 1][j + 1] && same(a, b),
                _ => false,
            };
        }
    }
    table[0][0]
}

/// For sequences whose table would have more cells it takes too long to say: then they may.
const MAX_CELLS: usize = 1 << 16;

fn names_meet(left: &[Token], right: &[Token]) -> bool {
    if begin_apart(left, right) {
        return false;
    }
    meet(left, right, |token| *token == Token::Many, tokens_meet)
}

fn tokens_meet(left: &Token, right: &Token) -> bool {
    match (left, right) {
        (Token::Char(char), other) | (other, Token::Char(char)) => token_matches(other, *char),
        (Token::Set { negated: false, ranges }, other) | (other, Token::Set { negated: false, ranges }) => match other {
            // Only the ends of ranges, and what lies beside them, can tell two sets apart.
            Token::Set { ranges: others, .. } => {
                let ends = ranges.iter().chain(others).flat_map(|&(low, high)| [low, high]);
                let beside = ends.flat_map(|end| {
                    [Some(end), char::from_u32(end as u32 + 1), (end as u32).checked_sub(1).and_then(char::from_u32)]
                });
                beside.flatten().any(|char| token_matches(left, char) && token_matches(right, char))
            }
            _ => true,
        },
        // Two sets of all but a few always share one.
        _ => true,
    }
}
