//! Runs that strangers start, and that have the rights of the repository.

use std::collections::BTreeSet;

use super::expressions::naming;
use crate::catalog::events::PRIVILEGED;
use crate::catalog::{actions, event_texts};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0756_anybody_may_start::anybody_may_start;
use crate::diagnostics::codes::w0720_foreign_code::{foreign_artifact, foreign_code};
use crate::diagnostics::codes::w0728_spoofable_bot::{CODE as SPOOFABLE, spoofable_bot};
use crate::diagnostics::codes::w0729_variables_of_strangers::{outputs_of_strangers, variables_of_strangers};
use crate::diagnostics::codes::w0741_branch_of_a_fork::branch_of_a_fork;
use crate::expr::fold::{Known, fold_condition};
use crate::expr::value::Value as Constant;
use crate::expr::{CompareOp, Expr, ExprKind, macros};
use crate::hir::environment::{OUTPUT, Written, written};
use crate::hir::foreign::Scope;
use crate::hir::strangers::flowing;
use crate::hir::{Condition, Job, Local, Map, Permissions, Pipeline, Step, StepKind, chosen, unpacked};
use crate::source::Span;
use crate::text::Text;

/// Looks at every step of a workflow that such an event starts.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let names = || pipeline.triggers.iter().map(|trigger| trigger.event.as_str());
    for job in pipeline.jobs.values() {
        let events: Vec<&str> = names().filter(|event| PRIVILEGED.contains(event) && may_run(job.when.as_ref(), event)).collect();
        let Some(event) = events.first() else {
            diags.extend(bots(pipeline, job));
            continue;
        };
        diags.extend(job.when.iter().flat_map(|when| trust(job, when, event)));
        let let_in = |event: &&&str| {
            job.when.iter().all(|when| !keeps_strangers_out(&when.expr, event) && !asks_for_insiders(&when.expr, event))
        };
        diags.extend(events.iter().find(let_in).into_iter().flat_map(|event| chosen::by_strangers(pipeline, job, event)));
        diags.extend(called(pipeline, job, events.iter().find(let_in)));
        diags.extend(events.iter().find(|event| event.ends_with("_comment")).and_then(|event| by_anybody(job, event)));
        job.steps.iter().for_each(|step| look(pipeline, job, step, &events, diags));
        if events.contains(&BEHIND_A_RUN) {
            diags.extend(artifacts(pipeline, job));
        }
    }
}

/// The event whose runs follow others.
const BEHIND_A_RUN: &str = "workflow_run";

/// What runs files that the run before it has made.
fn artifacts(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let may = |step: &Step| {
        may_run(step.when.as_ref(), BEHIND_A_RUN)
            && ![&job.when, &step.when].into_iter().flatten().any(|when| keeps_strangers_out(&when.expr, BEHIND_A_RUN))
    };
    let found = unpacked::run(pipeline, job, may)?;
    Some(found.step.origin.explain(foreign_artifact(BEHIND_A_RUN, found.run, found.download)))
}

/// What the conditions of a job that may write take for granted of who made a pull request.
fn bots(pipeline: &Pipeline, job: &Job) -> Vec<Diag> {
    let event = "pull_request";
    let started = pipeline.triggers.iter().any(|trigger| trigger.event == event) && may_run(job.when.as_ref(), event);
    let writes = match job.permissions.as_ref().or(pipeline.defaults.permissions.as_ref()) {
        Some(Permissions::WriteAll) => true,
        Some(Permissions::Scopes(scopes)) => scopes.values().any(|right| right.spelled() == "write"),
        _ => false,
    };
    let conditions = job.when.iter().chain(job.each_step().filter_map(|step| step.when.as_ref()));
    let told = conditions.flat_map(|when| trust(job, when, event)).filter(|diag| diag.code.id == SPOOFABLE.id);
    if started && writes { told.collect() } else { Vec::new() }
}

