//! Patterns, found by what they begin with.

use super::{Pattern, Segment, Token};

/// Patterns, found by what they may share a path with: a tree of the plain names that they begin with.
#[derive(Debug, Default)]
pub struct Index {
    /// Patterns that end their plain names here.
    own: Vec<usize>,
    below: std::collections::BTreeMap<String, Index>,
}

impl Index {
    /// Takes a pattern, to be found as `number`.
    pub fn insert(&mut self, pattern: &Pattern, number: usize) {
        for names in pattern.plain_beginnings() {
            names.into_iter().fold(&mut *self, |node, name| node.below.entry(name).or_default()).own.push(number);
        }
    }

    /// The numbers of all patterns that may overlap this one, sorted; those left out surely do not.
    pub fn candidates(&self, pattern: &Pattern) -> Vec<usize> {
        let mut found = Vec::new();
        for names in pattern.plain_beginnings() {
            let mut node = Some(self);
            for name in &names {
                let Some(here) = node else { break };
                found.extend(&here.own);
                node = here.below.get(name);
            }
            node.into_iter().for_each(|node| node.all(&mut found));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn all(&self, into: &mut Vec<usize>) {
        into.extend(&self.own);
        self.below.values().for_each(|node| node.all(into));
    }
}

impl Pattern {
    /// For each alternative, the names that every path which it matches begins with.
    fn plain_beginnings(&self) -> impl Iterator<Item = Vec<String>> {
        let plain = |segment: &Segment| match segment {
            Segment::Name(tokens) => {
                tokens.iter().map(|token| if let Token::Char(char) = token { Some(*char) } else { None }).collect()
            }
            Segment::Deep => None,
        };
        self.alternatives.iter().map(move |segments| segments.iter().map_while(plain).collect())
    }
}
