//! Runs that strangers start, and that have the rights of the repository.

use std::collections::BTreeSet;

use crate::catalog::events::PRIVILEGED;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0720_foreign_code::foreign_code;
use crate::diagnostics::codes::w0728_spoofable_bot::spoofable_bot;
use crate::diagnostics::codes::w0729_variables_of_strangers::variables_of_strangers;
use crate::diagnostics::codes::w0741_branch_of_a_fork::branch_of_a_fork;
use crate::expr::fold::{Known, fold_condition};
use crate::expr::text::holes;
use crate::expr::value::Value as Constant;
use crate::expr::{CompareOp, Expr, ExprKind, macros};
use crate::hir::environment::{Written, reads, written};
use crate::hir::{Condition, Job, Map, Pipeline, Step, StepKind};
use crate::source::Span;
use crate::text::Text;

/// Looks at every step of a workflow that such an event starts.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let events = || pipeline.triggers.iter().map(|trigger| trigger.event.as_str()).filter(|event| PRIVILEGED.contains(event));
    for job in pipeline.jobs.values() {
        let Some(event) = events().find(|event| may_run(job.when.as_ref(), event)) else { continue };
        diags.extend(job.when.iter().flat_map(|when| trust(job, when, event)));
        job.steps.iter().for_each(|step| look(pipeline, job, step, event, diags));
    }
}

/// Whether something runs when the event happens, as far as its condition tells.
pub(super) fn may_run(when: Option<&Condition>, event: &str) -> bool {
    when.is_none_or(|when| {
        let known = Known::new().with("github.event_name", Constant::string(event));
        fold_condition(macros::in_github_words(when.expr.clone()), &known).kind != ExprKind::Bool(false)
    })
}

fn look(pipeline: &Pipeline, job: &Job, step: &Step, event: &str, diags: &mut Vec<Diag>) {
    if !may_run(step.when.as_ref(), event) {
        return;
    }
    diags.extend(step.when.iter().flat_map(|when| trust(job, when, event)));
    let looks_at_source = [&job.when, &step.when].into_iter().flatten().any(asks_for_source);
    let envs = [&step.env, &job.env, &pipeline.defaults.env];
    let found = match &step.kind {
        StepKind::Parallel(steps) => return steps.iter().for_each(|step| look(pipeline, job, step, event, diags)),
        StepKind::Checkout(with) => head(with, &envs),
        StepKind::Uses { with, .. } if step.fetches() => head(with, &envs),
        StepKind::Run(script) => {
            diags.extend(variables(script, &envs, event).into_iter().map(|diag| step.origin.explain(diag)));
            fetched(script, &envs)
        }
        _ => None,
    };
    diags.extend(found.filter(|_| !looks_at_source).map(|at| step.origin.explain(foreign_code(event, at))));
}

/// Whether a condition asks where the code comes from.
fn asks_for_source(when: &Condition) -> bool {
    let path = |path: &Vec<String>| {
        let path = path.join(".");
        path.contains(".head.repo.") || path.contains(".head_repository.") || path == "github.event.workflow_run.event"
    };
    macros::in_github_words(when.expr.clone()).paths().iter().any(path)
}

/// What a checkout says, where that is the head of a pull request.
fn head(with: &Map, envs: &[&Map]) -> Option<Span> {
    let found = ["ref", "repository"].iter().filter_map(|key| with.get(*key)).find(|value| {
        let text = value.spelled();
        text.contains("refs/pull/") || holes(&text).iter().any(|(_, expr)| is_foreign(expr, envs))
    });
    found.map(|value| value.origin.span)
}

