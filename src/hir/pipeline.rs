//! What a file says as a whole.

use std::sync::Arc;

use super::{Job, Local, Map, Origin, Runner, Value};
use crate::expr::{CompareOp, Expr, macros};
use crate::map::{HashMap, IndexMap};
use crate::source::Span;
use crate::text::Text;

/// A resolved spec.
#[derive(Debug, Clone, Default)]
pub struct Pipeline {
    /// The path of the spec, from the root of the repository.
    pub path: String,
    /// The display name.
    pub name: Option<Text>,
    /// The name of each run.
    pub run_name: Option<Text>,
    /// What it is for.
    pub description: Option<Text>,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Names for machines.
    pub runners: IndexMap<String, NamedRunner>,
    /// What holds for every job that does not say otherwise.
    pub defaults: Defaults,
    /// The one check to require.
    pub gate: Option<Gate>,
    /// What to optimise for.
    pub optimize: Optimize,
    /// What the output may use.
    pub target: Target,
    /// What a run reports about itself.
    pub monitor: Option<Value>,
    /// A salt in every cache key.
    pub cache_version: Option<Text>,
    /// Keys that the language does not know.
    pub raw: Map,
    /// Warnings that are silenced.
    pub allows: Vec<Allow>,
    /// Jobs may be missing: a loop, a condition or a template that may have held some was refused.
    pub incomplete: bool,
    /// The names that `let` gives to constants of the file.
    pub constants: Vec<String>,
    /// The jobs, by id.
    pub jobs: IndexMap<String, Arc<Job>>,
    /// The actions and workflows of the repository that they use, by what `uses` says.
    pub locals: IndexMap<String, Local>,
    /// Where the key of an entry stands, by the place of its value.
    pub keys: HashMap<Span, Span>,
    /// It defines something for others: lets, templates, toolchains, services.
    pub defines: bool,
    /// The file.
    pub whole: Span,
}

impl Pipeline {
    /// The name of its file, without folders and ending: no other spec beside it has the same.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or_default();
        name.strip_suffix(".pipe").unwrap_or(name)
    }

    /// All but the jobs: these are most of it, and a plan has its own.
    #[must_use]
    pub fn without_jobs(&self) -> Self {
        let Self { path, name, run_name, description, triggers, runners, defaults, gate, optimize, target, .. } = self;
        Self {
            path: path.clone(),
            name: name.clone(),
            run_name: run_name.clone(),
            description: description.clone(),
            triggers: triggers.clone(),
            runners: runners.clone(),
            defaults: defaults.clone(),
            gate: gate.clone(),
            optimize: optimize.clone(),
            target: target.clone(),
            monitor: self.monitor.clone(),
            cache_version: self.cache_version.clone(),
            raw: self.raw.clone(),
            allows: self.allows.clone(),
            constants: self.constants.clone(),
            jobs: IndexMap::default(),
            locals: self.locals.clone(),
            keys: HashMap::default(),
            ..*self
        }
    }

    /// The place of the key whose value this is; that of the value where it has none.
    pub fn key(&self, value: &Value) -> Span {
        self.keys.get(&value.origin.span).copied().unwrap_or(value.origin.span)
    }

    /// Whether callers start the workflow.
    pub fn is_called(&self) -> bool {
        self.triggers.iter().any(|trigger| trigger.event == "workflow_call") || self.raw.contains_key("on")
    }

    /// The filter by which a pull request may start no run at all, and so no check reports to it: its name and where it stands.
    pub fn leaves_out_pull_requests(&self) -> Option<(&'static str, Span)> {
        let of = |trigger: &Trigger| {
            ["paths", "paths-ignore"].into_iter().find_map(|name| Some((name, trigger.filters.get(name)?.origin.span)))
        };
        let triggers = self.triggers.iter().filter(|it| matches!(it.event.as_str(), "pull_request" | "pull_request_target"));
        let all: Option<Vec<_>> = triggers.map(of).collect();
        all?.into_iter().next()
    }

    /// Whether the file is there to be imported, and no workflow.
    pub fn is_library(&self) -> bool {
        self.defines && self.triggers.is_empty() && self.jobs.is_empty() && self.raw.is_empty()
    }
}

