//! What a job says.

use std::sync::Arc;

use super::{Concurrency, Map, Origin, Permissions, Step, StepKind, Switch, Value, ValueKind};
use crate::expr::fold::{Known, fold_condition};
use crate::expr::value::Value as Constant;
use crate::expr::{Expr, ExprKind, macros};
use crate::map::IndexMap;
use crate::source::Span;
use crate::text::Text;

/// A resolved job.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Its display name.
    pub title: Option<Text>,
    /// Where it is written: `span` is its name.
    pub origin: Origin,
    /// All of it, for what holds inside.
    pub whole: Span,
    /// What it reads, in written order.
    pub reads: Vec<Text>,
    /// Which of several writers: `reads dist/ from build`.
    pub reads_from: Vec<(Text, Vec<Text>)>,
    /// What it writes.
    pub writes: Vec<Writes>,
    /// Files for people.
    pub keeps: Vec<Keep>,
    /// What comes before.
    pub needs: Vec<Need>,
    /// Whether it runs.
    pub when: Option<Condition>,
    /// The machine.
    pub runner: Option<Runner>,
    /// What the machine must have.
    pub resources: Map,
    /// Its rows.
    pub matrix: Option<Matrix>,
    /// Its horizontal split.
    pub shards: Option<Shards>,
    /// Whether one failed row cancels the others.
    pub fail_fast: Option<Value>,
    /// How many rows run at once.
    pub max_parallel: Option<Value>,
    /// What starts first when machines are short: `high`, `normal`, `low`.
    pub priority: Option<Value>,
    /// Servers beside it.
    pub services: IndexMap<String, Service>,
    /// What its steps run in.
    pub container: Option<Container>,
    /// Where it deploys to.
    pub environment: Option<Container>,
    /// What other jobs may ask for.
    pub outputs: IndexMap<String, Text>,
    /// An image made of the machine.
    pub snapshot: Option<Value>,
    /// Environment variables.
    pub env: Map,
    /// What the token may do.
    pub permissions: Option<Permissions>,
    /// What may not run at the same time.
    pub concurrency: Switch<Concurrency>,
    /// How long it may take.
    pub timeout: Switch<Value>,
    /// How long it may take to end when it is cancelled.
    pub cancel_timeout: Option<Value>,
    /// The shell of `run`.
    pub shell: Option<Text>,
    /// The directory of `run`.
    pub dir: Option<Text>,
    /// Names of which there is one holder at a time.
    pub locks: Option<Value>,
    /// Its failure fails nothing else.
    pub may_fail: Option<MayFail>,
    /// Whether a proven result is made again.
    pub memo: Switch<()>,
    /// How long it takes.
    pub takes: Option<Value>,
    /// Never shares a machine.
    pub isolated: bool,
    /// What is installed, by the toolchain's name.
    pub toolchains: IndexMap<String, Arc<Toolchain>>,
    /// Cache layers of its own.
    pub caches: Vec<CacheLayer>,
    /// Whether the repository's files are fetched before its steps.
    pub checkout: Checkout,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// The workflow that it calls, in place of steps.
    pub call: Option<Call>,
    /// Keys that the language does not know.
    pub raw: Map,
}

impl Job {
    /// What others of the same name may not hold meanwhile, where that is written: `locks`, or a group of `concurrency`.
    pub fn group(&self) -> Option<&Value> {
        self.locks.as_ref().or_else(|| self.concurrency.written().map(|concurrency| &concurrency.group))
    }

    /// The axis of rows with statements of their own, and these; none where the job has no such rows.
    pub fn written_rows(&self) -> (&str, &[MatrixRow]) {
        match &self.matrix {
            Some(Matrix::Rows { axis, rows, .. }) => (axis, rows),
            _ => ("", &[]),
        }
    }

