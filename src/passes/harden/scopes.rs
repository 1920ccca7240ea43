//! What the token may no longer do, once it may only read.

use crate::catalog::scopes::{IDENTITY, of_action, of_script, packages, right};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0737_cannot_read::cannot_read;
use crate::diagnostics::codes::w0734_needs_permission::needs_permission;
use crate::diagnostics::codes::w0735_no_credentials::no_credentials;
use crate::expr::text::holes;
use crate::hir::{Job, Map, Permissions, Pipeline, Step, StepKind, Value};
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
    let mut known = Credentials { pushes: true, packages: false };
    for step in job.each_step() {
        look(step, &mut known, &mut |name, scopes, at| {
            let text = scopes.iter().map(|scope| right(scope)).collect::<Vec<_>>().join(", ");
            if found.iter().all(|(known, ..)| known != name) {
                found.push((name.to_owned(), text, at));
            }
            scopes.iter().for_each(|scope| {
                if !all.contains(scope) {
                    all.push(scope);
                }
            });
        });
    }
    // Who may write may read.
    let is_needed = |scope: &&&str| scope.strip_suffix(": read").is_none_or(|written| !all.contains(&written));
    let rights = all.iter().filter(is_needed).map(|scope| right(scope));
    let read = (!all.contains(&"contents")).then(|| "contents: read".to_owned());
    let rights: Vec<String> = read.into_iter().chain(rights).collect();
    (!found.is_empty()).then(|| job.origin.explain(needs_permission(&found, &rights.join(", "))))
}

/// A push of a job whose checkout keeps no credentials, as none does that says nothing of them.
pub(super) fn push_without_credentials(job: &Job) -> Option<Diag> {
    let mut keeps = false;
    for step in job.each_step() {
        match &step.kind {
            StepKind::Checkout(with) => keeps = KEPT_BY.iter().any(|key| with.contains_key(*key)),
            // What stands there is the author's alone, and GitHub's action keeps them.
            StepKind::Uses { with, .. } if step.fetches() => {
                keeps = with.get("persist-credentials").is_none_or(|value| value.spelled() != "false");
            }
            StepKind::Run(script) if !keeps && script.contains("push") && !GIVEN_BY.iter().any(|word| script.contains(word)) => {
                let push = of_script(script).into_iter().find(|(range, _)| is_push(&script.as_str()[range.clone()]));
                if let Some((range, _)) = push {
                    return Some(job.origin.explain(no_credentials(script.source(range))));
                }
            }
            _ => {}
        }
    }
    None
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

/// Inputs of a checkout that say which credentials it keeps.
const KEPT_BY: [&str; 3] = ["persist-credentials", "token", "ssh-key"];
/// Words of a script that gives git credentials of its own.
const GIVEN_BY: [&str; 5] = ["x-access-token", "set-url", "setup-git", "extraheader", "credential"];

/// What is done with the token of the job after a step.
struct Credentials {
    /// What was checked out last is pushed with it.
    pushes: bool,
    /// GitHub's registry of packages was told it.
    packages: bool,
}

fn look(step: &Step, known: &mut Credentials, see: &mut impl FnMut(&str, &[&'static str], Span)) {
    match &step.kind {
        StepKind::Checkout(with) => known.pushes = !has_token(with),
        StepKind::Uses { action, with, .. } => {
            if step.fetches() {
                known.pushes = !has_token(with);
            }
            let input = |name: &str| with.get(name).map(Value::spelled).unwrap_or_default();
            if packages::logs_in(action, &input("registry")) {
                known.packages = !has_token(with);
            }
            let pushes_image = known.packages && packages::pushes(action, &input("push"), &input("tags"));
            let scopes = if pushes_image { packages::SCOPES } else { of_action(action, input) };
            if !scopes.is_empty() && !has_token(with) && !has_token(&step.env) {
                see(action, scopes, action.span());
            }
        }
        StepKind::Run(script) => {
            let has_own = has_token(&step.env);
            for (range, scopes) in of_script(script) {
                let name = &script.as_str()[range.clone()];
                // An identity is no token's: that of the index does not replace it.
                if (known.pushes || !is_push(name)) && (!has_own || scopes == IDENTITY) {
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

/// Whether a token is given that is not the one of the job: a key that names one, with a value of some other place.
fn has_token(values: &Map) -> bool {
    let is_other = |path: &Vec<String>| !matches!(path.join(".").as_str(), "github.token" | "secrets.github_token");
    values.iter().any(|(key, value)| {
        let key = key.to_ascii_lowercase();
        let names = ["token", "ssh-key", "ssh_key", "deploy_key", "app-id", "password"].iter().any(|name| key.contains(name));
        let text = value.spelled();
        names && holes(&text).iter().any(|(_, expr)| expr.paths().iter().any(is_other))
    })
}
