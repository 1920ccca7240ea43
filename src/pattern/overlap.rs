//! Whether two patterns share a path that others leave: a search through both at once, which is exact.
//!
//! A state is a place in each of the two, and all places of each pattern that takes away, since it must match in no way at all. Only
//! characters that a pattern names, those beside the ends of its ranges, and one that none names can lead to different states.

use std::collections::{BTreeSet, HashSet};

use super::token::{Class, Reached, Token, nothing};

/// For patterns with more states it takes too long to say: then they may meet.
const MAX_STATES: usize = 1 << 16;

/// A place in each of the two, whether a name has begun, and how far each that takes away has come.
type State = (usize, usize, bool, Vec<Reached>);

/// Whether some path is matched by `left` and `right` and by none of `except`. A path is of names without `/`, none of them empty.
pub(super) fn meet(left: &[Token], right: &[Token], except: &[&[Token]]) -> bool {
    // Most pairs begin with different letters.
    if begin_apart(left, right) {
        return false;
    }
    // As far as both are plain and the same there is one way only.
    let mut out: Vec<Reached> = except.iter().map(|tokens| Reached::start(tokens)).collect();
    let (mut plain, mut named) = (0, false);
    while let (Some(Token::One(Class::Char(char))), Some(Token::One(Class::Char(same)))) = (left.get(plain), right.get(plain))
        && char == same
        && (named || *char != '/')
    {
        out = out.iter().zip(except).map(|(reached, tokens)| reached.step(tokens, *char)).collect();
        (plain, named) = (plain + 1, *char != '/');
    }
    let chars = chars(&left[plain..], &right[plain..], except);
    let first: State = (plain, plain, named, out);
    let mut seen: HashSet<State> = HashSet::from([first.clone()]);
    let mut open = vec![first];
    while let Some((a, b, named, out)) = open.pop() {
        if seen.len() > MAX_STATES {
            return true;
        }
        let (one, other) = (left.get(a), right.get(b));
        if one.is_none() && other.is_none() && named && !out.iter().any(Reached::accepts) {
            return true;
        }
        let mut next: Vec<State> = Vec::new();
        next.extend(one.into_iter().flat_map(|token| nothing(token, a)).map(|a| (a, b, named, out.clone())));
        next.extend(other.into_iter().flat_map(|token| nothing(token, b)).map(|b| (a, b, named, out.clone())));
        if let (Some((own, a)), Some((their, b))) =
            (one.and_then(|token| takes(token, a)), other.and_then(|token| takes(token, b)))
        {
            let only = if let Class::Char(_) = own { only(own) } else { only(their) };
            for &char in only.as_ref().map_or(chars.as_slice(), std::slice::from_ref) {
                if own.takes(char) && their.takes(char) && (named || char != '/') {
                    let out = out.iter().zip(except).map(|(reached, tokens)| reached.step(tokens, char)).collect();
                    next.push((a, b, char != '/', out));
                }
            }
        }
        push(next, &mut seen, &mut open);
    }
    false
}

fn push(next: Vec<State>, seen: &mut HashSet<State>, open: &mut Vec<State>) {
    open.extend(next.into_iter().filter(|state| seen.insert(state.clone())));
}

/// What a token takes, and the place behind that.
fn takes(token: &Token, at: usize) -> Option<(&Class, usize)> {
    match token {
        Token::One(class) => Some((class, at + 1)),
        Token::Many(class) => Some((class, at)),
        Token::Skip(_) => None,
    }
}

/// The only character that a class takes.
fn only(class: &Class) -> Option<char> {
    if let Class::Char(char) = class { Some(*char) } else { None }
}

/// Whether two patterns differ in a letter before their first wildcard.
fn begin_apart(left: &[Token], right: &[Token]) -> bool {
    let char = |token: &Token| if let Token::One(Class::Char(char)) = token { Some(*char) } else { None };
    let pairs = left.iter().map(char).zip(right.iter().map(char));
    pairs.map_while(|(one, other)| one.zip(other)).any(|(one, other)| one != other)
}

/// Characters of which one leads wherever any character does.
fn chars(left: &[Token], right: &[Token], except: &[&[Token]]) -> Vec<char> {
    let mut chars = BTreeSet::from(['/']);
    for token in [left, right].iter().chain(except).flat_map(|tokens| tokens.iter()) {
        match token {
            Token::One(Class::Char(char)) => {
                chars.insert(*char);
            }
            Token::One(Class::Set { ranges, .. }) => {
                for end in ranges.iter().flat_map(|&(low, high)| [low, high]) {
                    let before = (end as u32).checked_sub(1).and_then(char::from_u32);
                    chars.extend([Some(end), before, char::from_u32(end as u32 + 1)].into_iter().flatten());
                }
            }
            _ => {}
        }
    }
    // One that none names.
    chars.extend(('a'..=char::MAX).find(|char| !chars.contains(char)));
    chars.into_iter().filter(|char| *char != '\0').collect()
}