    /// Its steps, in order, and behind each group the steps of that.
    pub fn each_step(&self) -> impl Iterator<Item = &Step> {
        fn add<'s>(steps: &'s [Step], all: &mut Vec<&'s Step>) {
            for step in steps {
                all.push(step);
                if let StepKind::Parallel(steps) = &step.kind {
                    add(steps, all);
                }
            }
        }
        let mut all = Vec::new();
        add(&self.steps, &mut all);
        all.into_iter()
    }

    /// Whether it is split into shards, and into nothing else.
    pub fn is_split(&self) -> bool {
        self.shards.is_some() && self.matrix.is_none()
    }

    /// Whether a step of it does a part of the work in each shard, and not all of it in every one: a step that asks for its shard does, or any where only the
    /// variables of the job do.
    pub fn is_dealt_out(&self, step: &Step) -> bool {
        self.asks_for_shard() && (self.is_named_by(step) || !self.each_step().any(|step| self.is_named_by(step)))
    }

    /// Whether it is in shards, and anything of it asks which: else each does all of the work.
    pub fn asks_for_shard(&self) -> bool {
        let of_job = |value: &Value| ["SHARD", "matrix.shard"].iter().any(|word| value.spelled().contains(word));
        self.shards.is_some() && (self.each_step().any(|step| self.is_named_by(step)) || self.env.values().any(of_job))
    }

    /// Whether a step asks which shard it is in.
    pub fn is_named_by(&self, step: &Step) -> bool {
        let has_files = self.shards.as_ref().is_some_and(|shards| !shards.files.is_empty());
        step.names("SHARD") || has_files && step.names("FILES")
    }

    /// Whether its shards may be one, as which it is a job without rows: their number is chosen, and they split no files.
    pub fn may_be_whole(&self) -> bool {
        let is_open = |shards: &Shards| shards.number().is_none() && shards.files.is_empty();
        self.matrix.is_none() && self.shards.as_ref().is_some_and(is_open)
    }

    /// The same job where its shards are one: its steps see that by the variables that they would have.
    #[must_use]
    pub fn as_whole(&self) -> Self {
        let mut whole = Self { shards: None, ..self.clone() };
        for step in &mut whole.steps {
            for name in ["SHARD", "SHARDS"] {
                let one = || Value { kind: ValueKind::Number("1".to_owned()), origin: self.origin.clone() };
                step.env.entry(name.to_owned()).or_insert_with(one);
            }
        }
        whole
    }

    /// Whether it runs in rows: of a matrix, or as shards.
    pub fn has_rows(&self) -> bool {
        self.matrix.is_some() || self.shards.is_some()
    }
}

/// A failure that fails nothing else, perhaps only under a condition.
pub type MayFail = Option<Condition>;

/// A condition, and where it was written.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The condition, macros not yet expanded; its spans are places in the source.
    pub expr: Expr,
    /// As it was written.
    pub text: Text,
    /// Whether something of compile time is filled in.
    pub filled: bool,
    /// Where.
    pub origin: Origin,
}

impl Condition {
    /// One of the compiler's own, at a place that it follows from.
    pub fn derived(expr: Expr, origin: Origin) -> Self {
        Self { text: Text::verbatim(expr.to_string(), origin.span), expr, filled: false, origin }
    }

    /// Whether it may hold in runs of an event, as far as it tells; none where that is not known.
    pub(crate) fn may_hold_in(&self, event: Option<&str>) -> bool {
        let known = event.map_or_else(Known::new, |event| Known::new().with("github.event_name", Constant::string(event)));
        fold_condition(macros::in_github_words(self.expr.clone()), &known).kind != ExprKind::Bool(false)
    }

    /// Both hold; written where this one is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let text = Text::verbatim(format!("({}) && ({})", self.text.as_str(), other.text.as_str()), self.origin.span);
        let filled = self.filled || other.filled;
        Self { expr: Expr::and(vec![self.expr, other.expr]), text, filled, origin: self.origin }
    }

    /// Both hold, as far as there are two.
    pub fn both(outer: Option<Self>, inner: Option<Self>) -> Option<Self> {
        match (outer, inner) {
            (Some(outer), Some(inner)) => Some(outer.and(inner)),
            (outer, inner) => outer.or(inner),
        }
    }
}

/// What is written.
#[derive(Debug, Clone)]
pub struct Writes {
    /// A path or pattern.
    pub pattern: Text,
    /// Whether several writers add up.
    pub merge: bool,
}

/// Files for people.
#[derive(Debug, Clone)]
pub struct Keep {
    /// Which.
    pub paths: Vec<Text>,
    /// The name of the artifact.
    pub name: Option<Text>,
    /// For how long, as a duration.
    pub retention: Option<Value>,
    /// Whether they are kept.
    pub when: Option<Condition>,
    /// Where it is written.
    pub origin: Origin,
}

/// A job that comes before.
#[derive(Debug, Clone)]
pub enum Need {
    /// `needs *`
    All(Origin),
    /// `needs NAME`
    Job(String, Origin),
    /// `needs off`: no order follows from what expressions ask for.
    Off,
}

/// The machine.
#[derive(Debug, Clone)]
pub enum Runner {
    /// A label, a name from `runners`, or an expression.
    Label(Text),
    /// Several labels, or a group: `runner [self-hosted, linux]`, `runner { group: big }`.
    Data(Value),
    /// `auto`, with what it may choose from.
    Auto(Map),
}

