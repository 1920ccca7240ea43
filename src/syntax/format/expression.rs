//! Conditions: those of run time as they were written, those of compile time from the tree.

use super::{CONTINUED, Writer};
use crate::syntax::ast::{Condition, ExprText, Lookup};

impl Writer<'_> {
    /// Of run time: its own line breaks, its own blanks within a line.
    pub(super) fn expr(&mut self, expr: &ExprText) {
        if let Some(span) = expr.raw {
            return self.raw(span);
        }
        let blanks = [' ', '\t', '\r'];
        let lines = expr.text.as_str().split('\n').map(|line| line.trim_matches(blanks)).filter(|line| !line.is_empty());
        for (index, line) in lines.enumerate() {
            if index > 0 {
                self.line(self.indent + CONTINUED);
            }
            self.push(line);
        }
    }

    /// Of compile time, with the parentheses that it needs.
    pub(super) fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Any(parts) => self.joined(parts, " || ", 1),
            Condition::All(parts) => self.joined(parts, " && ", 2),
            Condition::Compare { left, equal, right } => {
                self.operand(left, 3);
                self.push(if *equal { " == " } else { " != " });
                self.operand(right, 3);
            }
            Condition::Not(part) => {
                self.push("!");
                self.operand(part, 3);
            }
            Condition::Lookup(lookup) => self.lookup(lookup),
            Condition::Word(word) => self.word(word),
        }
    }

    fn joined(&mut self, parts: &[Condition], operator: &str, binding: u8) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(operator);
            }
            self.operand(part, binding);
        }
    }

    fn operand(&mut self, part: &Condition, least: u8) {
        let binding = match part {
            Condition::Any(_) => 1,
            Condition::All(_) | Condition::Compare { .. } => 2,
            _ => 3,
        };
        let open = binding < least;
        self.push(if open { "(" } else { "" });
        self.condition(part);
        self.push(if open { ")" } else { "" });
    }

    pub(super) fn lookup(&mut self, lookup: &Lookup) {
        self.word(&lookup.name);
        self.push("(");
        for (index, argument) in lookup.arguments.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            self.word(argument);
        }
        self.push(")");
    }
}