/// Whether something runs when the event happens, as far as its condition tells.
pub(super) fn may_run(when: Option<&Condition>, event: &str) -> bool {
    when.is_none_or(|when| when.may_hold_in(Some(event)))
}

fn look(pipeline: &Pipeline, job: &Job, step: &Step, events: &[&str], diags: &mut Vec<Diag>) {
    let events: Vec<&str> = events.iter().copied().filter(|event| may_run(step.when.as_ref(), event)).collect();
    let Some(event) = events.first() else { return };
    diags.extend(step.when.iter().flat_map(|when| trust(job, when, event)));
    if let StepKind::Parallel(steps) = &step.kind {
        return steps.iter().for_each(|step| look(pipeline, job, step, &events, diags));
    }
    let envs = [&step.env, &job.env, &pipeline.defaults.env];
    if let StepKind::Run(script) = &step.kind {
        let found = variables(script, &envs, events.contains(&BEHIND_A_RUN));
        diags.extend(found.into_iter().map(|diag| step.origin.explain(diag)));
    }
    let keeps_out =
        |event: &str| [&job.when, &step.when].into_iter().flatten().any(|when| keeps_strangers_out(&when.expr, event));
    let let_in = || events.iter().filter(|event| !keeps_out(event));
    let fetched = let_in().find_map(|event| {
        let at = Scope { pipeline: Some(pipeline), job, envs: &envs, event: Some(event) }.fetched(step)?;
        Some(foreign_code(event, at))
    });
    let chosen = || {
        let mut conditions = [&job.when, &step.when].into_iter().flatten();
        let event = let_in().next().filter(|event| !conditions.any(|when| asks_for_insiders(&when.expr, event)))?;
        chosen::checkout(step, event).or_else(|| chosen::script(step, &envs, event))
    };
    let handed = || {
        let StepKind::Uses { action, with, .. } = &step.kind else { return None };
        handed(pipeline, job, (action, with), &envs, let_in().next()?)
    };
    let fetched = fetched.or_else(chosen).or_else(handed);
    diags.extend(fetched.map(|diag| step.origin.explain(diag)));
}

/// What of a job's is worth guarding, where a comment starts it, and nothing asks who wrote that.
fn by_anybody(job: &Job, event: &str) -> Option<Diag> {
    let mut secrets = Vec::new();
    naming("secrets", job, &mut |expr, _| {
        secrets
            .extend(expr.paths().into_iter().filter(|path| path[0] == "secrets" && path.len() > 1).map(|path| path[1].clone()));
    });
    let secret = secrets
        .iter()
        .find(|name| !name.eq_ignore_ascii_case("github_token"))
        .map(|name| format!("`secrets.{}`", name.to_uppercase()));
    let what = secret.or_else(|| job.environment.as_ref().map(|_| "an environment".to_owned()))?;
    // Who it is may be asked by the jobs before it, and by any step.
    let asks = |step: &Step| match &step.kind {
        StepKind::Run(script) => ["association", "collaborators", "permission"].iter().any(|word| script.contains(word)),
        StepKind::Uses { action, .. } => !actions::goes_along(action),
        _ => false,
    };
    let conditions = || [&job.when].into_iter().flatten().chain(job.each_step().filter_map(|step| step.when.as_ref()));
    let is_asked =
        !job.needs.is_empty() || job.each_step().any(asks) || conditions().any(|when| asks_for_insiders(&when.expr, event));
    (!is_asked).then(|| job.origin.explain(anybody_may_start(&what, event, job.origin.span)))
}

/// What a workflow of the repository fetches that a job calls.
fn called(pipeline: &Pipeline, job: &Job, event: Option<&&str>) -> Option<Diag> {
    let (call, event) = (job.call.as_ref()?, event?);
    let found = handed(pipeline, job, (&call.workflow, &call.with), &[&pipeline.defaults.env], event)?;
    Some(call.origin.explain(found))
}

