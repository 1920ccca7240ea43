//! In which runs a cache is of use, and in which it may be trusted.
//!
//! A run reads what its own branch, its base and the default branch have saved; what others save it never sees. So what is to be of use to all is saved
//! on the default branch. Whoever can run code there can put into a cache what he likes: nothing that is published may be made of one, and no run with
//! more rights than the code that it looks at may write one. (GitHub's documentation, "Dependency caching reference"; zizmor's audit cache-poisoning.)

use crate::catalog::caching::Off;
use crate::catalog::events::PRIVILEGED;
use crate::catalog::{actions, commands, events, publishing};
use crate::expr::fold::{Known, fold, fold_condition, literal};
use crate::expr::text::holes;
use crate::expr::value::Value;
use crate::expr::{CompareOp, Expr, ExprKind, macros};
use crate::hir::foreign::Scope;
use crate::hir::started::{BRANCH, Kind, TAG, kinds};
use crate::hir::{self, Job, Map, Pipeline, Step, StepKind, Trigger};
use crate::pattern::Pattern;
use crate::source::Span;

/// Names that default branches have.
const DEFAULT_BRANCHES: [&str; 2] = ["main", "master"];

/// Names that default branches do not have.
const OTHER_BRANCHES: [&str; 5] = ["gh-pages", "preprod", "qa", "staging", "uat"];

/// What is known of the runs of a workflow.
#[derive(Debug)]
pub(crate) struct Runs {
    /// Events whose runs may not use caches.
    privileged: Vec<String>,
    /// Whether the spec says that some of its runs are releases.
    pub(crate) some_release: bool,
    /// What must hold of a run that may restore, each with the event whose runs it keeps out, where it is about one.
    trusted: Vec<(Option<String>, Expr)>,
    /// When a run is one of the default branch; none where no run is.
    pub(crate) on_default_branch: Option<Expr>,
    /// What starts runs.
    events: Vec<Event>,
    /// The variables that all jobs have.
    env: Map,
}

/// What starts runs.
#[derive(Debug)]
struct Event {
    /// Its name, where it is known.
    name: Option<String>,
    /// Whether it has runs of branches.
    of_branches: bool,
    /// Whether some of its runs are of the default branch.
    of_default: bool,
}

impl Runs {
    pub(crate) fn of(pipeline: &Pipeline) -> Self {
        let triggers = &pipeline.triggers;
        let has = |event: &str| triggers.iter().any(|trigger| trigger.event == event);
        let called = pipeline.is_called();
        let span = Span::default();
        let mut trusted = Vec::new();
        if called || triggers.iter().any(|trigger| trigger.event == "create" || pushes_of(trigger, TAG).is_some()) {
            trusted.push((None, github(CompareOp::Ne, "ref_type", "tag")));
        }
        if called {
            // The event of a workflow that is called is its caller's.
            let events: Vec<String> =
                ["release", "deployment"].into_iter().chain(PRIVILEGED).map(|event| format!("\"{event}\"")).collect();
            let list = Expr::call("fromJSON", vec![Expr::string(format!("[{}]", events.join(", ")), span)], span);
            let event = Expr::path(["github", "event_name"], span);
            trusted.push((None, Expr::call("contains", vec![list, event], span).negated()));
        } else {
            // Where there are no others, no job has any.
            let is_mixed = triggers.iter().any(|trigger| !PRIVILEGED.contains(&trigger.event.as_str()));
            let privileged = PRIVILEGED.into_iter().filter(|_| is_mixed);
            let apart = ["release", "deployment"].into_iter().chain(privileged).filter(|event| has(event));
            trusted.extend(apart.map(|event| (Some(event.to_owned()), github(CompareOp::Ne, "event_name", event))));
        }
        let schedule = called || has("schedule");
        let elsewhere = called || triggers.iter().any(|trigger| trigger.event != "schedule" && reaches_default_branch(trigger));
        // The payload of a schedule has no repository, and its runs are of the default branch (docker/metadata-action#184).
        let scheduled = schedule.then(|| github(CompareOp::Eq, "event_name", "schedule"));
        let default_branch = || {
            let name = Expr::path(["github", "event", "repository", "default_branch"], span);
            Expr::compare(CompareOp::Eq, Expr::path(["github", "ref_name"], span), name)
        };
        let on_default_branch: Vec<Expr> = scheduled.into_iter().chain(elsewhere.then(default_branch)).collect();
        let written = |trigger: &Trigger| trigger.filters.contains_key("tags") || is_release(trigger);
        Self {
            some_release: called || triggers.iter().any(written),
            privileged: triggers
                .iter()
                .map(|trigger| trigger.event.clone())
                .filter(|event| PRIVILEGED.contains(&event.as_str()))
                .collect(),
            trusted,
            on_default_branch: (!on_default_branch.is_empty()).then(|| Expr::or(on_default_branch)),
            // The caller's event is not known.
            events: triggers
                .iter()
                .map(|it| Event {
                    name: (it.event != "workflow_call").then(|| it.event.clone()),
                    of_branches: !is_release(it),
                    of_default: reaches_default_branch(it),
                })
                .collect(),
            env: pipeline.defaults.env.clone(),
        }
    }

