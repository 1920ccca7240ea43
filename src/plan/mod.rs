//! The plan: work and machines kept apart, so that passes only rewrite it.
//!
//! A [`Work`] is what a job does. A [`Task`] is one row of it, with a stable id; an [`Edge`] joins two works, by order or by data; a
//! [`Machine`] runs tasks. [`mod@build`] makes one machine per task.

mod alternatives;
pub mod build;
mod dump;
mod effects;
pub mod interpret;
pub mod order;
pub mod pieces;
mod rows;
pub(crate) mod shards;
mod skips;
mod source;
mod verify;

pub use alternatives::Difference;
pub use build::build;
pub use effects::{rows_collide, rows_differ};
pub use rows::{toolchains, writing};
pub use verify::verify;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::hir::{self, Concurrency, Condition, Map, Pipeline, Switch, Value};
use crate::map::IndexMap;
use crate::source::Span;

/// A pipeline as it will run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What the spec says as a whole; its jobs are in `works`.
    pub pipeline: Pipeline,
    /// What runs, by job id, in topological order: the author's, where that is one.
    pub works: IndexMap<String, Work>,
    /// Rows of it.
    pub tasks: Vec<Task>,
    /// What comes before what.
    pub edges: Vec<Edge>,
    /// Where tasks run.
    pub machines: Vec<Machine>,
    /// What may not run beside what, for the workflow as a whole.
    pub concurrency: Switch<Concurrency>,
    /// What the token of every job may do, unless the job says otherwise.
    pub permissions: Option<hir::Permissions>,
}

/// What a job does, with everything that is added to it.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The job.
    pub job: Arc<hir::Job>,
    /// Which of the author's it is, in the order in which they are written; none where a pass made it.
    pub place: Option<usize>,
    /// Before its own steps.
    pub prologue: Vec<Derived>,
    /// After them.
    pub epilogue: Vec<Derived>,
    /// Whether any of it runs, which differs by row.
    pub guard: Option<Condition>,
    /// What is kept for later runs.
    pub layers: Vec<Layer>,
    /// The jobs that became this one, where it was several.
    pub members: Vec<Member>,
    /// The written paths that are to travel in a cache, where that may be.
    pub cached: Vec<String>,
    /// What it has otherwise in plans of `optimize by`, by their names.
    pub differences: IndexMap<String, Difference>,
}

/// A job of the author's that shares its machine with others.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Where it is written.
    pub span: Span,
    /// Its steps among those of the work.
    pub steps: std::ops::Range<usize>,
    /// How long it takes, where it says so.
    pub takes: Option<hir::Duration>,
    /// The conditions without which it is left out though others of its machine run, as texts: those of members that it comes after, and its own.
    pub guards: Vec<String>,
}

/// A cache layer of a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// The toolchain that it is of; none for one that the author asks for.
    pub toolchain: Option<String>,
    /// What it holds.
    pub paths: Vec<String>,
    /// Under which key.
    pub key: String,
    /// What the key of an older one begins with that will do as well. With none, only the very same is restored.
    pub prefixes: Vec<String>,
    /// In which runs it is restored, where not in all.
    pub restored: Option<String>,
    /// Who saves it.
    pub saved: Saved,
}

/// Who saves a cache layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// The work itself: on the default branch, or in each run, for those of the same branch or pull request alone.
    Here {
        /// Which of the two.
        for_all: bool,
    },
    /// Another work, which makes the very same.
    By(String),
}

/// A step that the compiler adds, and why.
#[derive(Debug, Clone)]
pub struct Derived {
    /// What it is for.
    pub role: Role,
    /// The step.
    pub step: hir::Step,
    /// Why, where that does not go without saying; a comment in the output.
    pub why: Option<String>,
}

/// What a derived step is for. A prologue has them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Role {
    /// Fetches the repository.
    Checkout,
    /// Makes a tool available.
    Setup,
    /// Restores a cache layer.
    Restore,
    /// Makes what the job's commands need.
    Install,
    /// Saves a cache layer: at once what an install made, else when the job has ended.
    Save,
    /// Chooses the files of a shard.
    Split,
    /// Gets files that another job made.
    Receive,
    /// Hands files over.
    Send,
    /// Keeps files for people.
    Keep,
    /// Judges the results of other jobs.
    Judge,
}

/// A row of a work.
#[derive(Debug, Clone)]
pub struct Task {
    /// Stable under edits elsewhere: the job's id, with the values of its row.
    pub id: String,
    /// Whose row it is.
    pub work: String,
    /// The values of its axes. Empty without a matrix, and where the matrix is known only at run time.
    pub row: IndexMap<String, String>,
}

impl Task {
    /// What it is called whatever shard it is, or as a whole: `test`, `test[linux]` of `test[linux, 2]`.
    pub fn whole(&self) -> String {
        let others: Vec<&str> = self.row.iter().filter(|(axis, _)| *axis != "shard").map(|(_, value)| value.as_str()).collect();
        if others.len() == self.row.len() { self.id.clone() } else { task_id(&self.work, &others) }
    }
}