/// What an action or a workflow of the repository fetches of a pull request.
fn handed(pipeline: &Pipeline, job: &Job, (uses, with): (&Text, &Map), envs: &[&Map], event: &str) -> Option<Diag> {
    let interface = pipeline.locals.get(uses.as_str()).and_then(Local::interface)?;
    let scope = Scope { pipeline: Some(pipeline), job, envs, event: Some(event) };
    Some(foreign_code(event, scope.handed(&interface.fetched, with, uses.span())?))
}

/// Whether a condition never holds where the code is a stranger's: it asks for a repository, or for the event of the run before, and for no other way in.
fn keeps_strangers_out(when: &Expr, event: &str) -> bool {
    let path = |expr: &Expr| expr.as_path().map(|path| path.join("."));
    // A fork may be called as its source is. What an event does not tell is nothing, and of no fork.
    let is_of_fork = |expr: &Expr| {
        let names = expr.as_path().unwrap_or_default();
        let of_fork = |pair: &[String]| match (pair[0].as_str(), pair[1].as_str()) {
            ("head", "repo") => event == "pull_request_target",
            (_, "head_repository") => event == BEHIND_A_RUN,
            _ => false,
        };
        names.windows(2).any(of_fork) && names.last().is_some_and(|last| last != "name")
    };
    let is_request = |expr: &Expr| event == "pull_request_target" && path(expr).as_deref() == Some("github.event.pull_request");
    let asked = macros::in_github_words(when.clone()).rewrite(&mut |expr| match &expr.kind {
        ExprKind::Compare(op @ (CompareOp::Eq | CompareOp::Ne), left, right) => {
            let sides = [&**left, &**right];
            let both_vary = sides.iter().all(|side| path(side).is_some());
            let differ = both_vary && sides.into_iter().any(is_of_fork)
                || sides.into_iter().any(is_request) && sides.iter().any(|side| side.kind == ExprKind::Null);
            if differ { Expr::bool(*op == CompareOp::Ne, expr.span) } else { expr }
        }
        _ => expr,
    });
    let mut known = Known::new().with("github.event_name", Constant::string(event));
    if event == "pull_request_target" {
        // What was merged a maintainer took in.
        known = known.with("github.event.pull_request.merged", Constant::Bool(false));
    }
    let told = [("pull_request_target", "pull_request", "head.repo"), (BEHIND_A_RUN, "workflow_run", "head_repository")];
    for (teller, object, head) in told {
        if event != teller {
            known.insert(["github", "event", object], Constant::Null);
            continue;
        }
        let of_fork = |name: &str| format!("github.event.{object}.{head}.{name}");
        known = known
            .with(&of_fork("fork"), Constant::Bool(true))
            .with(&of_fork("full_name"), Constant::string("stranger/fork"))
            .with(&of_fork("owner.login"), Constant::string("stranger"));
    }
    if event == BEHIND_A_RUN {
        known = known.with("github.event.workflow_run.event", Constant::string("pull_request"));
    }
    fold_condition(asked, &known).kind == ExprKind::Bool(false)
}

/// Whether a condition never holds where a stranger wrote what the event is about: it asks who that is, or how close to the repository.
fn asks_for_insiders(when: &Expr, event: &str) -> bool {
    // Who opened it says nothing of who comments on it.
    let topic = event.strip_suffix("_comment").map(|topic| format!("github.event.{topic}."));
    let who = WHO.iter().filter(|(path, _)| topic.as_ref().is_none_or(|topic| !path.starts_with(topic.as_str())));
    let known = who.fold(Known::new(), |known, (path, stranger)| known.with(path, Constant::string(stranger)));
    fold_condition(macros::in_github_words(when.clone()), &known).kind == ExprKind::Bool(false)
}

