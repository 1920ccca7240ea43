//! Patterns, found by what they begin with.

use super::Pattern;
use super::token::{Class, Token};

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
        self.alternatives.iter().map(|tokens| {
            let char = |token: &Token| if let Token::One(Class::Char(char)) = token { Some(*char) } else { None };
            let start: String = tokens.iter().map_while(char).collect();
            let mut names: Vec<String> = start.split('/').map(str::to_owned).collect();
            // The last name goes on where a wildcard follows, unless that is for what lies below.
            let behind = tokens.get(start.chars().count()..).unwrap_or_default();
            if !matches!(behind, [] | [Token::Skip(2), Token::One(_), ..]) {
                names.pop();
            }
            names
        })
    }
}