/// The rows of a job.
#[derive(Debug, Clone)]
pub enum Matrix {
    /// An expression for all of it.
    Expr(Text),
    /// Axes, each a list of values or an expression, and single combinations.
    Axes {
        /// By axis.
        axes: Map,
        /// Combinations added.
        include: Vec<Value>,
        /// Combinations left out.
        exclude: Vec<Value>,
        /// Where it is written.
        origin: Origin,
    },
    /// Values with statements of their own.
    Rows {
        /// The axis.
        axis: String,
        /// By value.
        rows: Vec<MatrixRow>,
        /// Where it is written.
        origin: Origin,
    },
}

/// A row with statements of its own.
#[derive(Debug, Clone, Default)]
pub struct MatrixRow {
    /// The value of the axis.
    pub value: Value,
    /// Its statements: only those that a row may have are filled in.
    pub job: Job,
    /// Toolchains of the job that it does without: `toolchain node off`.
    pub without: Vec<String>,
}

/// A horizontal split.
#[derive(Debug, Clone)]
pub struct Shards {
    /// A number, or `auto`.
    pub count: Value,
    /// The files that are split.
    pub files: Vec<Text>,
    /// `max 8`
    pub settings: Map,
    /// Whether their number was chosen by the compiler.
    pub is_chosen: bool,
    /// Where it is written.
    pub origin: Origin,
}

impl Shards {
    /// How many there are, where that is written as a number.
    pub fn number(&self) -> Option<u32> {
        self.count.spelled().parse().ok()
    }

    /// So many they are now.
    pub fn set(&mut self, count: u32) {
        self.is_chosen = true;
        self.count.kind = ValueKind::Number(count.to_string());
    }
}

/// A server beside a job: GitHub's keys, and `health`.
#[derive(Debug, Clone)]
pub struct Service {
    /// `image`, `env`, `ports`, `options`, `volumes`, `credentials`, `command`, `entrypoint`.
    pub keys: Map,
    /// Where it is used.
    pub origin: Origin,
}

/// An image or an environment, and what is said of it.
#[derive(Debug, Clone)]
pub struct Container {
    /// Its name.
    pub name: Text,
    /// GitHub's other keys.
    pub keys: Map,
    /// Where it is written.
    pub origin: Origin,
}

/// A cache layer.
#[derive(Debug, Clone)]
pub struct CacheLayer {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub paths: Vec<Text>,
    /// What invalidates it.
    pub key: Text,
    /// Other keys: `restore-keys` and the like.
    pub keys: Map,
    /// Where it is written.
    pub origin: Origin,
}

/// A toolchain that a job has.
#[derive(Debug, Clone, Default)]
pub struct Toolchain {
    /// Its name.
    pub name: String,
    /// The version, where one was given.
    pub version: Option<Text>,
    /// What its use says of where and what it installs, as `name=value`: who says something else has another tree.
    pub told: Vec<String>,
    /// The files whose presence shows that it applies.
    pub detect: Vec<Text>,
    /// What makes the tool available.
    pub setup: Vec<Step>,
    /// Its cache layers.
    pub caches: Vec<CacheLayer>,
    /// What must be made before the job's commands.
    pub install: Vec<Step>,
    /// What the install reads.
    pub reads: Vec<Text>,
    /// What it writes, private to each job.
    pub writes: Vec<Text>,
    /// Where it is used.
    pub origin: Origin,
}

impl Toolchain {
    /// All its steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.install)
    }

    /// Whether it is the job's own commands that have less to do where its caches are there: it installs nothing that they would spare.
    pub fn spares_commands(&self) -> bool {
        !self.caches.is_empty() && self.install.is_empty()
    }
}

/// Whether and how the repository's files are fetched first.
#[derive(Debug, Clone, Default)]
pub enum Checkout {
    /// First, where a step needs files and none of them fetches them itself.
    #[default]
    Derived,
    /// `checkout off`
    Off,
}

/// The call of a workflow.
#[derive(Debug, Clone)]
pub struct Call {
    /// Which.
    pub workflow: Text,
    /// What a comment says of the commit that it is pinned to: its tag.
    pub tag: Option<String>,
    /// Its inputs.
    pub with: Map,
    /// Its secrets.
    pub secrets: Option<Secrets>,
    /// Where it is written.
    pub origin: Origin,
}

/// Secrets of a called workflow.
#[derive(Debug, Clone)]
pub enum Secrets {
    /// `secrets inherit`
    Inherit,
    /// By name.
    Named(Map),
}
