//! The labels of the machines that jobs run on, as far as they are written.

use super::{Job, Matrix, Pipeline, Runner, Value, ValueKind};
use crate::catalog;
use crate::catalog::runners::{hosted, offered};
use crate::expr::text::holes;
use crate::source::Span;

/// The labels that one machine has together, each with its place. What only the run knows is the text that asks for it.
pub(crate) type Labels = Vec<(String, Span)>;

/// The machines that a runner may mean: one, or one for each value of an axis that it asks for. `runner auto` means none in
/// particular, but where it asks for another system than Linux.
pub(crate) fn machines(pipeline: &Pipeline, job: &Job, runner: &Runner) -> Vec<Labels> {
    match runner {
        Runner::Label(label) => match (pipeline.runners.get(label.as_str()), axis(label).and_then(|axis| values(job, &axis))) {
            (Some(named), _) => {
                vec![labels(&named.label).into_iter().map(|(name, _)| (name, label.span())).collect()]
            }
            (None, Some(values)) => values.into_iter().map(labels).collect(),
            (None, None) => vec![vec![(label.as_str().to_owned(), label.span())]],
        },
        Runner::Data(value) => vec![labels(value)],
        Runner::Auto(wishes) => {
            let other = wishes.get("os").filter(|os| os.spelled() != "linux");
            let usual = |os: &Value| Some(vec![(offered(&os.spelled()).next()?.label.to_owned(), os.origin.span)]);
            other.and_then(usual).into_iter().collect()
        }
    }
}

/// The system of a machine by its labels, as `runner.os` has it. Of labels that name none, or several, it is not known.
pub(crate) fn system(labels: &Labels) -> Option<&'static str> {
    let says = |word: &str| labels.iter().any(|(label, _)| label.to_ascii_lowercase().contains(word));
    match (says("ubuntu") || says("linux"), says("macos"), says("windows")) {
        _ if says("${{") => None,
        (true, false, false) => Some("Linux"),
        (false, true, false) => Some("macOS"),
        (false, false, true) => Some("Windows"),
        _ => None,
    }
}

/// The systems of the machines that a job may run on; none for one that is not known.
pub(crate) fn systems(pipeline: &Pipeline, job: &Job) -> Vec<Option<&'static str>> {
    let rows = job.written_rows().1;
    let of_rows = rows.iter().filter_map(|row| row.job.runner.as_ref());
    let is_whole = rows.is_empty() || rows.iter().any(|row| row.job.runner.is_none());
    let own = is_whole.then(|| job.runner.as_ref().or(pipeline.defaults.runner.as_ref()));
    let all = own.into_iter().chain(of_rows.map(Some));
    all.flat_map(|runner| match runner.map(|runner| machines(pipeline, job, runner)) {
        None => vec![Some("Linux")],
        Some(machines) => machines.iter().map(system).collect(),
    })
    .collect()
}

/// The runners of a job: its own or the file's, and those of its rows. None stands for the default one.
pub(crate) fn runners<'a>(pipeline: &'a Pipeline, job: &'a Job) -> impl Iterator<Item = Option<&'a Runner>> {
    let own = job.runner.as_ref().or(pipeline.defaults.runner.as_ref());
    let rows = job.written_rows().1.iter().filter_map(|row| row.job.runner.as_ref());
    std::iter::once(own).chain(rows.map(Some))
}

/// After how many minutes GitHub ends a job, on the one of its machines where that is soonest and on the one where it is last. None where not all of them are
/// GitHub's, as far as their labels tell.
pub(crate) fn limits(pipeline: &Pipeline, job: &Job) -> Option<(u64, u64)> {
    let hosted = |labels: Labels| match &labels[..] {
        [(label, _)] => hosted(label).map(catalog::runners::Runner::longest),
        _ => None,
    };
    let all = runners(pipeline, job).flatten().flat_map(|runner| machines(pipeline, job, runner));
    let all: Vec<u64> = all.map(hosted).collect::<Option<_>>()?;
    let least = all.iter().copied().min().unwrap_or(USUAL_LIMIT);
    Some((least.min(USUAL_LIMIT), all.into_iter().max().unwrap_or(USUAL_LIMIT)))
}

/// After so many minutes GitHub ends a job on its usual machine.
const USUAL_LIMIT: u64 = 360;

/// The values of an axis, where all are written.
pub(crate) fn values<'a>(job: &'a Job, axis: &str) -> Option<Vec<&'a Value>> {
    match job.matrix.as_ref()? {
        Matrix::Axes { axes, include, .. } => {
            let added = |value: &'a Value| match &value.kind {
                ValueKind::Map(map) => map.get(axis),
                _ => None,
            };
            let ValueKind::List(items) = &axes.get(axis)?.kind else { return None };
            Some(items.iter().chain(include.iter().filter_map(added)).collect())
        }
        Matrix::Rows { axis: name, rows, .. } => (name == axis).then(|| rows.iter().map(|row| &row.value).collect()),
        Matrix::Expr(_) => None,
    }
}

/// The axis of `${{ matrix.AXIS }}`, where a text is that and nothing else.
pub(crate) fn axis(text: &str) -> Option<String> {
    let holes = holes(text);
    let [(span, expr)] = holes.as_slice() else { return None };
    match expr.as_path()?.as_slice() {
        [context, axis] if context == "matrix" && span.len() as usize == text.trim().len() => Some(axis.clone()),
        _ => None,
    }
}

fn labels(value: &Value) -> Labels {
    match &value.kind {
        ValueKind::List(items) => items.iter().flat_map(labels).collect(),
        ValueKind::Map(map) => map.get("labels").map(labels).unwrap_or_default(),
        _ => vec![(value.spelled(), value.origin.span)],
    }
}
