//! Secrets that more can see than need to.

use super::expressions::site_naming;
use super::privileged::may_run;
use crate::catalog::events::PRIVILEGED;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0721_all_secrets_passed::all_secrets_passed;
use crate::diagnostics::codes::w0723_password_in_spec::password_in_spec;
use crate::diagnostics::codes::w0726_all_secrets_at_once::all_secrets_at_once;
use crate::diagnostics::codes::w0727_part_of_secret::part_of_secret;
use crate::expr::{Expr, ExprKind};
use crate::hir::visit::{self, Site};
use crate::hir::{Job, Map, Pipeline, Secrets, Value, ValueKind};
use crate::source::Span;

/// Looks at all that asks for secrets, and at the credentials of containers.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    visit::pipeline(pipeline, &mut |site| look(&site, diags));
    for job in pipeline.jobs.values() {
        visit::job(job, &mut |site| look(&site, diags));
        diags.extend(passwords(job).map(|at| job.origin.explain(password_in_spec(at))));
        // A workflow of the repository itself is reviewed with what calls it; in runs that strangers start, that is not enough.
        if let Some(call) = job.call.as_ref().filter(|call| matches!(call.secrets, Some(Secrets::Inherit)))
            && (is_foreign(&call.workflow) || is_privileged(pipeline, job))
        {
            diags.push(call.origin.explain(all_secrets_passed(&call.workflow, call.workflow.span())));
        }
    }
}

fn is_foreign(workflow: &str) -> bool {
    !["./", "$/"].iter().any(|own| workflow.starts_with(own))
}

/// Whether strangers may start a job in a run that has the rights of the repository.
fn is_privileged(pipeline: &Pipeline, job: &Job) -> bool {
    let mut events = pipeline.triggers.iter().map(|trigger| trigger.event.as_str());
    events.any(|event| PRIVILEGED.contains(&event) && may_run(job.when.as_ref(), event))
}

fn look(site: &Site<'_>, diags: &mut Vec<Diag>) {
    let mut see = |expr: &Expr, at: Span| {
        expr.walk(&mut |part| {
            if asks_for_all(part) {
                diags.push(site.origin.explain(all_secrets_at_once(&part.to_string(), at)));
            } else if takes_apart(part) {
                diags.push(site.origin.explain(part_of_secret(&part.to_string(), at)));
            }
        });
    };
    site_naming("secrets", site, &mut see);
}

fn is_secrets(expr: &Expr) -> bool {
    expr.as_path().is_some_and(|path| path == ["secrets"])
}

/// `toJSON(secrets)`, `secrets[matrix.name]`, `secrets.*`
fn asks_for_all(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(name, args) => name.eq_ignore_ascii_case("toJSON") && args.iter().any(is_secrets),
        ExprKind::Index(base, index) => is_secrets(base) && index.as_string().is_none(),
        ExprKind::Star(base) => is_secrets(base),
        _ => false,
    }
}

/// `fromJSON(secrets.NAME)`
fn takes_apart(expr: &Expr) -> bool {
    let one = |arg: &Expr| arg.as_path().is_some_and(|path| path.len() > 1 && path[0] == "secrets");
    matches!(&expr.kind, ExprKind::Call(name, args) if name.eq_ignore_ascii_case("fromJSON") && args.iter().any(one))
}

/// Where passwords of registries are written.
fn passwords(job: &Job) -> impl Iterator<Item = Span> {
    let keys = job.container.iter().map(|container| &container.keys).chain(job.services.values().map(|service| &service.keys));
    keys.filter_map(|keys: &Map| match &keys.get("credentials")?.kind {
        ValueKind::Map(credentials) => credentials.get("password"),
        _ => None,
    })
    .filter(|password: &&Value| !password.spelled().is_empty() && !password.spelled().contains("${{"))
    .map(|password| password.origin.span)
}
