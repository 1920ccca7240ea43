//! A workflow, typed: the whole schema of GitHub's `workflow-v1.0.json` of August 2026.
//!
//! Build records with `..Default::default()`; give a job, step or script its `origin`, so that messages and `explain` can point to
//! the spec. The text of any [`Scalar`] may hold `${{ }}`.
#![allow(clippy::large_enum_variant)] // a workflow holds few of them, and boxes would be in the way of those who build it

mod call;
mod concurrency;
mod container;
mod job;
mod permissions;
mod record;
mod runner;
mod scalar;
mod step;
mod strategy;
mod triggers;

use crate::map::IndexMap;

pub use call::Secrets;
pub use concurrency::{Concurrency, ConcurrencyRecord};
pub use container::{Container, ContainerRecord, Credentials};
pub use job::Job;
pub use permissions::{Access, Level, Permissions, SCOPES};
pub use record::{FromNode, Note, Notes, ToNode};
pub use runner::{Environment, EnvironmentRecord, RunsOn, RunsOnRecord, Snapshot, SnapshotRecord};
pub use scalar::{Dict, Lines, List, Or, Scalar};
pub use step::{Step, Steps, Uses};
pub use strategy::{Matrix, MatrixRow, Strategy};
pub use triggers::{CallRecord, Cron, DispatchRecord, Filter, Input, On, Output, Secret, SecretRecord, Trigger};

use super::yaml::{Gap, Node};
use record::record;

record! {
    /// A workflow file.
    Workflow (
        /// Comment lines at the top of the file, without `#`.
        header: Vec<String>
    ) {
        /// The name in the list of workflows.
        "name" => name: Scalar,
        /// What it is for.
        "description" => description: Scalar,
        /// The name of one run.
        "run-name" => run_name: Scalar,
        /// What starts it.
        "on" => on: On,
        /// What the token of its jobs may do.
        "permissions" => permissions: Permissions,
        /// Variables of all jobs.
        "env" => env: Or<Dict>,
        /// What holds for all steps unless they say otherwise.
        "defaults" => defaults: Defaults,
        /// Which runs exclude each other.
        "concurrency" => concurrency: Concurrency,
        /// The jobs by id.
        "jobs" => jobs: Jobs,
    }
}

impl ToNode for Workflow {
    fn to_node(&self) -> Node {
        Node::map(self.fields()).gap(Gap::All)
    }
}

impl FromNode for Workflow {
    fn from_node(node: &Node) -> Option<Self> {
        Self::from_fields(node)
    }
}

impl Workflow {
    /// The key of the jobs.
    pub(crate) const JOBS: &'static str = "jobs";

    /// The tree without the jobs, whose key has nothing yet, and these; none where there are no jobs, or raw keys are to be laid over them.
    pub(crate) fn without_jobs(&self) -> Option<(Node, &IndexMap<String, Job>)> {
        let jobs = self.jobs.as_ref().filter(|jobs| !jobs.0.is_empty() && !self.extra.contains_key(Self::JOBS))?;
        let Self { header: _, name, description, run_name, on, permissions, env, defaults, concurrency, .. } = self;
        let frame = Self {
            header: Vec::new(),
            name: name.clone(),
            description: description.clone(),
            run_name: run_name.clone(),
            on: on.clone(),
            permissions: permissions.clone(),
            env: env.clone(),
            defaults: defaults.clone(),
            concurrency: concurrency.clone(),
            jobs: Some(Jobs::default()),
            notes: self.notes.clone(),
            extra: self.extra.clone(),
        };
        Some((frame.to_node(), &jobs.0))
    }
}

/// Jobs by id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Jobs(pub IndexMap<String, Job>);

impl ToNode for Jobs {
    fn to_node(&self) -> Node {
        self.0.to_node().gap(Gap::All)
    }
}

impl FromNode for Jobs {
    fn from_node(node: &Node) -> Option<Self> {
        FromNode::from_node(node).map(Self)
    }
}

record! {
    /// What holds for all steps unless they say otherwise.
    Defaults {
        /// For steps with `run`.
        "run" => run: Or<RunDefaults>,
    }
}

record! {
    /// How scripts run unless their step says otherwise.
    RunDefaults {
        /// The shell.
        "shell" => shell: Scalar,
        /// The folder.
        "working-directory" => working_directory: Scalar,
    }
}