    /// When a run of a job may restore, where not all may.
    pub(crate) fn trusted(&self, job: &Job) -> Option<Expr> {
        let is_kept_out = |(event, _): &&(Option<String>, Expr)| event.is_none() || may_run(job, event.as_ref());
        let all: Vec<Expr> = self.trusted.iter().filter(is_kept_out).map(|(_, expr)| expr.clone()).collect();
        (!all.is_empty()).then(|| Expr::and(all))
    }

    /// Why what a job makes may rest on a cache in none of its runs; none where it may in those that are `trusted`.
    pub(crate) fn untrusted(&self, job: &Job) -> Option<String> {
        self.untrusted_but(job, None)
    }

    /// The same of what has no condition, and so is in all runs of the job.
    pub(crate) fn untrusted_in_some(&self, job: &Job) -> Option<String> {
        self.privileged(job).or_else(|| self.untrusted(job))
    }

    /// Why runs of a job have rights that no cache may get at.
    fn privileged(&self, job: &Job) -> Option<String> {
        let event = self.privileged.iter().find(|event| may_run(job, Some(event)))?;
        Some(format!("a run of `{event}` has rights that others could use through it"))
    }

    /// The same, with a step that restores a cache by the input that `off` names: where that depends on the branch as what it pushes does, and in no run
    /// it does both, it is no reason itself.
    pub(crate) fn untrusted_with(&self, job: &Job, step: &Step, off: Off) -> Option<String> {
        let (Off::Part(key, _), StepKind::Uses { with, .. }) = (off, &step.kind) else {
            return self.untrusted_in_some(job);
        };
        let is_on = |input: &str, known: &Known| {
            with.get(input).is_some_and(|value| !matches!(in_run(value, known).as_deref(), Some("" | "false")))
        };
        let names: Vec<String> =
            with.values().flat_map(|value| holes(&value.spelled())).flat_map(|(_, expr)| branches(&expr)).collect();
        let both = |known: Known| is_on(key, &known) && is_on("push", &known);
        let is_pushed_from_cache = !with.contains_key("push") || self.all(&names).into_iter().any(both);
        self.privileged(job).or_else(|| self.untrusted_but(job, (!is_pushed_from_cache).then_some(step)))
    }

