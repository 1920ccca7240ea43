//! Patterns of paths: which paths they match, and whether two of them share one.
//!
//! A `${{ }}` stands for any text within a name. `*` and `?` stay within a name, `**` crosses folders, `[…]` is a set, `{a,b}` stands for several patterns. `dir/` is all below `dir`,
//! and so is a plain `dir`, besides the file of that name. `a/**/b` is `a/b` too, and `**.md` any such name in any folder.

mod braces;
pub mod folder;
mod index;
mod overlap;
#[cfg(test)]
mod tests;
mod token;

pub use braces::alternatives;
pub use index::Index;

use braces::alternate;
use token::{Token, tokens};

/// A pattern, ready to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    alternatives: Vec<Vec<Token>>,
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

/// The most patterns that the braces of one stand for: they multiply.
pub const MAX_ALTERNATIVES: usize = 256;

impl Pattern {
    /// Reads a pattern. Every text is one.
    pub fn new(text: &str) -> Self {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let spelled = if text.len() > MAX_LENGTH { Err(Excess::Length(text.len())) } else { alternate(&without_holes(text)) };
        let (spelled, excess) = spelled.map_or_else(|excess| (Vec::new(), Some(excess)), |spelled| (spelled, None));
        Self { alternatives: spelled.iter().map(|text| tokens(text)).collect(), negated, excess }
    }

    /// Whether it matches a path; `!` does not count.
    pub fn matches(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.alternatives.iter().any(|tokens| token::accept(tokens, path))
    }

    /// Whether some path is matched by both and by none of `except`; `!` does not count.
    pub fn meets<'p>(&self, other: &Self, except: impl IntoIterator<Item = &'p Self>) -> bool {
        let except: Vec<&[Token]> = except.into_iter().flat_map(|except| &except.alternatives).map(Vec::as_slice).collect();
        self.alternatives.iter().any(|left| other.alternatives.iter().any(|right| overlap::meet(left, right, &except)))
    }

    /// Whether it is one path without any wildcard, `dist/` or `bin/app`.
    pub fn is_plain(&self) -> bool {
        matches!(self.alternatives.as_slice(), [only] if token::is_plain(only))
    }

    /// As an extended regular expression of POSIX for what it matches, for folders that are written as such, and for all below: `^dist/[^/]*\.js(/|$)`.
    pub fn regex(&self) -> String {
        let alternatives: Vec<String> = self.alternatives.iter().map(|tokens| token::regex(tokens)).collect();
        match alternatives.as_slice() {
            [only] => format!("^{only}(/|$)"),
            all => format!("^({})(/|$)", all.join("|")),
        }
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
    tracked.iter().map(String::as_str).filter(|path| choose(patterns, path)).collect()
}

/// Whether there is such a path.
pub fn any(patterns: &[Pattern], tracked: &[String]) -> bool {
    tracked.iter().any(|path| choose(patterns, path))
}

fn choose(patterns: &[Pattern], path: &str) -> bool {
    patterns.iter().fold(false, |in_it, pattern| if pattern.matches(path) { !pattern.negated } else { in_it })
}
