//! Patterns of paths: which paths they match, and whether two of them share one.
//!
//! A `${{ }}` stands for any text within a name. `*` and `?` stay within a name, `**` crosses folders, `[…]` is a set, `{a,b}` stands for several patterns. `dir/` is all below `dir`,
//! and so is a plain `dir`, besides the file of that name.

mod braces;
mod index;
mod overlap;
#[cfg(test)]
mod tests;

pub use braces::alternatives;
pub use index::Index;

use braces::alternate;

/// A pattern, ready to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    alternatives: Vec<Vec<Segment>>,
    /// `!…`: what it matches is left out.
    pub negated: bool,
    /// Why it matches nothing, where it asks for more than a pattern can be.
    pub excess: Option<Excess>,
}

/// How a pattern is too large to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It has so many bytes; no path has more than [`MAX_LENGTH`].
    Length(usize),
    /// Its braces stand for more than [`MAX_ALTERNATIVES`] patterns.
    Alternatives,
}

/// The longest path of any system, and so the longest pattern.
pub const MAX_LENGTH: usize = 4096;

#[derive(Debug, Clone, PartialEq)]
enum Segment {
    /// `**`: any number of names, also none.
    Deep,
    Name(Vec<Token>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `[a-z]`, `[!a]`
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// The most patterns that the braces of one stand for: they multiply.
pub const MAX_ALTERNATIVES: usize = 256;

impl Pattern {
    /// Reads a pattern. Every text is one.
    pub fn new(text: &str) -> Self {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let mut alternatives = Vec::new();
        let spelled = if text.len() > MAX_LENGTH { Err(Excess::Length(text.len())) } else { alternate(&without_holes(text)) };
        let (spelled, excess) = spelled.map_or_else(|excess| (Vec::new(), Some(excess)), |spelled| (spelled, None));
        for text in spelled {
            let mut segments = Vec::new();
            let path = text.trim_start_matches("./").trim_start_matches('/');
            let (path, below) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
            for name in path.split('/') {
                name_segments(name, &mut segments);
            }
            let plain = segments.iter().all(
                |segment| matches!(segment, Segment::Name(tokens) if tokens.iter().all(|token| matches!(token, Token::Char(_)))),
            );
            if below {
                // At least one name below the folder.
                segments.push(Segment::Name(vec![Token::Many]));
                segments.push(Segment::Deep);
            } else if plain {
                segments.push(Segment::Deep);
            }
            alternatives.push(segments);
        }
        Self { alternatives, negated, excess }
    }

    /// Whether it matches a path; `!` does not count.
    pub fn matches(&self, path: &str) -> bool {
        let names: Vec<Vec<char>> = path.trim_end_matches('/').split('/').map(|name| name.chars().collect()).collect();
        self.alternatives.iter().any(|segments| matches_from(segments, &names))
    }

    /// Whether it surely matches all that `other` matches: it is a folder with all in it, and the other lies below. `!` does not count.
    pub fn covers(&self, other: &Self) -> bool {
        other.alternatives.iter().all(|below| self.alternatives.iter().any(|whole| overlap::covers(whole, below)))
    }

    /// Whether some path is matched by both; `!` does not count.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.alternatives.iter().any(|left| other.alternatives.iter().any(|right| overlap::segments_meet(left, right)))
    }
}

/// The pattern with every `${{ }}` as `*`.
fn without_holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let Some(length) = crate::expr::text::hole_length(&rest[start..]) else { break };
        out.push_str(&rest[..start]);
        out.push('*');
        rest = &rest[start + length..];
    }
    out + rest
}

/// The paths of `tracked` that the patterns match, in order: an excluding pattern takes away what those before it matched.
pub fn select<'t>(patterns: &[Pattern], tracked: &'t [String]) -> Vec<&'t str> {
    let chosen = |path: &&String| {
        patterns.iter().fold(false, |in_it, pattern| if pattern.matches(path) { !pattern.negated } else { in_it })
    };
    tracked.iter().filter(chosen).map(String::as_str).collect()
}

/// A name; `**` beside other characters crosses folders there too.
fn name_segments(name: &str, segments: &mut Vec<Segment>) {
    if name == "**" {
        if segments.last() != Some(&Segment::Deep) {
            segments.push(Segment::Deep);
        }
        return;
    }
    let mut parts = name.split("**").peekable();
    let mut first = true;
    while let Some(part) = parts.next() {
        let mut tokens = Vec::new();
        if !first {
            segments.push(Segment::Deep);
            tokens.push(Token::Many);
        }
        tokens.extend(self::tokens(part));
        if parts.peek().is_some() {
            tokens.push(Token::Many);
        }
        segments.push(Segment::Name(tokens));
        first = false;
    }
}

fn tokens(name: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    // Without a bracket behind it no set ends, and to look for the end of each takes the square.
    let last = chars.iter().rposition(|char| *char == ']').unwrap_or_default();
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        at += 1;
        let token = match char {
            '*' => Token::Many,
            '?' => Token::One,
            '[' => match set(chars.get(at..=last).unwrap_or_default()) {
                Some((set, taken)) => {
                    at += taken;
                    set
                }
                None => Token::Char('['),
            },
            char => Token::Char(char),
        };
        if !(token == Token::Many && tokens.last() == Some(&Token::Many)) {
            tokens.push(token);
        }
    }
    tokens
}

/// The inside of `[…]`, and how many characters it takes with its bracket.
fn set(chars: &[char]) -> Option<(Token, usize)> {
    let negated = matches!(chars.first(), Some('!' | '^'));
    let mut at = usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let low = *chars.get(at)?;
        if low == ']' && !ranges.is_empty() {
            return Some((Token::Set { negated, ranges }, at + 1));
        }
        let high = match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(&high)) if high != ']' => {
                at += 2;
                high
            }
            _ => low,
        };
        ranges.push((low, high));
        at += 1;
    }
}

fn matches_from(segments: &[Segment], names: &[Vec<char>]) -> bool {
    // `reached[j]`: the segments so far match the first `j` names.
    let mut reached = vec![false; names.len() + 1];
    reached[0] = true;
    for segment in segments {
        let mut next = vec![false; names.len() + 1];
        match segment {
            Segment::Deep => {
                let mut any = false;
                for (slot, &before) in next.iter_mut().zip(&reached) {
                    any |= before;
                    *slot = any;
                }
            }
            Segment::Name(tokens) => {
                for (at, name) in names.iter().enumerate() {
                    next[at + 1] = reached[at] && name_matches(tokens, name);
                }
            }
        }
        reached = next;
    }
    reached[names.len()]
}

fn name_matches(tokens: &[Token], name: &[char]) -> bool {
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for token in tokens {
        let mut next = vec![false; name.len() + 1];
        let mut any = false;
        for at in 0..=name.len() {
            if *token == Token::Many {
                any |= reached[at];
                next[at] = any;
            } else if at > 0 {
                next[at] = reached[at - 1] && token_matches(token, name[at - 1]);
            }
        }
        reached = next;
    }
    reached[name.len()]
}

fn token_matches(token: &Token, char: char) -> bool {
    match token {
        Token::Char(own) => *own == char,
        Token::One | Token::Many => true,
        Token::Set { negated, ranges } => ranges.iter().any(|&(low, high)| low <= char && char <= high) != *negated,
    }
}
