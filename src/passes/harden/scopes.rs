//! What the token may no longer do, once it may only read.

use super::tokens::{has_token, is_other, published_by_trust, told_to_gh};
use crate::catalog::actions;
use crate::catalog::api::of_octokit;
use crate::catalog::scopes::{IDENTITY, needs_all, of_action, of_call, of_script, packages, right, token_of};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0737_cannot_read::cannot_read;
use crate::diagnostics::codes::w0734_needs_permission::{lacks_permission, needs_permission};
use crate::hir::{Job, Permissions, Pipeline, Step, StepKind, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Role, Work};
use crate::source::Span;

/// What in a job needs rights: what it is called, which, and where it stands.
type Need = (String, Vec<&'static str>, Span);

/// What a job needs beyond reading the repository's contents, where it has no `permissions` and no token of its own.
pub(super) fn missing(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let envs = [&pipeline.defaults.env, &job.env];
    if job.permissions.is_some() || envs.iter().any(|env| has_token(env)) {
        return None;
    }
    if let Some(call) = &job.call
        && let Some(local) = pipeline.locals.get(call.workflow.as_str())
    {
        let rights = &local.interface()?.rights;
        let asked: Vec<String> = rights.iter().map(|(scope, level)| format!("{scope}: {level}")).collect();
        let read = (!rights.contains_key("contents")).then(|| "contents: read".to_owned());
        let all: Vec<String> = read.into_iter().chain(asked.clone()).collect();
        let found = [(call.workflow.as_str().to_owned(), asked.join(", "), call.workflow.span())];
        return (!rights.is_empty()).then(|| job.origin.explain(needs_permission(&found, &all.join(", "))));
    }
    let found = needs(pipeline, job, |_| true);
    let all = all_of(&found);
    let read = (!all.contains(&"contents")).then(|| "contents: read".to_owned());
    let rights: Vec<String> = read.into_iter().chain(all.into_iter().map(right)).collect();
    (!found.is_empty()).then(|| job.origin.explain(needs_permission(&shown(&found), &rights.join(", "))))
}

/// What in a job lacks a right for sure, where its rights are written. Who may write to one of issues and pull requests can comment on both.
pub(super) fn lacking(pipeline: &Pipeline, job: &Job, written: &Permissions) -> Option<Diag> {
    let lacks = |scope: &str| {
        let (name, level) = scope.split_once(": ").unwrap_or((scope, "write"));
        match written {
            Permissions::None => true,
            Permissions::ReadAll => level == "write",
            Permissions::WriteAll => false,
            Permissions::Scopes(scopes) => match scopes.get(name).map(Value::spelled).as_deref() {
                Some("write") => false,
                Some("read") => level == "write",
                _ => true,
            },
        }
    };
    let lacks_all = |scope: &&&str| match **scope {
        "issues" | "pull-requests" => lacks("issues") && lacks("pull-requests"),
        scope => lacks(scope),
    };
    if [&pipeline.defaults.env, &job.env].iter().any(|env| has_token(env)) {
        return None;
    }
    let mut found = needs(pipeline, job, |step| step.may_fail.is_none());
    found.retain_mut(|(name, scopes, _)| {
        let without = scopes.iter().filter(lacks_all).count();
        let fails = if needs_all(name) { without > 0 } else { without == scopes.len() };
        scopes.retain(|scope| lacks(scope));
        fails
    });
    let all = all_of(&found);
    let mut rights: IndexMap<&str, String> = match written {
        Permissions::Scopes(scopes) => scopes.iter().map(|(scope, level)| (scope.as_str(), level.spelled())).collect(),
        _ => IndexMap::from_iter([("contents", "read".to_owned())]),
    };
    for scope in &all {
        let (name, level) = scope.split_once(": ").unwrap_or((scope, "write"));
        rights.insert(name, level.to_owned());
    }
    let rights: Vec<String> = rights.iter().map(|(scope, level)| format!("{scope}: {level}")).collect();
    (!found.is_empty()).then(|| job.origin.explain(lacks_permission(&shown(&found), &rights.join(", "))))
}

/// What in those steps of a job needs rights.
fn needs(pipeline: &Pipeline, job: &Job, counts: impl Fn(&Step) -> bool) -> Vec<Need> {
    let mut found: Vec<Need> = Vec::new();
    let mut known = Credentials { pushes: true, packages: false, of_gh: true };
    let mut see = |name: &str, scopes: &[&'static str], at: Span| {
        if found.iter().all(|(known, own, _)| known != name || own != scopes) {
            found.push((name.to_owned(), scopes.to_vec(), at));
        }
    };
    if let Some(call) = &job.call {
        let scopes = of_call(&call.workflow);
        if !scopes.is_empty() {
            see(&call.workflow, scopes, call.workflow.span());
        }
    }
    for (image, at) in pulled(job) {
        see(&image, packages::PULLS, at);
    }
    for step in job.each_step() {
        let mut nothing = |_: &str, _: &[&'static str], _: Span| {};
        if counts(step) { look(step, &mut known, &mut see) } else { look(step, &mut known, &mut nothing) }
    }
    if let Some((name, at)) = published_by_trust(pipeline, job) {
        see(&name, IDENTITY, at);
    }
    found
}

/// The images of a job's container and services that are pulled with its token.
fn pulled(job: &Job) -> Vec<(String, Span)> {
    let container = job.container.iter().map(|container| (container.name.clone(), &container.keys));
    let services = job.services.values().filter_map(|service| Some((service.keys.get("image")?.text()?, &service.keys)));
    let with_token = container.chain(services).filter(|(image, keys)| {
        let password = match keys.get("credentials").map(|value| &value.kind) {
            Some(ValueKind::Map(credentials)) => credentials.get("password").map(Value::spelled),
            _ => None,
        };
        password.is_some_and(|password| packages::is_pulled(image.as_str(), &password))
    });
    with_token.map(|(image, _)| (image.as_str().to_owned(), image.span())).collect()
}

/// All rights that these need, each once: who may write may read.
fn all_of(found: &[Need]) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    for scope in found.iter().flat_map(|(_, scopes, _)| scopes) {
        if !all.contains(scope) {
            all.push(scope);
        }
    }
    let written = all.clone();
    all.retain(|scope| scope.strip_suffix(": read").is_none_or(|scope| !written.contains(&scope)));
    all
}

fn shown(found: &[Need]) -> Vec<(String, String, Span)> {
    let text = |scopes: &[&'static str]| scopes.iter().map(|scope| right(scope)).collect::<Vec<_>>().join(", ");
    found.iter().map(|(name, scopes, at)| (name.clone(), text(scopes), *at)).collect()
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
