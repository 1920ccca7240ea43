//! Where each value of a workflow comes from: which lines of specs, and which pass or default.
//!
//! Nothing of it is kept while a spec is compiled. The way to a value, `jobs.test.steps[2].with.key`, is walked through the pipeline and the plan as the
//! lowering walked it; what the two differ in is a pass's, and the ledger says why.

mod file;
mod job;
mod settings;
mod step;

pub use settings::{Setting, added_steps, settings};

use super::paths::Key;
use crate::Compilation;
use crate::catalog::library;
use crate::diagnostics::Label;
use crate::hir::{Map, Origin, Value, ValueKind};
use crate::passes::Subject;
use crate::source::Span;
use crate::syntax::ast::{Block, ItemKind};
use crate::syntax::symbols::Keyword;
use crate::text::Text;

/// Where a value comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// Why it is there, where it is not just what is written.
    pub reasons: Vec<Reason>,
    /// The places that it follows from, the nearest first.
    pub places: Vec<Label>,
}

/// Why a value is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The pass that decided it; none of a default.
    pub pass: Option<&'static str>,
    /// What it did and why.
    pub text: String,
}

/// Where the value comes from that `path` leads to; of a text of several lines, the one of that number.
pub fn home(made: &Compilation, path: &[Key], inside: Option<usize>) -> Home {
    let mut trace = Trace { made, inside, home: Home::default() };
    trace.file(path);
    trace.home
}

/// A walk to a value.
struct Trace<'a> {
    made: &'a Compilation,
    inside: Option<usize>,
    home: Home,
}

impl Trace<'_> {
    /// A place, unless it is known already or lies nowhere.
    fn at(&mut self, span: Span, text: impl Into<String>) {
        let known = self.home.places.iter().any(|label| label.span == span);
        if !known && span != Span::default() {
            self.home.places.push(Label { span, text: text.into() });
        }
    }

    /// A place, and the uses and rounds that brought it here.
    fn from(&mut self, origin: &Origin, text: &str) {
        self.part_of(origin, origin.span, text);
    }

    /// The same for a part of it.
    fn part_of(&mut self, origin: &Origin, span: Span, text: &str) {
        self.at(span, text);
        let mut frame = origin.frame.as_deref();
        while let Some(here) = frame {
            self.at(here.span, here.what.clone());
            frame = here.parent.as_deref();
        }
    }

    /// A text, or the line of it that is asked for.
    fn text(&mut self, text: &Text, origin: &Origin, what: &str) {
        let span = self.inside.and_then(|line| line_of(text, line)).unwrap_or_else(|| text.span());
        self.part_of(origin, if span == Span::default() { origin.span } else { span }, what);
    }

    /// A value, or what `rest` leads to in it.
    fn value(&mut self, value: &Value, rest: &[Key], what: &str) {
        let (mut value, mut rest) = (value, rest);
        loop {
            let next = match (&value.kind, rest.first(), self.inside) {
                (ValueKind::Map(map), Some(Key::Name(name)), _) => map.get(name),
                (ValueKind::List(items), Some(Key::Item(at)), _) => items.get(*at),
                // A list that became lines.
                (ValueKind::List(items), None, Some(line)) => items.get(line),
                _ => None,
            };
            let Some(next) = next else { break };
            (value, rest) = (next, rest.get(1..).unwrap_or_default());
        }
        match &value.kind {
            ValueKind::Text(text) => self.text(text, &value.origin, what),
            _ => self.from(&value.origin, what),
        }
    }

    /// The value that the first of `rest` names; all of them where it names none.
    fn entry(&mut self, map: &Map, rest: &[Key], what: &str) {
        if let [Key::Name(name), more @ ..] = rest {
            map.get(name).into_iter().for_each(|value| self.value(value, more, what));
        } else {
            map.values().for_each(|value| self.from(&value.origin, what));
        }
    }

    /// What a pass decided about that.
    fn decided(&mut self, pass: &'static str, job: Option<&str>, subject: &Subject) {
        let decisions = &self.made.ledger.decisions;
        let of_it = decisions.iter().filter(|it| it.pass == pass && it.job.as_deref() == job && it.subject == *subject);
        let reasons = of_it.map(|it| Reason { pass: Some(pass), text: format!("{}; {}", it.what, it.why) });
        self.home.reasons.extend(reasons.collect::<Vec<_>>());
    }

    /// What a pass does always.
    fn done_by(&mut self, pass: &'static str, text: impl Into<String>) {
        self.home.reasons.push(Reason { pass: Some(pass), text: text.into() });
    }

    /// What holds where nothing else is said.
    fn because(&mut self, text: impl Into<String>) {
        self.home.reasons.push(Reason { pass: None, text: text.into() });
    }

    /// Whether nothing was found yet.
    fn is_open(&self) -> bool {
        self.home == Home::default()
    }
}

/// The place of a line of a text.
fn line_of(text: &Text, line: usize) -> Option<Span> {
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let written = text.split('\n').nth(line)?;
    Some(text.source(start..start + written.len()))
}

/// The keyword of a statement of a block itself.
fn statement(block: &Block, keyword: Keyword) -> Option<Span> {
    block.items.iter().find_map(|item| match &item.kind {
        ItemKind::Statement(statement) if statement.keyword == keyword => Some(statement.word),
        _ => None,
    })
}

/// What a place is, where it may be one of the library.
fn said_in<'t>(origin: &Origin, spec: &'t str, of_library: &'t str) -> &'t str {
    if library::holds(origin.span) { of_library } else { spec }
}
