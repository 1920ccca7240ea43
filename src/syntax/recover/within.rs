//! What pieces lie in.

use super::super::hints::{first_line, word_of};
use super::super::parse::Rule;
use super::super::symbols::{self, Keyword, Place, Symbol};

/// What pieces lie in.
#[derive(Clone, Copy)]
pub(super) struct Within {
    /// The rule for each of them.
    pub(super) rule: Rule,
    /// None where all statements may stand, as in a template.
    pub(super) place: Option<Place>,
}

impl Within {
    pub(super) const FILE: Self = Self { rule: Rule::alone, place: Some(Place::File) };

    /// What the block of a statement holds: rows, settings or items.
    pub(super) fn block_of(self, head: &str) -> Self {
        let line = first_line(head);
        let mut words = line.split_whitespace();
        let word = word_of(line);
        let second = words.nth(1).unwrap_or_default();
        let rule = match word {
            "matrix" if !matches!(second, "" | "{") => Rule::alone_row,
            "for" if self.rule == Rule::alone_row => Rule::alone_row,
            "optimize" | "target" | "monitor" | "shards" => Rule::alone_setting,
            _ if self.rule == Rule::alone_setting => Rule::alone_setting,
            _ => Rule::alone,
        };
        let place = match word {
            "for" | "if" | "when" | "in" | "parallel" | "}" => self.place,
            "template" => None,
            _ if self.rule == Rule::alone_row => Some(Place::Row),
            "job" => Some(Place::Job),
            "step" if line.contains(" uses ") => Some(Place::Uses),
            "step" => Some(Place::Step),
            "uses" => Some(Place::Uses),
            "on" => Some(Place::On),
            "matrix" => Some(Place::Matrix),
            "toolchain" if line.contains('(') => Some(Place::Toolchain),
            "service" if line.contains('(') => Some(Place::Service),
            "install" | "setup" => Some(Place::Install),
            // A misspelt word may be meant as any.
            _ if symbols::by_word(word).next().is_none() && !line.contains(": ") => None,
            _ => Some(Place::Checkout),
        };
        Self { rule, place }
    }

    pub(super) fn takes(self, symbol: &Symbol) -> bool {
        self.place.is_none_or(|place| symbol.places.is_empty() || symbol.places.contains(&place))
    }

    /// Whether a statement that begins with `word` may stand here.
    pub(super) fn takes_word(self, word: &str) -> bool {
        symbols::by_word(word).any(|symbol| self.takes(symbol))
    }

    pub(super) fn takes_commands(self) -> bool {
        self.takes(Keyword::Run.symbol())
    }

    /// Whether entries are what it is for.
    pub(super) fn is_data(self) -> bool {
        matches!(self.place, Some(Place::Checkout | Place::Uses | Place::Matrix))
    }
}
