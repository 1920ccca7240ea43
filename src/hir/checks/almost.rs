//! Texts that are most likely meant as an expression: `env { TOKEN: secrets.TOKEN }`, `runner matrix.os`, `runner $RUNNER`.

use super::expressions::{file_scope, job_scope};
use crate::catalog::contexts::{self, Place};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0651_almost_a_hole::{ValueOf, almost_a_hole, shell_variable};
use crate::expr::scope::Scope;
use crate::expr::types::Type;
use crate::hir::Pipeline;
use crate::hir::visit::{self, Asks, Site};

/// Warns of values that are nothing but the name of something that only a run knows.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut look = |site: Site<'_>, scope: &Scope| {
        let (Asks::Text(text) | Asks::Whole(text)) = site.asks else { return };
        if text.len() > LONGEST || site.place.takes_no_expression() {
            return;
        }
        if names_a_value(text) || is_known(text, site.place, scope) {
            diags.push(site.origin.explain(almost_a_hole(text, text, text.span())));
        } else if let Some(name) = variable(text).filter(|_| WITHOUT_SHELL.contains(&site.place)) {
            let of = match site.place {
                place if [&contexts::ENV, &contexts::JOB_ENV, &contexts::STEP_ENV].contains(&place) => ValueOf::Variable,
                place if place == &contexts::JOB_OUTPUTS => ValueOf::Output,
                _ => ValueOf::Other,
            };
            diags.push(site.origin.explain(shell_variable(text, name, of, text.span())));
        }
    };
    let base = file_scope(pipeline);
    visit::pipeline(pipeline, &mut |site| look(site, &base));
    for job in pipeline.jobs.values() {
        let scope = job_scope(&base, job);
        visit::job(job, &mut |site| look(site, &scope));
    }
}

/// Longer texts are no names.
const LONGEST: usize = 200;

/// Places whose text no shell and no program ever sees as it is, and the variables that programs see as they are.
static WITHOUT_SHELL: &[&Place] = &[
    &contexts::RUN_NAME,
    &contexts::ENV,
    &contexts::CONCURRENCY,
    &contexts::FILE_RUNNER,
    &contexts::JOB_NAME,
    &contexts::RUNS_ON,
    &contexts::JOB_CONCURRENCY,
    &contexts::ENVIRONMENT,
    &contexts::ENVIRONMENT_URL,
    &contexts::JOB_ENV,
    &contexts::JOB_OUTPUTS,
    &contexts::CALL_OUTPUT,
    &contexts::STEP_NAME,
    &contexts::STEP_ENV,
];

fn is_name(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn is_capitals(part: &str) -> bool {
    is_name(part) && !part.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// `secrets.NAME` and `vars.NAME` in capitals, `needs.JOB.outputs.NAME`, `steps.ID.outputs.NAME`: no file is called so.
fn names_a_value(text: &str) -> bool {
    let mut parts = text.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("secrets" | "vars"), Some(name), None, ..) => is_capitals(name),
        (Some("needs" | "steps"), Some(id), Some("outputs"), Some(name), None) => is_name(id) && is_name(name),
        _ => false,
    }
}

/// A path that this file or GitHub has something at: `matrix.os` where there is such an axis, `github.ref`.
fn is_known(text: &str, place: &Place, scope: &Scope) -> bool {
    let mut parts = text.split('.');
    let context = parts.next().unwrap_or_default();
    let Some(shape) = scope.shape(context).filter(|_| place.contexts.contains(&context)) else { return false };
    let mut ty = shape;
    let mut depth = 0;
    for part in parts {
        let Type::Object(shape) = ty else { return false };
        // Its first name must be there for sure, since a context may hold anything.
        let found = if depth == 0 { shape.properties.get(part) } else { shape.get(part) };
        let Some(found) = found.filter(|_| is_name(part)) else { return *ty == Type::Any && depth > 0 };
        (ty, depth) = (found, depth + 1);
        if *ty == Type::Any {
            return true;
        }
    }
    depth > 0
}

/// The name in `$NAME` or `${NAME}`.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let name = name.strip_prefix('{').map_or(Some(name), |name| name.strip_suffix('}'))?;
    (is_capitals(name) && !name.contains('-') && !name.starts_with(|first: char| first.is_ascii_digit())).then_some(name)
}