    fn untrusted_but(&self, job: &Job, but: Option<&Step>) -> Option<String> {
        let when = job.when.as_ref().map(|when| macros::in_github_words(when.expr.clone()));
        let never =
            |known: &Known| when.as_ref().is_some_and(|when| fold_condition(when.clone(), known).kind == ExprKind::Bool(false));
        let is_trusted = |event: &Event| event.name.as_ref().is_none_or(|name| !self.privileged.contains(name));
        if !self.events.iter().any(|event| is_trusted(event) && may_run(job, event.name.as_ref()))
            && let Some(why) = self.privileged(job)
        {
            return Some(why);
        }
        if !self.events.iter().any(|event| event.of_branches) && !self.events.is_empty() {
            return Some("each run is a release".to_owned());
        }
        if job.environment.as_ref().is_some_and(|environment| environment.keys.contains_key("url") || !only_tries(job)) {
            return Some("it deploys".to_owned());
        }
        if let Some(what) = job.each_step().filter(|step| but.is_none_or(|but| but.origin != step.origin)).find_map(publishes) {
            return Some(format!("it publishes: `{what}`"));
        }
        if self.is_of_default_branch(job) && job.each_step().any(|step| self.fetches_foreign_code(job, step)) {
            return Some("the code of a pull request is in it, and could write into the caches of the default branch".to_owned());
        }
        self.ordinary(when.as_ref()?).iter().all(never).then(|| "it runs for releases alone".to_owned())
    }

    /// Whether a job is in some run of the default branch, as far as its condition tells.
    pub(crate) fn is_of_default_branch(&self, job: &Job) -> bool {
        let Some(when) = job.when.as_ref().map(|when| macros::in_github_words(when.expr.clone())) else {
            return self.on_default_branch.is_some();
        };
        let mut names = branches(&when);
        // What asks for an event names no branch; and where the usual name of the default branch is asked for, it is no other.
        names.retain(|name| events::find(name).is_none());
        if named(&when).iter().any(|name| DEFAULT_BRANCHES.contains(&name.as_str())) {
            names.retain(|name| name != OTHER);
        }
        let holds = |known: &Known| fold_condition(when.clone(), known).kind != ExprKind::Bool(false);
        let mut events = self.events.iter().filter(|event| event.of_default);
        events.any(|event| names.iter().filter(|name| may_be_default(name)).any(|name| holds(&event.on_branch(name))))
    }

    /// Whether a step fetches the code of a pull request in a run that no pull request started.
    fn fetches_foreign_code(&self, job: &Job, step: &Step) -> bool {
        let envs = [&step.env, &job.env, &self.env];
        Scope { pipeline: None, job, envs: &envs, event: None }.fetched(step).is_some()
    }

    /// What is known in all runs: of branches with these names, of tags and of pull requests.
    fn all(&self, names: &[String]) -> Vec<Known> {
        let of_tag = |event: &Event| event.on("refs/tags/v1", "v1").with("github.ref_type", Value::string("tag"));
        let tags = self.events.iter().filter(|event| !event.is_of_pull_requests()).map(of_tag);
        self.events.iter().flat_map(|event| event.runs(names)).chain(tags).collect()
    }

    /// What is known in runs that release nothing: of branches with the usual names, and with those that the condition may ask for.
    fn ordinary(&self, when: &Expr) -> Vec<Known> {
        let names = branches(when);
        self.events.iter().filter(|event| event.of_branches).flat_map(|event| event.runs(&names)).collect()
    }
}

impl Event {
    fn is_of_pull_requests(&self) -> bool {
        self.name.as_deref() == Some("pull_request")
    }

    /// What is known in its runs: of these branches, or of a pull request.
    fn runs(&self, names: &[String]) -> Vec<Known> {
        if self.is_of_pull_requests() {
            return vec![self.on("refs/pull/1/merge", "1/merge")];
        }
        names.iter().map(|name| self.on_branch(name)).collect()
    }

    /// What is known in its runs of a branch.
    fn on_branch(&self, name: &str) -> Known {
        self.on(&format!("refs/heads/{name}"), name)
    }

    fn on(&self, reference: &str, name: &str) -> Known {
        let known = Known::new().with("github.ref", Value::string(reference)).with("github.ref_name", Value::string(name));
        let known = known.with("github.ref_type", Value::string("branch"));
        match &self.name {
            Some(event) => known.with("github.event_name", Value::string(event.as_str())),
            None => known,
        }
    }
}

