//! Containers on machines that have none.

use std::collections::HashSet;

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0333_container_without_linux::container_without_linux;
use crate::expr::text::{sole_hole, split};
use crate::hir::{Job, Matrix, Pipeline, Runner, Value, ValueKind};
use crate::source::Span;
use crate::text::Text;

/// Looks at every container and service, and the machines that are written for it.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut seen = HashSet::new();
    for job in pipeline.jobs.values().filter(|job| job.call.is_none()) {
        let runner = job.runner.as_ref().or(pipeline.defaults.runner.as_ref());
        let rows = job.written_rows().1;
        // Every row has what the job has.
        let own: Vec<(String, Span)> = containers(job);
        let machines = rows.iter().filter_map(|row| row.job.runner.as_ref());
        let whole = runner.filter(|_| rows.is_empty() || rows.iter().any(|row| row.job.runner.is_none())).into_iter();
        let everywhere = whole.chain(machines).map(|runner| (runner, own.clone()));
        let by_row = rows.iter().filter_map(|row| Some((row.job.runner.as_ref().or(runner)?, containers(&row.job))));
        for (runner, found) in everywhere.chain(by_row) {
            let Some((label, machine)) = other_system(pipeline, job, runner) else { continue };
            for (what, at) in found.into_iter().filter(|(_, at)| seen.insert(*at)) {
                diags.push(job.origin.explain(container_without_linux(&what, at, &label, machine)));
            }
        }
    }
}

fn containers(job: &Job) -> Vec<(String, Span)> {
    let container = job.container.as_ref().filter(|container| !container.name.contains("${{"));
    let container = container.map(|container| (format!("the container `{}`", container.name.as_str()), container.origin.span));
    let services = job.services.iter().map(|(name, service)| (format!("the service `{name}`"), service.origin.span));
    container.into_iter().chain(services).collect()
}

/// A label of macOS or Windows that the job runs on, and where it is written; of a matrix, one among its values.
fn other_system(pipeline: &Pipeline, job: &Job, runner: &Runner) -> Option<(String, Span)> {
    match runner {
        Runner::Label(text) => match (pipeline.runners.get(text.as_str()), &job.matrix) {
            (Some(named), _) => {
                labels(&named.label).into_iter().find(|(label, _)| is_other(label)).map(|(label, _)| (label, text.span()))
            }
            (None, Some(Matrix::Axes { axes, .. })) if text.contains("${{") => {
                let values = labels(axes.get(&axis(text)?)?);
                values.into_iter().find(|(label, _)| is_other(label))
            }
            (None, _) => is_other(text).then(|| (text.as_str().to_owned(), text.span())),
        },
        Runner::Data(value) => labels(value).into_iter().find(|(label, _)| is_other(label)),
        Runner::Auto(_) => None,
    }
}

fn is_other(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    label.starts_with("macos") || label.starts_with("windows")
}

/// The axis in `${{ matrix.AXIS }}`.
fn axis(text: &Text) -> Option<String> {
    let pieces = split(text).value;
    match sole_hole(&pieces)?.as_path()?.as_slice() {
        [context, axis] if context == "matrix" => Some(axis.clone()),
        _ => None,
    }
}

fn labels(value: &Value) -> Vec<(String, Span)> {
    match &value.kind {
        ValueKind::List(items) => items.iter().flat_map(labels).collect(),
        ValueKind::Map(map) => map.get("labels").map(labels).unwrap_or_default(),
        _ => vec![(value.spelled(), value.origin.span)],
    }
}
