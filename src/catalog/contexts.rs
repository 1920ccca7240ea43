//! Which contexts and functions an expression may use, by the place it stands in, and what those contexts hold.
//!
//! Places: `workflow-v1.0.json` of actions/languageservices, August 2026 (its definitions with a `context`); a test compares the table
//! with that file where it is at hand. Properties: docs.github.com "Contexts reference" and `descriptions.json` of
//! actions/languageservices, read November 2026.

/// A place that an expression can stand in.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is, as a message says it.
    pub what: &'static str,
    /// The contexts that can be seen there.
    pub contexts: &'static [&'static str],
    /// The functions beyond those that can be called everywhere.
    pub functions: &'static [&'static str],
    /// Its names in GitHub's schema; none where this language has a place that GitHub's does not, or where GitHub takes no expression.
    pub schema: &'static [&'static str],
}

impl Place {
    /// Whether GitHub asks there only whether a condition holds.
    pub fn is_condition(&self) -> bool {
        self.functions.contains(&"always") || self.schema.contains(&"snapshot-if")
    }

    /// Whether no expression is filled in there: GitHub refuses one, or what stands there is decided at compile time.
    pub fn takes_no_expression(&self) -> bool {
        self.contexts.is_empty()
    }
}

/// Every context.
pub static CONTEXTS: &[&str] =
    &["github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix", "needs", "inputs"];

const STATUS: &[&str] = &["always", "cancelled", "failure", "success"];
const STATUS_AND_FILES: &[&str] = &["always", "cancelled", "failure", "success", "hashFiles"];
const FILES: &[&str] = &["hashFiles"];

const ROOT: &[&str] = &["github", "inputs", "vars"];
const NEEDS: &[&str] = &["github", "inputs", "vars", "needs"];
const JOB: &[&str] = &["github", "inputs", "vars", "needs", "strategy", "matrix"];
const JOB_SECRETS: &[&str] = &["github", "inputs", "vars", "needs", "strategy", "matrix", "secrets"];
/// What every job of a file has: not `needs`, since which jobs come before is each job's own.
const ANY_JOB: &[&str] = &["github", "inputs", "vars", "strategy", "matrix"];
const ANY_RUN: &[&str] = &["github", "inputs", "vars", "env", "runner"];
const STEP: &[&str] = &["github", "inputs", "vars", "needs", "strategy", "matrix", "steps", "job", "runner", "env"];
const STEP_SECRETS: &[&str] =
    &["github", "inputs", "vars", "needs", "strategy", "matrix", "secrets", "steps", "job", "runner", "env"];