/// The id of a row of a job.
pub(crate) fn task_id(job: &str, values: &[&str]) -> String {
    if values.is_empty() { job.to_owned() } else { format!("{job}[{}]", values.join(", ")) }
}

/// Two works, one after the other.
#[derive(Debug, Clone)]
pub struct Edge {
    /// What comes first.
    pub from: String,
    /// What comes after it.
    pub to: String,
    /// Why.
    pub kind: EdgeKind,
    /// The place that says so.
    pub origin: Span,
}

/// Why one work comes after another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// `needs` says so.
    Order,
    /// It asks for the other's outputs or result.
    Outputs,
    /// It reads what the other writes.
    Data {
        /// The written path or pattern.
        path: String,
    },
}

/// Where tasks run.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its tasks, by index, in order.
    pub tasks: Vec<usize>,
}

/// An id that is not taken: that one, or with the first number behind it that makes it so.
pub(crate) fn free(id: String, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2u64..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !is_taken(id)).unwrap_or(id)
}

impl Plan {
    /// Adds a work, with a machine for each of its tasks.
    pub(crate) fn add(&mut self, work: Work) {
        for task in build::tasks(&work.job) {
            self.machines.push(Machine { tasks: vec![self.tasks.len()] });
            self.tasks.push(task);
        }
        self.works.insert(work.job.id.clone(), work);
    }

    /// The works with a matrix of which only the run knows how many rows it has: each is one task.
    pub fn of_unknown_rows(&self) -> impl Iterator<Item = &str> {
        let is_one =
            |task: &&Task| task.row.is_empty() && self.works.get(&task.work).is_some_and(|work| work.job.matrix.is_some());
        self.tasks.iter().filter(is_one).map(|task| task.work.as_str())
    }

    /// For each work, in plan order, the works that it comes right after, in plan order: without those that others imply, but with all
    /// that were written.
    pub fn needs(&self) -> Vec<Vec<&str>> {
        let name = |place: usize| self.works.get_index(place).map_or("", |(id, _)| id.as_str());
        order::needs(self).into_iter().map(|places| places.into_iter().map(name).collect()).collect()
    }

    /// What is handed over: from which work to which, by place, and which path.
    pub fn handed(&self) -> BTreeSet<(usize, usize, &str)> {
        let place = |id: &str| self.works.get_index_of(id);
        let data = self.edges.iter().filter_map(|edge| match &edge.kind {
            EdgeKind::Data { path } => Some((place(&edge.from)?, place(&edge.to)?, path.as_str())),
            _ => None,
        });
        data.collect()
    }

    /// What comes before what.
    pub fn order(&self) -> order::Order {
        order::Order::of(self)
    }
}

impl Member {
    /// A job that has these steps of a work.
    pub fn of(job: &hir::Job, steps: std::ops::Range<usize>) -> Self {
        let takes = job.takes.as_ref().and_then(|takes| hir::Duration::parse(&takes.spelled()));
        Self { id: job.id.clone(), span: job.origin.span, steps, takes, guards: Vec::new() }
    }
}

impl Work {
    /// How many of its own steps come before the prologue: those up to a checkout of the author's. Tools are chosen and keys made by what
    /// the repository holds, and a checkout sweeps away what was there before it. Behind one with a condition others may stand for the other runs.
    pub fn lead(&self) -> usize {
        let steps = &self.job.steps;
        let Some(first) = steps.iter().position(hir::Step::fetches) else { return 0 };
        let others = steps[first + 1..].iter().take_while(|step| step.fetches() && steps[first].when.is_some());
        first + 1 + others.count()
    }

    /// Adds a derived step where its role belongs in the prologue.
    pub fn prepend(&mut self, derived: Derived) {
        let at = self.prologue.partition_point(|other| other.role <= derived.role);
        self.prologue.insert(at, derived);
    }
}

/// A step of the compiler's own that runs an action.
pub fn uses(action: &str, with: Map, origin: hir::Origin) -> hir::Step {
    let kind = hir::StepKind::Uses { action: crate::text::Text::verbatim(action, origin.span), with, tag: None };
    hir::lower::bare_step(kind, origin)
}

/// One text, or several that become lines.
pub fn lines(lines: &[impl AsRef<str>], origin: &hir::Origin) -> Value {
    if let [only] = lines {
        return text(only.as_ref(), origin);
    }
    let items = lines.iter().map(|line| text(line.as_ref(), origin)).collect();
    Value { kind: hir::ValueKind::List(items), origin: origin.clone() }
}

/// A text value of the compiler's own.
pub fn text(text: impl Into<String>, origin: &hir::Origin) -> Value {
    let text: String = text.into();
    Value { kind: hir::ValueKind::Text(crate::text::Text::verbatim(text, origin.span)), origin: origin.clone() }
}
