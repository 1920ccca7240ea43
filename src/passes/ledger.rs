//! What was decided, and why.

use indexmap::IndexMap;

use crate::pins::{Asked, Pin, Source};

/// A decision of a pass.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Decision {
    /// The pass.
    pub pass: &'static str,
    /// The job, where it is about one.
    pub job: Option<String>,
    /// What was done.
    pub what: String,
    /// Why.
    pub why: String,
}

/// All decisions, in the order they were taken.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Ledger {
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The tags and branches of other repositories that are asked for, and the pin of each, where one is known.
    #[serde(skip)]
    pub pins: IndexMap<Asked, Option<(Pin, Source)>>,
}

impl Ledger {
    /// Notes a decision.
    pub fn note(&mut self, pass: &'static str, job: Option<&str>, what: impl Into<String>, why: impl Into<String>) {
        self.decisions.push(Decision { pass, job: job.map(str::to_owned), what: what.into(), why: why.into() });
    }
}