/// What stands at file level and holds for every job.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// The machine.
    pub runner: Option<Runner>,
    /// Where that is written.
    pub runner_at: Origin,
    /// Environment variables.
    pub env: Map,
    /// What the token may do.
    pub permissions: Option<Permissions>,
    /// What may not run at the same time.
    pub concurrency: Switch<Concurrency>,
    /// How long a job may take.
    pub timeout: Switch<Value>,
    /// The shell of `run`.
    pub shell: Option<Text>,
    /// The directory of `run`.
    pub dir: Option<Text>,
}

/// Something that is derived unless it is written or switched off.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Switch<T> {
    /// Nothing is said.
    #[default]
    Derived,
    /// `… off`
    Off,
    /// As written.
    Written(T),
}

impl<T> Switch<T> {
    /// What is written, if anything.
    pub fn written(&self) -> Option<&T> {
        match self {
            Self::Written(value) => Some(value),
            _ => None,
        }
    }
}

/// An event, with its filters.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Its name.
    pub event: String,
    /// `to …`, and all other filters as data.
    pub filters: Map,
    /// Times of `schedule`, each with its time zone.
    pub crons: Vec<(Text, Option<Text>)>,
    /// What is asked or given when it starts.
    pub inputs: IndexMap<String, Input>,
    /// Secrets that a caller passes.
    pub secrets: IndexMap<String, SecretInput>,
    /// What a caller gets.
    pub outputs: IndexMap<String, Output>,
    /// Where it is written.
    pub origin: Origin,
}

/// An input of the workflow.
#[derive(Debug, Clone)]
pub struct Input {
    /// `string`, `boolean`, `number`, `choice` or `environment`.
    pub of_type: String,
    /// Whether it must be given: neither `?` nor a default, or `!`.
    pub required: bool,
    /// The values of a choice.
    pub choices: Vec<Value>,
    /// What it is where it is not given.
    pub default: Option<Value>,
    /// What it is, for people.
    pub description: Option<Text>,
    /// What those are told who still give it.
    pub deprecated: Option<Text>,
    /// Where it is written.
    pub origin: Origin,
}

/// A secret that a caller passes.
#[derive(Debug, Clone)]
pub struct SecretInput {
    /// Whether it must be passed.
    pub required: bool,
    /// What it is, for people.
    pub description: Option<Text>,
    /// Where it is written.
    pub origin: Origin,
}

/// An output of a called workflow.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its value.
    pub value: Text,
    /// What it is, for people.
    pub description: Option<Text>,
    /// Where it is written.
    pub origin: Origin,
}

/// A name for a machine.
#[derive(Debug, Clone)]
pub struct NamedRunner {
    /// Its label, or labels and group.
    pub label: Value,
    /// Shape and price, where the catalogue does not know them: `arch`, `cores`, `memory`, `disk`, `price`.
    pub shape: Map,
    /// Where it is written.
    pub origin: Origin,
}

/// What the token may do.
#[derive(Debug, Clone, PartialEq)]
pub enum Permissions {
    /// `none`
    None,
    /// `read-all`
    ReadAll,
    /// `write-all`
    WriteAll,
    /// By scope: `read`, `write` or `none`.
    Scopes(Map),
}

/// What may not run at the same time.
#[derive(Debug, Clone, PartialEq)]
pub struct Concurrency {
    /// The name that holders share.
    pub group: Value,
    /// Whether a new one cancels the running one.
    pub cancel: Option<Value>,
    /// `single` or `max`.
    pub queue: Option<Value>,
}

impl Concurrency {
    /// Whether what holds it is cancelled, in some runs at least.
    pub fn cancels(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| cancel.spelled() != "false")
    }
}

/// The one check to require.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its display name.
    pub name: Text,
    /// Jobs that it does not look at.
    pub except: Vec<(String, Span)>,
    /// Where it is written.
    pub origin: Origin,
}