/// Whether an expression, or the variable that it asks for, names the head of a pull request, or what that would be merged.
fn is_foreign(expr: &Expr, envs: &[&Map]) -> bool {
    let foreign = |path: &Vec<String>| {
        let is_set = |name: &str| {
            let (at, value) = envs.iter().enumerate().find_map(|(at, env)| Some((at, env.get(name)?)))?;
            // Its value sees the variables that are farther away.
            Some(holes(&value.spelled()).iter().any(|(_, expr)| is_foreign(expr, &envs[at + 1..])))
        };
        let joined = path.join(".");
        let starts = |start: &str| joined.starts_with(start);
        matches!(path.as_slice(), [env, name] if env == "env" && is_set(name).unwrap_or_default())
            || matches!(joined.as_str(), "github.head_ref" | "github.event.pull_request.merge_commit_sha")
            || starts("github.event.pull_request.head.")
            || starts("github.event.workflow_run.head_")
    };
    expr.paths().iter().any(foreign)
}

/// The line of a script that fetches the code of a pull request: by `gh`, by the name that GitHub gives to its head, or by what the event says of that.
fn fetched(script: &Text, envs: &[&Map]) -> Option<Span> {
    let mut at = 0;
    script.as_str().split_inclusive('\n').find_map(|line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let has = |word: &str| line.split(|char: char| !char.is_alphanumeric()).any(|other| other == word);
        let fetches =
            has("git") && ["fetch", "pull", "checkout", "switch", "clone", "merge", "reset", "worktree"].into_iter().any(has);
        let by_name = line.contains("pull/") && (line.contains("/head") || line.contains("/merge"));
        let named = |env: &Map| {
            env.iter()
                .any(|(name, value)| reads(line, name) && holes(&value.spelled()).iter().any(|(_, expr)| is_foreign(expr, &[])))
        };
        let by_value = holes(line).iter().any(|(_, expr)| is_foreign(expr, envs)) || envs.iter().any(|env| named(env));
        let by_gh = ["gh pr checkout", "gh pr diff"].into_iter().find(|command| line.contains(command));
        let is_it = by_gh == Some("gh pr checkout")
            || by_gh.is_some() && ["git apply", "patch ", "git am"].iter().any(|taken| line.contains(taken))
            || fetches && (by_name || by_value);
        let end = start + line.trim().len();
        is_it.then(|| match by_gh.and_then(|command| Some((script[start..end].find(command)?, command.len()))) {
            Some((at, length)) => script.source(start + at..start + at + length),
            None => script.source(start..end),
        })
    })
}

/// What a condition takes for granted: that who started the run is a bot, or that a branch of that name is the repository's own.
fn trust(job: &Job, when: &Condition, event: &str) -> Vec<Diag> {
    let mut found = Vec::new();
    let knows_source = asks_for_source(when) || job.when.as_ref().is_some_and(asks_for_source);
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
                if !knows_source =>
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

/// The statements of a script that give texts of strangers to all later steps.
fn variables(script: &Text, envs: &[&Map], event: &str) -> Vec<Diag> {
    // A line is one statement, and may be the end of another.
    let mut told = BTreeSet::new();
    let found = written(script, envs).into_iter().filter_map(|Written { text, line, file, of_strangers }| {
        let what = of_strangers.map(|expr| format!("`{expr}`")).or_else(|| printed(text, event))?;
        told.insert(line.start).then(|| variables_of_strangers(&what, file, script.source(line)))
    });
    found.collect()
}

/// What a command of a line prints that strangers have set: of the event, of a pull request or an issue, and of a file in a run that follows theirs.
fn printed(line: &str, event: &str) -> Option<String> {
    let words: Vec<&str> = line.split(|char: char| !char.is_alphanumeric() && char != '_').collect();
    let follows = |one: &str, others: &[&str]| words.windows(2).any(|pair| pair[0] == one && others.contains(&pair[1]));
    if words.contains(&"GITHUB_EVENT_PATH") {
        return Some("the texts of the event".to_owned());
    }
    if follows("gh", &["api", "issue", "pr", "run"]) {
        return Some("what `gh` prints".to_owned());
    }
    let reads = ["cat", "head", "jq", "tail", "yq"].into_iter().find(|command| words.contains(command));
    reads.filter(|_| event == "workflow_run").map(|command| format!("what `{command}` reads"))
}
