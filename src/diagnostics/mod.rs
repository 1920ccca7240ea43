//! What the compiler has to say: one type for every error, warning and remark of every phase.
//!
//! A [`Code`] is a kind of message: its number, its title and its page. Each lies in a file of its own under `codes/`, beside the
//! functions that make a [`Diag`] of it, so that number, wording and page are read together. A `Diag` has a code, a message that
//! states a fact, labels on every place involved, and a help that is an action.

pub mod codes;
mod lost;
mod merge;
mod nearest;
pub mod render;

pub use codes::ALL;
pub use lost::{blocks_are_lost, without_consequences};
pub use merge::{cap, merge};
pub use nearest::nearest;

use crate::source::Span;

/// How much a message weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No output is written.
    Error,
    /// Output is written; `--deny warnings` makes it fail.
    Warning,
    /// Worth knowing; never fails anything.
    Remark,
}

/// A kind of message.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// A letter for the severity (`E`, `W`, `R`) and four digits, unique without the letter.
    pub id: &'static str,
    /// What happened, in a few words, without names from the spec.
    pub title: &'static str,
    /// Its page in Markdown: prose, a `## Bad` example that gives this code and a `## Good` one that does not.
    pub page: &'static str,
}

impl Code {
    /// How much it weighs, from the letter of its number.
    pub fn severity(&self) -> Severity {
        match self.id.as_bytes().first() {
            Some(b'W') => Severity::Warning,
            Some(b'R') => Severity::Remark,
            _ => Severity::Error,
        }
    }
}

/// A place that a message speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; labels of one message read as one sentence.
    pub text: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diag {
    /// Its kind.
    pub code: &'static Code,
    /// The fact, with names from the spec in backticks.
    pub message: String,
    /// The places involved; the first is the primary one.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// An error that is a warning here, since GitHub takes what it refuses: see [`codes::ADVICE`].
    pub advice: bool,
}

impl Diag {
    /// A message of that kind, without places yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None, advice: false }
    }

    /// With one more place; the first one given is the primary.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Labels the places of several that are alike, each place once: the first with one text, the others with another.
    #[must_use]
    pub fn labels(mut self, places: impl IntoIterator<Item = Span>, first: &str, others: &str) -> Self {
        for place in places {
            if self.labels.iter().all(|label| label.span != place) {
                let text = if self.labels.is_empty() { first } else { others };
                self = self.label(place, text);
            }
        }
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a help where there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        if self.advice { Severity::Warning } else { self.code.severity() }
    }

    /// Where it is shown.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }

    /// With every place moved: what a parser of a part found, in terms of the whole.
    #[must_use]
    pub fn map_spans(mut self, map: impl Fn(Span) -> Span) -> Self {
        for label in &mut self.labels {
            label.span = map(label.span);
        }
        self
    }
}

/// What a phase made, and what it has to say about it. A phase never gives up: it goes on with what it understood.
#[derive(Debug, Clone, Default)]
pub struct Outcome<T> {
    /// What could be made.
    pub value: T,
    /// What is to be said.
    pub diags: Vec<Diag>,
}

impl<T> Outcome<T> {
    /// The value, with the messages added to `all`.
    pub fn unpack(self, all: &mut Vec<Diag>) -> T {
        all.extend(self.diags);
        self.value
    }
}

/// Makes advice of the errors that GitHub would take: who has nothing optimised wants what is written, and may have brought it from YAML.
pub fn advise(diags: &mut [Diag]) {
    for diag in diags {
        diag.advice |= codes::ADVICE.iter().any(|code| code.id == diag.code.id);
    }
}

/// Whether any of the messages is an error.
pub fn has_errors(diags: &[Diag]) -> bool {
    diags.iter().any(|diag| diag.severity() == Severity::Error)
}

/// The kind of that number, in any case.
pub fn find_code(id: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id))
}
