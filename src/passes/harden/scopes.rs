//! What the token may no longer do, once it may only read.

use super::tokens::{has_token, is_other, published_by_trust, told_to_gh};
use crate::catalog::actions;
use crate::catalog::api::of_octokit;
use crate::catalog::scopes::{IDENTITY, of_action, of_script, packages, right, token_of};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0737_cannot_read::cannot_read;
use crate::diagnostics::codes::w0734_needs_permission::needs_permission;
use crate::hir::{Job, Permissions, Pipeline, Step, StepKind, Value};
use crate::plan::{Role, Work};
use crate::source::Span;

/// What a job needs beyond reading the repository's contents, where it has no `permissions` and no token of its own.
pub(super) fn missing(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let envs = [&pipeline.defaults.env, &job.env];
    if job.permissions.is_some() || envs.iter().any(|env| has_token(env)) {
        return None;
    }
    if let Some(call) = &job.call {
        let rights = &pipeline.locals.get(call.workflow.as_str())?.interface()?.rights;
        let asked: Vec<String> = rights.iter().map(|(scope, level)| format!("{scope}: {level}")).collect();
        let read = (!rights.contains_key("contents")).then(|| "contents: read".to_owned());
        let all: Vec<String> = read.into_iter().chain(asked.clone()).collect();
        let found = [(call.workflow.as_str().to_owned(), asked.join(", "), call.workflow.span())];
        return (!rights.is_empty()).then(|| job.origin.explain(needs_permission(&found, &all.join(", "))));
    }
    let mut found: Vec<(String, String, Span)> = Vec::new();
    let mut all: Vec<&str> = Vec::new();
    let mut known = Credentials { pushes: true, packages: false, of_gh: true };
    let mut see = |name: &str, scopes: &[&'static str], at: Span| {
        let text = scopes.iter().map(|scope| right(scope)).collect::<Vec<_>>().join(", ");
        if found.iter().all(|(known, rights, _)| (known.as_str(), rights) != (name, &text)) {
            found.push((name.to_owned(), text, at));
        }
        all.extend(scopes.iter().filter(|scope| !all.contains(scope)).copied().collect::<Vec<_>>());
    };
    job.each_step().for_each(|step| look(step, &mut known, &mut see));
    if let Some((name, at)) = published_by_trust(pipeline, job) {
        see(&name, IDENTITY, at);
    }
    // Who may write may read.
    let is_needed = |scope: &&&str| scope.strip_suffix(": read").is_none_or(|written| !all.contains(&written));
    let rights = all.iter().filter(is_needed).map(|scope| right(scope));
    let read = (!all.contains(&"contents")).then(|| "contents: read".to_owned());
    let rights: Vec<String> = read.into_iter().chain(rights).collect();
    (!found.is_empty()).then(|| job.origin.explain(needs_permission(&found, &rights.join(", "))))
}

/// Checkouts of the compiler's own whose token may not read the repository's contents; what the file says is told of the first that it holds for.
pub(super) fn unreadable<'a>(works: impl Iterator<Item = &'a Work>, of_file: Option<&Permissions>) -> Vec<Diag> {
    let may_read = |rights: &Permissions| match rights {
        Permissions::None => false,
        Permissions::ReadAll | Permissions::WriteAll => true,
        Permissions::Scopes(scopes) => scopes.get("contents").is_some_and(|right| right.spelled() != "none"),
    };
    let mut is_told = false;
    let fail = works.filter(|work| {
        let rights = work.job.permissions.as_ref().or(of_file);
        let fails =
            rights.is_some_and(|rights| !may_read(rights)) && work.prologue.iter().any(|derived| derived.role == Role::Checkout);
        fails && (work.job.permissions.is_some() || !std::mem::replace(&mut is_told, true))
    });
    fail.map(|work| work.job.origin.explain(cannot_read(&work.job.id, work.job.origin.span))).collect()
}

fn is_push(command: &str) -> bool {
    command.starts_with("git ") && command.ends_with(" push")
}

/// What is done with the token of the job after a step.
struct Credentials {
    /// What was checked out last is pushed with it.
    pushes: bool,
    /// GitHub's registry of packages was told it.
    packages: bool,
    /// `gh` has it, and no other.
    of_gh: bool,
}

fn look(step: &Step, known: &mut Credentials, see: &mut impl FnMut(&str, &[&'static str], Span)) {
    match &step.kind {
        StepKind::Checkout(with) => known.pushes = !has_token(with),
        StepKind::Uses { action, with, .. } => {
            if step.fetches() {
                known.pushes = !has_token(with);
            }
            let input = |name: &str| {
                let found = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.spelled()).unwrap_or_default()
            };
            if actions::name(action).eq_ignore_ascii_case("actions/github-script") && !has_token(with) {
                let script = with.get("script").and_then(Value::text).unwrap_or_default();
                for (range, scopes) in of_octokit(&script) {
                    see(&script.as_str()[range.clone()], scopes, script.source(range));
                }
            }
            if packages::logs_in(action, &input("registry")) {
                known.packages = !has_token(with);
            }
            let pushes_image = known.packages && packages::pushes(action, &input("push"), &input("tags"));
            let scopes = if pushes_image { packages::SCOPES } else { of_action(action, input) };
            let has_own = match token_of(action) {
                Some(key) => with.iter().any(|(name, value)| name.eq_ignore_ascii_case(key) && is_other(value)),
                None => has_token(with),
            };
            if !scopes.is_empty() && !has_own && !has_token(&step.env) {
                see(action, scopes, action.span());
            }
        }
        StepKind::Run(script) => {
            let has_own = has_token(&step.env);
            let (told, for_all) = told_to_gh(script);
            let of_gh = known.of_gh && !told;
            known.of_gh &= !for_all;
            for (range, scopes) in of_script(script) {
                let name = &script.as_str()[range.clone()];
                // An identity is no token's: that of the index does not replace it.
                let is_own = known.pushes || !is_push(name);
                let is_own = is_own && (of_gh || !name.starts_with("gh "));
                if is_own && (!has_own || scopes == IDENTITY) {
                    see(name, scopes, script.source(range.clone()));
                }
            }
            if has_own {
                return;
            }
            known.packages |= packages::is_told(script);
            if let Some(range) = packages::pushed(script).filter(|_| known.packages) {
                see(&script.as_str()[range.clone()], packages::SCOPES, script.source(range));
            }
        }
        _ => {}
    }
}
