//! Conditions of compile time.

use pest::iterators::Pair;

use super::super::ast::{Block, Condition, Kind, Lookup, Otherwise};
use super::{Builder, Rule, words};

impl Builder<'_> {
    pub(super) fn if_block<'p>(&mut self, mut inner: impl Iterator<Item = Pair<'p, Rule>>) -> Kind {
        let condition = match inner.next().and_then(|pair| pair.into_inner().next()) {
            Some(pair) => self.condition(pair),
            None => Condition::Any(Vec::new()),
        };
        let block = self.next_block(&mut inner);
        let otherwise = inner.next().map(|pair| match pair.as_rule() {
            Rule::if_block => {
                let span = self.span(&pair);
                let fits = self.enter(span);
                let item = fits.then(|| self.item(pair));
                self.leave();
                item.map_or_else(|| Otherwise::Block(Block { span, ..Block::default() }), |item| Otherwise::If(Box::new(item)))
            }
            _ => Otherwise::Block(self.block(pair)),
        });
        Kind::If { condition, block, otherwise }
    }

    pub(super) fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        // `!` and `(` nest through operands; the other rules lie in a row between two of them.
        if pair.as_rule() != Rule::operand {
            return self.part(pair);
        }
        let span = self.span(&pair);
        let part = if self.enter(span) { self.part(pair) } else { Condition::Any(Vec::new()) };
        self.leave();
        part
    }

    pub(super) fn part(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let rule = pair.as_rule();
        match rule {
            Rule::any_of | Rule::all_of => {
                let mut parts: Vec<_> = pair.into_inner().map(|pair| self.condition(pair)).collect();
                match (parts.len(), rule) {
                    (1, _) => parts.remove(0),
                    (_, Rule::any_of) => Condition::Any(parts),
                    _ => Condition::All(parts),
                }
            }
            Rule::compared => {
                let mut inner = pair.into_inner();
                let left = inner.next().map_or(Condition::Any(Vec::new()), |pair| self.condition(pair));
                match (inner.next(), inner.next()) {
                    (Some(compare), Some(right)) => {
                        let right = Box::new(self.condition(right));
                        Condition::Compare { left: Box::new(left), equal: compare.as_str() == "==", right }
                    }
                    _ => left,
                }
            }
            Rule::operand => {
                let mut inner = pair.into_inner();
                match inner.next() {
                    Some(pair) if pair.as_rule() == Rule::not => {
                        Condition::Not(Box::new(inner.next().map_or(Condition::Any(Vec::new()), |pair| self.condition(pair))))
                    }
                    Some(pair) => self.condition(pair),
                    None => Condition::Any(Vec::new()),
                }
            }
            Rule::lookup => Condition::Lookup(self.lookup(pair)),
            _ => Condition::Word(self.word(pair)),
        }
    }

    pub(super) fn lookup(&mut self, pair: Pair<'_, Rule>) -> Lookup {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let name = self.next_word(&mut inner);
        Lookup { name, arguments: words(inner, self), span }
    }
}
