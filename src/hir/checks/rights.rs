//! What a job may do, and where, beyond what it needs.

use super::privileged::may_run;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0724_wide_permissions::{wide_scope, write_all};
use crate::diagnostics::codes::r0725_own_machine::own_machine;
use crate::diagnostics::codes::w0730_unsecure_commands::unsecure_commands;
use crate::expr::Expr;
use crate::expr::text::holes;
use crate::hir::machines::{machines, runners};
use crate::hir::{Job, Map, Permissions, Pipeline, Runner, Value, ValueKind};
use crate::source::Span;

/// Events that start what a pull request changes.
const OF_PULL_REQUESTS: [&str; 4] = ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"];

/// Looks at permissions, machines and switches.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let inherit: Vec<&Job> = pipeline.jobs.values().map(AsRef::as_ref).filter(|job| job.permissions.is_none()).collect();
    if let Some(Permissions::Scopes(scopes)) = &pipeline.defaults.permissions
        && inherit.len() > 1
    {
        let wide = scopes.iter().filter(|(_, right)| right.spelled() == "write");
        diags.extend(wide.map(|(scope, right)| wide_scope(scope, inherit.len(), right.origin.span)));
    }
    for job in pipeline.jobs.values() {
        // What the file says is told at the first job that it holds for.
        let first = inherit.first().is_some_and(|first| first.id == job.id);
        let of_file = pipeline.defaults.permissions.as_ref().filter(|_| first);
        if matches!(job.permissions.as_ref().or(of_file), Some(Permissions::WriteAll)) {
            diags.push(job.origin.explain(write_all(&job.id, job.origin.span)));
        }
        let event = pipeline.triggers.iter().map(|trigger| trigger.event.as_str());
        let event = event.filter(|event| OF_PULL_REQUESTS.contains(event)).find(|event| may_run(job.when.as_ref(), event));
        if let (Some(at), Some(event)) = (self_hosted(pipeline, job), event) {
            diags.push(job.origin.explain(own_machine(event, at)));
        }
    }
    let mut switches: Vec<Span> = unsecure(&pipeline.defaults.env).into_iter().collect();
    for job in pipeline.jobs.values() {
        switches.extend(unsecure(&job.env));
        switches.extend(job.each_step().filter_map(|step| unsecure(&step.env)));
    }
    diags.extend(switches.into_iter().map(unsecure_commands));
}

fn unsecure(env: &Map) -> Option<Span> {
    let value = env.get("ACTIONS_ALLOW_UNSECURE_COMMANDS")?;
    value.spelled().eq_ignore_ascii_case("true").then_some(value.origin.span)
}

/// Where it is written that a machine of a job is self-hosted, or of a group that may have such.
fn self_hosted(pipeline: &Pipeline, job: &Job) -> Option<Span> {
    let is_it = |label: &str| {
        let asked = || holes(label).into_iter().any(|(_, expr)| names(&expr));
        label == "self-hosted" || asked()
    };
    let all = || runners(pipeline, job).flatten();
    let labels = all().flat_map(|runner| machines(pipeline, job, runner)).flatten();
    labels.filter(|(label, _)| is_it(label)).map(|(_, at)| at).next().or_else(|| all().find_map(group))
}

/// Whether an expression has that label for one of its values.
fn names(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| found |= part.as_string() == Some("self-hosted"));
    found
}

/// Where a group is named without a label: GitHub's own machines have labels, and may be in one.
fn group(runner: &Runner) -> Option<Span> {
    let Runner::Data(Value { kind: ValueKind::Map(map), .. }) = runner else { return None };
    map.get("group").filter(|_| !map.contains_key("labels")).map(|group| group.origin.span)
}
