//! What a plan means: which commands run, in which order and with which environment, and how the run concludes. The output is right where it does
//! this; `tests/interpret.rs` compares the two by running what is emitted.
//!
//! As GitHub does it (its documentation, "Workflow syntax" and "Expressions"), with these liberties: jobs run one after the other, in the order of the plan; every row
//! runs to its end, whatever `fail-fast` says; nothing takes time, so that no timeout ends and no newer run cancels anything; steps that run side by
//! side run in written order.

mod rows;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use super::{Plan, Work};
use crate::expr::eval::{Context, EvalError, HashFiles, Status, eval};
use crate::expr::text::{Piece, split};
use crate::expr::value::{Object, Value};
use crate::expr::{Expr, macros};
use crate::hir::{self, ValueKind};
use crate::map::IndexMap;
use crate::pattern::Pattern;

/// How a command, a task or a run ended: GitHub's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Conclusion {
    /// All is well.
    Success,
    /// Something failed.
    Failure,
    /// It did not run.
    Skipped,
}

impl Conclusion {
    /// GitHub's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
        }
    }
}

/// A command that runs: of a shell, or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What a shell runs, or the name of the action or workflow; expressions are worked out.
    pub text: String,
    /// The inputs of an action; none for a shell.
    pub inputs: Option<IndexMap<String, String>>,
    /// The variables that are set for it, besides the machine's own.
    pub env: IndexMap<String, String>,
    /// The directory, from the root of the repository, where it is not that.
    pub dir: Option<String>,
    /// The shell, where it is not the machine's own.
    pub shell: Option<String>,
}

/// What a command did.
#[derive(Debug, Clone, Default)]
pub struct Did {
    /// Whether it failed.
    pub failed: bool,
    /// What it put into `$GITHUB_OUTPUT`.
    pub outputs: Vec<(String, String)>,
    /// What it put into `$GITHUB_ENV`.
    pub env: Vec<(String, String)>,
}

/// What a run is given.
pub struct Given<'a> {
    /// The contexts of the run as a whole: `github`, `inputs`, `vars`, `secrets`, and `runner`.
    pub contexts: Object,
    /// The paths that changed; none where that is not known, and everything counts as changed.
    pub changed: Option<&'a [String]>,
    /// What `hashFiles` answers.
    pub hash_files: Option<HashFiles<'a>>,
    /// Runs a command of a task.
    pub run: &'a mut dyn FnMut(&str, &Command) -> Did,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Every task, in the order of the plan.
    pub tasks: Vec<Done>,
    /// How it concluded.
    pub conclusion: Conclusion,
}

/// What came of a task.
#[derive(Debug, Clone)]
pub struct Done {
    /// Its id.
    pub id: String,
    /// Whose row it is.
    pub work: String,
    /// How it ended.
    pub conclusion: Conclusion,
    /// What ran, in order, and how it ended.
    pub commands: Vec<(Command, Conclusion)>,
}

/// What is known of a work that is over.
struct Over {
    /// What `needs.JOB.result` is.
    result: Conclusion,
    outputs: IndexMap<String, String>,
}

/// Runs a plan.
pub fn interpret(plan: &Plan, given: &mut Given<'_>) -> Run {
    let outside = Scope::new(&given.contexts, given.hash_files, given.changed);
    let holds = |expr: &Expr| outside.eval(expr, Status::Success).is_ok_and(|value| value.truthy());
    if let Some(name) = plan.chosen(holds) {
        return interpret(&plan.under(name), given);
    }
    let mut over: BTreeMap<&str, Over> = BTreeMap::new();
    let mut ancestors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut tasks = Vec::new();
    let mut failed = false;
    for ((id, work), needs) in plan.works.iter().zip(plan.needs()) {
        let before: BTreeSet<&str> =
            needs.iter().flat_map(|need| ancestors.get(need).into_iter().flatten().copied().chain([*need])).collect();
        let results = || before.iter().filter_map(|id| over.get(id)).map(|over| over.result);
        let status = match () {
            () if results().any(|result| result == Conclusion::Failure) => Status::Failure,
            () if results().any(|result| result == Conclusion::Skipped) => Status::Skipped,
            () => Status::Success,
        };
        let needed = needs.iter().filter_map(|need| Some((*need, over.get(need)?)));
        let scope = Scope::new(&given.contexts, given.hash_files, given.changed).with("needs", needs_value(needed));
        let mut own = Vec::new();
        match scope.holds(work.job.when.as_ref(), status) {
            Ok(false) => own.push(none(id, work, Conclusion::Skipped)),
            Err(_) => own.push(none(id, work, Conclusion::Failure)),
            Ok(true) => match rows::of(plan, work, &scope) {
                // An empty matrix, or one that is none, fails the job before it begins.
                Ok(rows) if !rows.is_empty() => own.extend(rows.iter().map(|row| task::run(plan, work, row, &scope, given.run))),
                _ => own.push((none(id, work, Conclusion::Failure).0, IndexMap::default())),
            },
        }
        let bad = own.iter().any(|(done, _)| done.conclusion == Conclusion::Failure);
        let forgiven = bad && scope.forgives(work.job.may_fail.as_ref()).unwrap_or(false);
        failed |= bad && !forgiven;
        let result = match own.first().map(|(done, _)| done.conclusion) {
            _ if bad && !forgiven => Conclusion::Failure,
            Some(Conclusion::Skipped) => Conclusion::Skipped,
            _ => Conclusion::Success,
        };
        // Of rows the last one that says something has the word.
        let outputs = own.iter().flat_map(|(_, outputs)| outputs.clone()).filter(|(_, value)| !value.is_empty()).collect();
        over.insert(id, Over { result, outputs });
        ancestors.insert(id, before);
        tasks.extend(own.into_iter().map(|(done, _)| done));
    }
    let ran = tasks.iter().any(|done: &Done| done.conclusion != Conclusion::Skipped);
    let conclusion = match (failed, ran) {
        (true, _) => Conclusion::Failure,
        (false, true) => Conclusion::Success,
        (false, false) => Conclusion::Skipped,
    };
    Run { tasks, conclusion }
}

