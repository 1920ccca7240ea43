//! What a step says.

use super::{Condition, Duration, Map, MayFail, Origin, Value};
use crate::catalog::actions;
use crate::source::Span;
use crate::text::Text;

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: Option<(String, Span)>,
    /// Its display name.
    pub title: Option<Text>,
    /// Whether it runs.
    pub when: Option<Condition>,
    /// Environment variables.
    pub env: Map,
    /// The shell.
    pub shell: Option<Text>,
    /// The directory of `run`.
    pub dir: Option<Text>,
    /// How long it may take. This and the next four are rare, and boxed: steps are most of a pipeline.
    pub timeout: Option<Box<Value>>,
    /// Its failure does not fail the job.
    pub may_fail: Option<Box<MayFail>>,
    /// How often it is tried again.
    pub retry: Option<Box<Value>>,
    /// How long it takes.
    pub takes: Option<Box<Value>>,
    /// What it was called before a pass changed its script, where it has no title.
    pub was: Option<Box<String>>,
    /// The next steps do not wait for it.
    pub background: bool,
    /// What it does.
    pub kind: StepKind,
    /// Keys that the language does not know.
    pub raw: Map,
    /// Where it is written.
    pub origin: Origin,
}

impl Step {
    /// Whether its command, its inputs or its variables have this word in them, or in small letters a value of the matrix of that name.
    pub(crate) fn names(&self, word: &str) -> bool {
        let axis = format!("matrix.{}", word.to_lowercase());
        let has = |text: &str| text.contains(word) || text.contains(&axis);
        let any = |map: &Map| map.values().any(|value| has(&value.spelled()));
        let own = match &self.kind {
            StepKind::Run(script) => has(script),
            StepKind::Uses { with, .. } => any(with),
            StepKind::Parallel(steps) => steps.iter().any(|step| step.names(word)),
            StepKind::Checkout(_) | StepKind::Wait(_) | StepKind::Cancel(_) => false,
        };
        own || any(&self.env)
    }

    /// How long it takes, where that is declared; steps side by side take as long as the longest of them.
    pub fn takes(&self) -> Option<Duration> {
        let own = || Duration::parse(&self.takes.as_ref()?.spelled());
        match &self.kind {
            StepKind::Parallel(steps) => steps.iter().map(Self::takes).collect::<Option<Vec<_>>>()?.into_iter().max(),
            StepKind::Wait(_) | StepKind::Cancel(_) => Some(Duration(0)),
            _ => own(),
        }
    }

    /// How long steps take one after the other, where that is declared of each.
    pub fn all_take(steps: &[Self]) -> Option<Duration> {
        let each = steps.iter().map(|step| step.takes().map(|takes| takes.0)).collect::<Option<Vec<_>>>()?;
        Some(Duration(each.into_iter().fold(0, u64::saturating_add))).filter(|total| total.0 > 0)
    }

    /// Whether it fetches the repository's files.
    pub fn fetches(&self) -> bool {
        match &self.kind {
            StepKind::Checkout(_) => true,
            StepKind::Uses { action, .. } => actions::checks_out(action),
            _ => false,
        }
    }
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// Runs a command.
    Run(Text),
    /// Runs an action.
    Uses {
        /// The action.
        action: Text,
        /// Its inputs.
        with: Map,
        /// What a comment says of the commit that it is pinned to: its tag.
        tag: Option<String>,
    },
    /// Fetches the repository's files.
    Checkout(Map),
    /// Steps side by side.
    Parallel(Vec<Step>),
    /// Waits for background steps; for all where none is named.
    Wait(Vec<Text>),
    /// Ends background steps.
    Cancel(Vec<Text>),
}