/// What to optimise for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Objective {
    /// Nothing is added that was not written.
    Off,
    /// Time where it is cheap.
    #[default]
    Balanced,
    /// Time.
    Time,
    /// Money.
    Cost,
}

/// The objective and what limits it.
#[derive(Debug, Clone, Default)]
pub struct Optimize {
    /// The objective.
    pub objective: Objective,
    /// Limits, and passes switched on and off.
    pub settings: Map,
    /// Where it is written.
    pub origin: Option<Origin>,
    /// Other objectives for some of the runs.
    pub by: Option<By>,
}

/// `optimize by EXPR { NAME OBJECTIVE … }`: run time chooses the plan. Where it names none of them, the one of `optimize` alone holds.
#[derive(Debug, Clone)]
pub struct By {
    /// What names the plan.
    pub expr: Expr,
    /// The plans, by name.
    pub alternatives: IndexMap<String, Alternative>,
    /// Where it is written.
    pub origin: Origin,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Its objective.
    pub objective: Objective,
    /// What holds in the runs that have it.
    pub is: Expr,
    /// Its limits; those of `optimize` alone do not hold for it.
    pub settings: Map,
    /// Where it is written.
    pub origin: Origin,
}

impl Alternative {
    /// What holds in runs for which the plan of that name is chosen by an expression.
    pub fn chosen(expr: &Expr, name: &str) -> Expr {
        let span = expr.span;
        let value = macros::in_github_words(expr.clone());
        // To GitHub, `true` and `'true'` differ, and so do `3` and `'3'`.
        let is_text = !matches!(name, "true" | "false") && name.parse::<f64>().is_err();
        let value = if is_text { value } else { Expr::call("format", vec![Expr::string("{0}", span), value], span) };
        Expr::compare(CompareOp::Eq, value, Expr::string(name, span))
    }
}

impl Optimize {
    /// Whether a pass is left out: all are under `off`, and each by its name.
    pub fn is_off(&self, pass: &str) -> bool {
        let named = self.settings.get(pass);
        let is_off = |value: &Value| value.kind == super::ValueKind::Bool(false) || value.spelled() == "off";
        self.objective == Objective::Off || named.is_some_and(is_off)
    }

    /// Whether a pass is asked for by its name.
    pub fn is_on(&self, pass: &str) -> bool {
        let is_on = |value: &Value| value.kind == super::ValueKind::Bool(true) || value.spelled() == "on";
        self.objective != Objective::Off && self.settings.get(pass).is_some_and(is_on)
    }

    /// What holds for one of the plans among which run time chooses: its own objective and limits, and the passes of all.
    #[must_use]
    pub fn under(&self, alternative: &Alternative) -> Self {
        let is_limit = |name: &str| matches!(name, "deadline" | "budget");
        let mut settings: Map =
            self.settings.iter().filter(|(name, _)| !is_limit(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
        settings.extend(alternative.settings.clone());
        Self { objective: alternative.objective, settings, origin: Some(alternative.origin.clone()), by: None }
    }

    /// In what files travel from machine to machine, where that is not left to the compiler.
    pub fn carrier(&self) -> Option<Carrier> {
        match self.settings.get("handover")?.spelled().as_str() {
            "artifact" => Some(Carrier::Artifact),
            "cache" => Some(Carrier::Cache),
            _ => None,
        }
    }
}

/// In what files travel from one machine to another: `optimize { handover cache }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// An artifact of the run.
    Artifact,
    /// A cache that only this run finds.
    Cache,
}

/// What the output may use beyond what every linter and server takes.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The version of GitHub Enterprise Server; none for github.com.
    pub server: Option<Text>,
    /// `parallel:`, `background:`, `wait:` and `cancel:` steps.
    pub parallel_steps: bool,
    /// `concurrency.queue: max`.
    pub queue_max: bool,
}

/// A warning that is silenced in a part of the file.
#[derive(Debug, Clone)]
pub struct Allow {
    /// The number of its code.
    pub code: String,
    /// Where it holds.
    pub within: Span,
    /// Where it is written.
    pub span: Span,
}
