//! A job.

use super::record::record;
use super::{
    Concurrency, Container, Defaults, Dict, Environment, FromNode, List, Or, Permissions, RunsOn, Scalar, Secrets, Snapshot,
    Steps, Strategy, ToNode, Uses,
};
use crate::map::IndexMap;
use crate::source::Span;
use crate::workflow::yaml::Node;

record! {
    /// A job: steps on a runner, or the call of a reusable workflow.
    ///
    /// One record for both, since they share most keys and a reader should not lose what stands in the wrong one.
    Job (
        /// Where in the spec it comes from.
        origin: Option<Span>,
        /// Comment lines above it, without `#`.
        comments: Vec<String>
    ) {
        /// The name that is shown.
        "name" => name: Scalar,
        /// Jobs that must have ended.
        "needs" => needs: List,
        /// Whether it runs.
        "if" => condition: Scalar,
        /// Its runner.
        "runs-on" => runs_on: RunsOn,
        /// When it is stopped.
        "timeout-minutes" => timeout_minutes: Scalar,
        /// How long a cancelled job may take to end.
        "cancel-timeout-minutes" => cancel_timeout_minutes: Scalar,
        /// Whether the run goes on when it fails.
        "continue-on-error" => continue_on_error: Scalar,
        /// What its token may do.
        "permissions" => permissions: Permissions,
        /// What it deploys to.
        "environment" => environment: Environment,
        /// Which jobs exclude each other.
        "concurrency" => concurrency: Concurrency,
        /// Its rows.
        "strategy" => strategy: Or<Strategy>,
        /// What its steps run in.
        "container" => container: Container,
        /// Containers beside it.
        "services" => services: Or<IndexMap<String, Container>>,
        /// The image made of its machine.
        "snapshot" => snapshot: Snapshot,
        /// What later jobs may read.
        "outputs" => outputs: Or<Dict>,
        /// Variables of its steps.
        "env" => env: Or<Dict>,
        /// What holds for its steps unless they say otherwise.
        "defaults" => defaults: Defaults,
        /// The reusable workflow that it calls.
        "uses" => uses: Uses,
        /// The inputs of that.
        "with" => with: Or<Dict>,
        /// The secrets of that.
        "secrets" => secrets: Secrets,
        /// Its steps.
        "steps" => steps: Steps,
    }
}

impl ToNode for Job {
    fn to_node(&self) -> Node {
        Node::map(self.fields()).before(&self.comments).origin(self.origin)
    }
}

impl FromNode for Job {
    fn from_node(node: &Node) -> Option<Self> {
        Some(Self { origin: node.origin, comments: node.before.clone(), ..Self::from_fields(node)? })
    }
}