macro_rules! places {
    ($($name:ident $doc:literal $what:literal $contexts:expr, $functions:expr, $schema:expr;)*) => {
        $(#[doc = $doc] pub static $name: Place = Place { what: $what, contexts: $contexts, functions: $functions, schema: $schema };)*
        /// Every place, from the outside in.
        pub static PLACES: &[&Place] = &[$(&$name),*];
    };
}

places! {
    RUN_NAME "`run-name`" "the name of a run" ROOT, &[], &["run-name"];
    CALL_INPUT "`on.workflow_call.inputs.<id>.default`" "the default of an input" ROOT, &[], &["workflow-call-input-default"];
    CALL_OUTPUT "`on.workflow_call.outputs.<id>.value`" "an output of the workflow" &["github", "inputs", "vars", "jobs"], &[], &["workflow-output-context"];
    CONCURRENCY "`concurrency`" "the workflow's `concurrency`" ROOT, &[], &["workflow-concurrency"];
    ENV "`env`" "the workflow's `env`" &["github", "inputs", "vars", "secrets"], &[], &["workflow-env"];
    JOB_IF "`jobs.<id>.if`" "the condition of a job" NEEDS, STATUS, &["job-if", "job-if-result"];
    STRATEGY "`jobs.<id>.strategy`" "a matrix" NEEDS, &[], &["strategy"];
    JOB_NAME "`jobs.<id>.name`" "the name of a job" JOB, &[], &["string-strategy-context"];
    RUNS_ON "`jobs.<id>.runs-on`" "the runner of a job" JOB, &[], &["runs-on"];
    JOB_TIMEOUT "`jobs.<id>.timeout-minutes`" "the timeout of a job" JOB, &[], &["number-strategy-context"];
    JOB_MAY_FAIL "`jobs.<id>.continue-on-error`" "whether a job may fail" JOB, &[], &["boolean-strategy-context"];
    JOB_CONCURRENCY "`jobs.<id>.concurrency`" "the `concurrency` of a job" JOB, &[], &["job-concurrency"];
    ENVIRONMENT "`jobs.<id>.environment`" "the environment of a job" JOB, &[], &["job-environment", "job-environment-name"];
    ENVIRONMENT_URL "`jobs.<id>.environment.url`" "the URL of an environment" STEP, &[], &["string-runner-context-no-secrets"];
    CONTAINER "`jobs.<id>.container`" "a container" JOB, &[], &["container"];
    SERVICES "`jobs.<id>.services`" "a service" JOB, &[], &["services", "services-container"];
    CREDENTIALS "`….credentials`" "the credentials of a container" &["github", "inputs", "vars", "secrets", "env"], &[], &["container-registry-credentials"];
    CONTAINER_ENV "`….container.env`" "the `env` of a container" STEP_SECRETS, &[], &["string-runner-context"];
    SNAPSHOT_IF "`jobs.<id>.snapshot.if`" "the condition of a snapshot" JOB, &[], &["snapshot-if"];
    JOB_ENV "`jobs.<id>.env`" "the `env` of a job" JOB_SECRETS, &[], &["job-env"];
    JOB_DEFAULTS "`jobs.<id>.defaults.run`" "the `shell` or directory of a job" &["github", "inputs", "vars", "strategy", "matrix", "needs", "env"], &[], &["job-defaults-run"];
    JOB_OUTPUTS "`jobs.<id>.outputs`" "an output of a job" STEP_SECRETS, &[], &["string-runner-context"];
    CALL_WITH "`jobs.<id>.with`" "the inputs of a called workflow" JOB, &[], &["scalar-needs-context"];
    CALL_SECRETS "`jobs.<id>.secrets`" "the secrets of a called workflow" JOB_SECRETS, &[], &["scalar-needs-context-with-secrets"];
    STEP_IF "`….steps[*].if`" "the condition of a step" STEP, STATUS_AND_FILES, &["step-if"];
    STEP_NAME "`….steps[*].name`" "the name of a step" STEP_SECRETS, FILES, &["step-name"];
    STEP_RUN "`….steps[*].run`" "a command" STEP_SECRETS, FILES, &["string-steps-context"];
    STEP_WITH "`….steps[*].with`" "the inputs of an action" STEP_SECRETS, FILES, &["step-with"];
    STEP_ENV "`….steps[*].env`" "the `env` of a step" STEP_SECRETS, FILES, &["step-env"];
    STEP_TIMEOUT "`….steps[*].timeout-minutes`" "the timeout of a step" STEP_SECRETS, FILES, &["step-timeout-minutes"];
    STEP_MAY_FAIL "`….steps[*].continue-on-error`" "whether a step may fail" STEP_SECRETS, FILES, &["step-continue-on-error"];
    // Of this language: what holds for all jobs, and goes into each.
    FILE_RUNNER "`runner` of the file, `runners`" "the runner of every job" ANY_JOB, &[], &[];
    FILE_TIMEOUT "`timeout` of the file" "the timeout of every job" ANY_JOB, &[], &[];
    CACHE_VERSION "`cache-version`" "the version of the caches" ANY_RUN, &[], &[];
    OPTIMIZE_BY "`optimize by`" "`optimize by`" ROOT, &[], &[];
    // Where GitHub refuses expressions: keys without a `context` in its schema.
    WORKFLOW_NAME "`name`" "the name of the workflow" &[], &[], &[];
    FILTER "`on.<event>.branches` and the like" "a filter of an event" &[], &[], &[];
    CRON "`on.schedule`" "a time of `schedule`" &[], &[], &[];
    INPUT "`on.workflow_dispatch.inputs.<id>`" "an input of `workflow_dispatch`" &[], &[], &[];
    DESCRIPTION "`….description`" "a description" &[], &[], &[];
    FILE_DEFAULTS "`defaults.run`" "the `shell` or directory of every job" &[], &[], &[];
    SNAPSHOT "`jobs.<id>.snapshot`" "a snapshot" &[], &[], &[];
    REFERENCE "`uses`" "the name of an action or a workflow" &[], &[], &[];
    STEP_SHELL "`….steps[*].shell`" "the `shell` of a step" &[], &[], &[];
    // What is decided at compile time.
    GATE "`gate`" "the name of the gate" &[], &[], &[];
    SHAPE "the shape of a runner" "the shape of a runner" &[], &[], &[];
    RESOURCES "`resources`" "`resources`" &[], &[], &[];
    SHARDS "`shards`" "`shards`" &[], &[], &[];
    TAKES "`takes`" "`takes`" &[], &[], &[];
    RETRY "`retry`" "`retry`" &[], &[], &[];
    OPTIMIZE "`optimize`" "`optimize`" &[], &[], &[];
    MONITOR "`monitor`" "`monitor`" &[], &[], &[];
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// An object that no table describes.
    Open,
}

/// A property of a context.
pub type Property = (&'static str, Holds);

/// What a text looks like that is none of a few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`
    FullRef,
    /// `main`, `v1`, `7/merge`
    ShortRef,
    /// `owner/name`
    Repository,
}

impl Form {
    /// Whether a text of this form can be that one. None at all stands for its absence, which every property may have.
    pub fn can_be(self, text: &str) -> bool {
        text.is_empty()
            || match self {
                Self::FullRef => begins(text, "refs/"),
                Self::ShortRef => !begins(text, "refs/"),
                Self::Repository => text.contains('/'),
            }
    }

    /// Whether a text of this form can begin like that.
    pub fn can_begin(self, text: &str) -> bool {
        match self {
            Self::FullRef => begins("refs/", text) || begins(text, "refs/"),
            Self::ShortRef => !begins(text, "refs/"),
            Self::Repository => true,
        }
    }
}

/// As GitHub compares: case does not count.
fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// The form of the text that a path, in lower case, leads to.
pub fn form(path: &[String]) -> Option<Form> {
    let named = |known: &&(&str, Form)| known.0.split('.').eq(path.iter().map(String::as_str));
    FORMS.iter().find(named).map(|(_, form)| *form)
}

/// Texts whose form is known.
static FORMS: &[(&str, Form)] = &[
    ("github.ref", Form::FullRef),
    ("github.ref_name", Form::ShortRef),
    ("github.head_ref", Form::ShortRef),
    ("github.base_ref", Form::ShortRef),
    ("github.event.pull_request.head.ref", Form::ShortRef),
    ("github.event.pull_request.base.ref", Form::ShortRef),
    ("github.event.workflow_run.head_branch", Form::ShortRef),
    ("github.event.repository.default_branch", Form::ShortRef),
    ("github.repository", Form::Repository),
    ("github.event.repository.full_name", Form::Repository),
    ("github.event.pull_request.head.repo.full_name", Form::Repository),
];

/// How a job or a step can end.
pub static RESULTS: &[&str] = &["success", "failure", "cancelled", "skipped"];

/// Every event, by the name that `github.event_name` has.
#[rustfmt::skip]
pub static EVENTS: &[&str] = &[
    "branch_protection_rule", "check_run", "check_suite", "create", "delete", "deployment", "deployment_status", "discussion",
    "discussion_comment", "dynamic", "fork", "gollum", "image_version", "issue_comment", "issues", "label", "merge_group", "milestone",
    "page_build", "project", "project_card", "project_column", "public", "pull_request", "pull_request_comment", "pull_request_review",
    "pull_request_review_comment", "pull_request_target", "push", "registry_package", "release", "repository_dispatch", "schedule", "status",
    "watch", "workflow_call", "workflow_dispatch", "workflow_run",
];

/// `github`
#[rustfmt::skip]
pub static GITHUB: &[Property] = &[
    ("action", Holds::Text), ("action_path", Holds::Text), ("action_ref", Holds::Text), ("action_repository", Holds::Text),
    ("action_status", Holds::Text), ("actor", Holds::Text), ("actor_id", Holds::Text), ("api_url", Holds::Text), ("base_ref", Holds::Text),
    ("env", Holds::Text), ("event", Holds::Open), ("event_name", Holds::Choice(EVENTS)), ("event_path", Holds::Text),
    ("graphql_url", Holds::Text), ("head_ref", Holds::Text), ("job", Holds::Text), ("output", Holds::Text), ("path", Holds::Text), ("ref", Holds::Text),
    ("ref_name", Holds::Text), ("ref_protected", Holds::Flag), ("ref_type", Holds::Choice(&["branch", "tag"])), ("repository", Holds::Text),
    ("repository_id", Holds::Text), ("repository_owner", Holds::Text), ("repository_owner_id", Holds::Text), ("repositoryUrl", Holds::Text),
    ("repository_visibility", Holds::Choice(&["public", "private", "internal"])), ("retention_days", Holds::Text), ("run_attempt", Holds::Text),
    ("run_id", Holds::Text), ("run_number", Holds::Text), ("secret_source", Holds::Choice(&["None", "Actions", "Codespaces", "Dependabot"])),
    ("server_url", Holds::Text), ("sha", Holds::Text), ("state", Holds::Text), ("step_summary", Holds::Text), ("token", Holds::Text),
    ("triggering_actor", Holds::Text), ("workflow", Holds::Text), ("workflow_ref", Holds::Text), ("workflow_sha", Holds::Text), ("workspace", Holds::Text),
];

/// `runner`. `visualstudio` is not in the manual of GitHub, and was taken before.
#[rustfmt::skip]
pub static RUNNER: &[Property] = &[
    ("arch", Holds::Choice(&["X86", "X64", "ARM", "ARM64"])), ("debug", Holds::Text),
    ("environment", Holds::Choice(&["github-hosted", "self-hosted"])), ("name", Holds::Text), ("os", Holds::Choice(&["Linux", "Windows", "macOS"])),
    ("temp", Holds::Text), ("tool_cache", Holds::Text), ("visualstudio", Holds::Text), ("workspace", Holds::Text),
];

/// `strategy`
#[rustfmt::skip]
pub static STRATEGY_PROPERTIES: &[Property] =
    &[("fail-fast", Holds::Flag), ("job-index", Holds::Number), ("job-total", Holds::Number), ("max-parallel", Holds::Number)];

/// `job`
#[rustfmt::skip]
pub static JOB_PROPERTIES: &[Property] = &[
    ("check_run_id", Holds::Text), ("container", Holds::Open), ("services", Holds::Open), ("status", Holds::Choice(&["success", "failure", "cancelled"])),
    ("workflow_file_path", Holds::Text), ("workflow_ref", Holds::Text), ("workflow_repository", Holds::Text), ("workflow_sha", Holds::Text),
];