/// A task without commands.
fn none(id: &str, work: &Work, conclusion: Conclusion) -> (Done, IndexMap<String, String>) {
    let done = Done { id: id.to_owned(), work: work.job.id.clone(), conclusion, commands: Vec::new() };
    (done, IndexMap::default())
}

fn needs_value<'a>(needed: impl Iterator<Item = (&'a str, &'a Over)>) -> Value {
    Value::object(needed.map(|(id, over)| {
        let outputs = Value::object(over.outputs.iter().map(|(name, value)| (name.clone(), Value::string(value))));
        (id, Value::object([("result", Value::string(over.result.word())), ("outputs", outputs)]))
    }))
}

/// What expressions see at some place.
#[derive(Clone)]
struct Scope<'a> {
    values: Object,
    hash_files: Option<HashFiles<'a>>,
    changed: Option<&'a [String]>,
}

impl<'a> Scope<'a> {
    fn new(contexts: &Object, hash_files: Option<HashFiles<'a>>, changed: Option<&'a [String]>) -> Self {
        Self { values: contexts.clone(), hash_files, changed }
    }

    /// With a context in place of the one of that name.
    fn with(&self, context: &str, value: Value) -> Self {
        let others = self.values.iter().filter(|(name, _)| *name != context);
        let values = others.map(|(name, value)| (name, value.clone())).chain([(context, value)]).collect();
        Self { values, ..self.clone() }
    }

    fn eval(&self, expr: &Expr, status: Status) -> Result<Value, EvalError> {
        let context = Context { values: &self.values, status, hash_files: self.hash_files };
        let expanded = match self.changed {
            None => macros::in_github_words(expr.clone()),
            Some(changed) => macros::replace_changed(macros::expand(expr.clone()), &mut |patterns, span| {
                let patterns: Vec<Pattern> = patterns.iter().map(|pattern| Pattern::new(pattern)).collect();
                Expr::bool(!crate::pattern::select(&patterns, changed).is_empty(), span)
            }),
        };
        eval(&expanded, &context)
    }

    /// Whether a condition holds; without one that of all.
    fn holds(&self, when: Option<&hir::Condition>, status: Status) -> Result<bool, EvalError> {
        let Some(when) = when else { return Ok(status == Status::Success) };
        let implied = when.expr.asks_status() || status == Status::Success;
        Ok(implied && self.eval(&when.expr, status)?.truthy())
    }

    /// Whether a failure is no failure.
    fn forgives(&self, may_fail: Option<&hir::MayFail>) -> Result<bool, EvalError> {
        match may_fail {
            None => Ok(false),
            Some(None) => Ok(true),
            Some(Some(when)) => Ok(self.eval(&when.expr, Status::Success)?.truthy()),
        }
    }

    /// A text with its expressions worked out.
    fn fill(&self, text: &str) -> Result<String, EvalError> {
        split(text)
            .value
            .iter()
            .map(|piece| match piece {
                Piece::Text { text, .. } => Ok(text.clone()),
                Piece::Hole { expr: Some(expr), .. } => Ok(self.eval(expr, Status::Success)?.to_text()),
                Piece::Hole { expr: None, .. } => Ok(String::new()),
            })
            .collect()
    }

    /// A value as an input or a variable has it: a list as lines.
    fn spell(&self, value: &hir::Value) -> Result<String, EvalError> {
        match &value.kind {
            ValueKind::List(items) => Ok(items.iter().map(|item| self.spell(item)).collect::<Result<Vec<_>, _>>()?.join("\n")),
            _ => self.fill(&value.spelled()),
        }
    }
}