/// What tells who wrote what an event is about, and what it says of a stranger.
const WHO: [(&str, &str); 12] = [
    ("github.actor", "a stranger"),
    ("github.event.comment.author_association", "NONE"),
    ("github.event.comment.user.login", "a stranger"),
    ("github.event.discussion.author_association", "NONE"),
    ("github.event.discussion.user.login", "a stranger"),
    ("github.event.issue.author_association", "NONE"),
    ("github.event.issue.user.login", "a stranger"),
    ("github.event.pull_request.author_association", "NONE"),
    ("github.event.pull_request.user.login", "a stranger"),
    ("github.event.review.author_association", "NONE"),
    ("github.event.sender.login", "a stranger"),
    ("github.triggering_actor", "a stranger"),
];

/// What a condition takes for granted: that who started the run is a bot, or that a branch of that name is the repository's own.
fn trust(job: &Job, when: &Condition, event: &str) -> Vec<Diag> {
    let mut found = Vec::new();
    let knows_source = [Some(when), job.when.as_ref()].into_iter().flatten().any(|when| keeps_strangers_out(&when.expr, event));
    // In `a || b` a part may ask for itself.
    let mut known: Vec<Span> = Vec::new();
    when.expr.walk(&mut |part| {
        if matches!(part.kind, ExprKind::And(_)) && keeps_strangers_out(part, event) {
            known.push(part.span);
        }
    });
    let is_known = |at: Span| known.iter().any(|part| part.start <= at.start && at.end <= part.end);
    when.expr.walk(&mut |expr| {
        let ExprKind::Compare(CompareOp::Eq, left, right) = &expr.kind else { return };
        let (path, name) = match (left.as_path(), right.as_path()) {
            (Some(path), None) => (path.join("."), right.as_string()),
            (None, Some(path)) => (path.join("."), left.as_string()),
            _ => return,
        };
        let Some(name) = name else { return };
        match path.as_str() {
            "github.actor" | "github.triggering_actor" if name.to_ascii_lowercase().ends_with("[bot]") => {
                found.push(spoofable_bot(&path, event, expr.span));
            }
            "github.event.workflow_run.head_branch" | "github.event.pull_request.head.ref" | "github.head_ref"
                if !knows_source && !is_known(expr.span) =>
            {
                found.push(branch_of_a_fork(name, event, expr.span));
            }
            _ => {}
        }
    });
    // Of each kind one is enough.
    let mut codes = Vec::new();
    found.retain(|diag| {
        !codes.contains(&diag.code.id) && {
            codes.push(diag.code.id);
            true
        }
    });
    found.into_iter().map(|diag| when.origin.explain(diag)).collect()
}

/// Whether a text of strangers may have line breaks.
fn has_lines(expr: &Expr) -> bool {
    flowing(expr).iter().any(|path| path.last().is_some_and(|last| ["body", "message"].contains(&last.as_str())))
}

/// What makes a text one line, or its end one that nobody knows.
const GUARDS: [&str; 11] = ["RANDOM", "base64", "cut -", "head -", "jq", "openssl", "random", "sed", "tr ", "uuid", "wc "];

/// The statements of a script that give texts of strangers to all later steps.
fn variables(script: &Text, envs: &[&Map], is_behind_a_run: bool) -> Vec<Diag> {
    // A line is one statement, and may be the end of another.
    let mut told = BTreeSet::new();
    let found = written(script, envs).into_iter().filter_map(|Written { text, line, file, of_strangers }| {
        if file == OUTPUT {
            // Only some have line breaks, and whoever expects them gives an end that nobody knows, or no line break.
            let expr = of_strangers.filter(has_lines).filter(|_| !GUARDS.iter().any(|guard| text.contains(guard)))?;
            return told.insert(line.start).then(|| outputs_of_strangers(&expr.to_string(), script.source(line)));
        }
        let what = of_strangers.map(|expr| format!("`{expr}`")).or_else(|| event_texts::printed(text, is_behind_a_run))?;
        told.insert(line.start).then(|| variables_of_strangers(&what, file, script.source(line)))
    });
    found.collect()
}
