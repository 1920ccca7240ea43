//! Secrets that more can see than need to.

use super::expressions::site_naming;
use crate::catalog::interface::Interface;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0721_all_secrets_passed::{all_secrets_passed, all_secrets_passed_here};
use crate::diagnostics::codes::w0723_password_in_spec::password_in_spec;
use crate::diagnostics::codes::w0726_all_secrets_at_once::all_secrets_at_once;
use crate::diagnostics::codes::w0727_part_of_secret::part_of_secret;
use crate::expr::{Expr, ExprKind};
use crate::hir::visit::{self, Site};
use crate::hir::{Job, Local, Map, Pipeline, Secrets, Value, ValueKind};
use crate::source::Span;

/// Looks at all that asks for secrets, and at the credentials of containers.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    visit::pipeline(pipeline, &mut |site| look(&site, diags));
    for job in pipeline.jobs.values() {
        visit::job(job, &mut |site| look(&site, diags));
        diags.extend(passwords(job).map(|at| job.origin.explain(password_in_spec(at))));
        if let Some(call) = job.call.as_ref().filter(|call| matches!(call.secrets, Some(Secrets::Inherit))) {
            let (workflow, at) = (call.workflow.as_str(), call.workflow.span());
            // What a workflow of the repository asks for is known, and may be what it is called for alone.
            let told = match pipeline.locals.get(workflow).and_then(Local::interface) {
                Some(Interface { secrets: Some(secrets), .. }) => all_secrets_passed_here(workflow, secrets.keys(), at),
                _ => all_secrets_passed(workflow, at),
            };
            diags.push(call.origin.explain(told));
        }
    }
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