/// The text of an input in a run, where what is known of that tells it.
fn in_run(input: &hir::Value, known: &Known) -> Option<String> {
    let text = input.words().join("\n");
    match &holes(&text)[..] {
        [] => Some(text),
        [(_, expr)] if text.starts_with("${{") && text.ends_with("}}") => {
            literal(&fold(macros::in_github_words(expr.clone()), known)).map(|value| value.to_text())
        }
        _ => None,
    }
}

/// Branches with the usual names, and those that a condition may ask for.
fn branches(when: &Expr) -> Vec<String> {
    let mut names = vec!["main".to_owned(), OTHER.to_owned()];
    names.extend(named(when));
    names
}

/// A branch of any other name.
const OTHER: &str = "topic";

/// The branches that a condition may ask for: all of its texts.
fn named(when: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    when.walk(&mut |part| names.extend(part.as_string().map(|text| text.trim_start_matches("refs/heads/").to_owned())));
    names
}

/// Whether a job may be in runs of an event, as far as its condition tells.
fn may_run(job: &Job, event: Option<&String>) -> bool {
    job.when.as_ref().is_none_or(|when| when.may_hold_in(event.map(String::as_str)))
}

/// Whether all that a job does is known, and is no more than to build and to test: its environment is there for its secrets.
fn only_tries(job: &Job) -> bool {
    job.call.is_none()
        && job.each_step().all(|step| match &step.kind {
            StepKind::Run(command) => commands::find(command).is_some_and(|known| known.kind != commands::Kind::Publish),
            StepKind::Uses { action, .. } => actions::goes_along(action),
            _ => true,
        })
}

fn github(op: CompareOp, name: &str, value: &str) -> Expr {
    let span = Span::default();
    Expr::compare(op, Expr::path(["github", name], span), Expr::string(value, span))
}

/// Whether some run of an event is of the default branch, as far as its filters tell: that branch may have any name, but patterns and
/// names with a slash are of other branches.
fn reaches_default_branch(trigger: &Trigger) -> bool {
    match trigger.event.as_str() {
        // What is made was not there before, and so is not the default branch.
        "create" | "pull_request" | "pull_request_review" | "pull_request_review_comment" | "merge_group" | "release" => false,
        "push" => pushes_of(trigger, BRANCH).is_some_and(|kind| {
            let names = kind.names.as_ref();
            let negated = names.into_iter().flatten().filter_map(|name| name.strip_prefix('!'));
            let mut refused = kind.except.iter().map(String::as_str).chain(negated);
            !refused.any(|name| DEFAULT_BRANCHES.contains(&name))
                && names.is_none_or(|names| names.iter().any(|name| may_be_default(name)))
        }),
        _ => true,
    }
}

/// The refs of a kind that pushes have runs of.
fn pushes_of(trigger: &Trigger, start: &str) -> Option<Kind> {
    let all = kinds(trigger).filter(|_| trigger.event == "push");
    all.into_iter().flatten().find(|kind| kind.start == start)
}

fn may_be_default(branch: &str) -> bool {
    let pattern = Pattern::new(branch);
    (pattern.is_plain() && !branch.contains('/') && !OTHER_BRANCHES.contains(&branch))
        || DEFAULT_BRANCHES.iter().any(|name| pattern.matches(name))
}

/// Whether each run of an event is a release, or a deployment.
fn is_release(trigger: &Trigger) -> bool {
    let is_push = trigger.event == "push";
    matches!(trigger.event.as_str(), "release" | "deployment") || is_push && pushes_of(trigger, BRANCH).is_none()
}

/// What a step does that gives something to others.
pub(crate) fn publishes(step: &Step) -> Option<&str> {
    match &step.kind {
        StepKind::Run(command) => publishing::command(command),
        StepKind::Uses { action, with, .. } => {
            publishing::by_action(action, |input| with.get(input).map(|value| value.words().join("\n")).unwrap_or_default())
                .then_some(action.as_str())
        }
        _ => None,
    }
}
