//! Images that are pushed to where nobody has logged in, images that are left in a builder, and layers that overwrite each other.

use crate::catalog::{actions, images};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0757_layers_overwritten::layers_overwritten;
use crate::diagnostics::codes::w0752_push_without_login::push_without_login;
use crate::diagnostics::codes::w0754_left_in_builder::left_in_builder;
use crate::hir::local::each_step;
use crate::hir::without::{first, is_on_githubs};
use crate::hir::{Job, Map, Pipeline, Step, StepKind, Value};

/// Looks at the first of each job.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        if is_on_githubs(pipeline, job) {
            diags.extend(without_login(pipeline, job));
        }
        diags.extend(in_builder(job));
        diags.extend(overwritten(job));
    }
}

fn without_login(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let (_, rows) = job.written_rows();
    let gives = |env: &Map| env.keys().any(|name| images::logs_in(name));
    let has_registry = job.services.values().any(|service| {
        let image = service.keys.get("image").map(Value::spelled).unwrap_or_default();
        image.contains("registry")
    });
    if has_registry || gives(&pipeline.defaults.env) || gives(&job.env) || rows.iter().any(|row| gives(&row.job.env)) {
        return None;
    }
    let logs_in = |step: &Step| match &step.kind {
        StepKind::Run(script) => images::logs_in(script) || gives(&step.env),
        StepKind::Uses { action, .. } => images::logs_in(actions::name(action)),
        _ => false,
    };
    let pushes = |step: &Step| match &step.kind {
        StepKind::Run(script) => images::pushed(script).map(|at| push_without_login(&script[at.clone()], script.source(at))),
        StepKind::Uses { action, with, .. } => {
            let input = |key: &str| with.get(key).map(Value::spelled).unwrap_or_default();
            images::pushed_by(action, input).then(|| push_without_login(action, action.span()))
        }
        _ => None,
    };
    first(job, logs_in, pushes).map(|(step, found)| step.origin.explain(found))
}

/// Two images whose layers go under the same name into GitHub's cache; what has a condition may be for a run of its own.
fn overwritten(job: &Job) -> Option<Diag> {
    let mut kept = job.steps.iter().filter(|step| step.when.is_none()).filter_map(|step| match &step.kind {
        StepKind::Uses { action, with, .. } if actions::name(action).eq_ignore_ascii_case("docker/build-push-action") => {
            let to = with.get("cache-to")?;
            let text = to.spelled();
            let what = ["context", "file", "target"].map(|key| with.get(key).map(Value::spelled));
            (text.contains("type=gha") && !text.contains("scope=")).then_some((step, what, to.origin.span))
        }
        _ => None,
    });
    let (_, first, at) = kept.next()?;
    let (step, _, second) = kept.find(|(_, what, _)| *what != first)?;
    Some(step.origin.explain(layers_overwritten(at, second)))
}

/// An image that Buildx keeps to itself, and a command that wants it.
fn in_builder(job: &Job) -> Option<Diag> {
    let mut has_driver = false;
    let mut built = Vec::new();
    let mut found = None;
    each_step(job, &mut |step| match &step.kind {
        StepKind::Uses { action, with, .. } if actions::name(action) == "docker/setup-buildx-action" => {
            has_driver = with.get("driver").is_none_or(|driver| driver.spelled() != "docker");
        }
        StepKind::Run(script) if found.is_none() => {
            let mut behind = 0;
            if let Some((at, tags)) = has_driver.then(|| images::left_in_builder(script)).flatten() {
                behind = at.end;
                let place = script.source(at);
                built.extend(tags.into_iter().map(|tag| (tag.to_owned(), place)));
            }
            let takes = |(tag, place): &(String, _)| {
                let at = images::taken(&script[behind..], tag)?;
                Some(left_in_builder(tag, *place, script.source(behind + at.start..behind + at.end)))
            };
            found = built.iter().find_map(takes).map(|diag| step.origin.explain(diag));
        }
        _ => {}
    });
    found
}
