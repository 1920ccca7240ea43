//! Artifacts of another run, and what runs the files in them.

use super::{Job, Pipeline, Step, StepKind, Value};
use crate::catalog::artifacts;
use crate::pattern::folder;
use crate::source::Span;

/// A step that runs files of another run.
pub(super) struct Runner<'a> {
    pub(super) step: &'a Step,
    /// What runs them.
    pub(super) run: Span,
    /// What downloaded them.
    pub(super) download: Span,
}

/// The first step of a job that runs what another run has made, of those that `may` be in such a run.
pub(super) fn run<'a>(pipeline: &Pipeline, job: &'a Job, may: impl Fn(&Step) -> bool) -> Option<Runner<'a>> {
    let of_all = job.dir.as_ref().or(pipeline.defaults.dir.as_ref());
    // Folders with such files.
    let mut unpacked: Vec<(String, Span)> = Vec::new();
    job.each_step().filter(|step| may(step)).find_map(|step| {
        let dir = step.dir.as_ref().or(of_all).map_or("", |dir| dir.as_str());
        let found = |run, download| Some(Runner { step, run, download });
        match &step.kind {
            StepKind::Run(script) => {
                let runs = |behind: usize, (from, download): &(String, Span)| {
                    let run = artifacts::run_by_script(script, behind, dir, from)?;
                    found(script.source(run), *download)
                };
                if let Some(runner) = unpacked.iter().find_map(|files| runs(0, files)) {
                    return Some(runner);
                }
                let (at, from) = artifacts::by_script(script, dir)?;
                let files = (from, script.source(at.clone()));
                let runner = runs(at.end, &files);
                unpacked.push(files);
                runner
            }
            StepKind::Checkout(with) | StepKind::Uses { with, .. } if step.fetches() => {
                // It sweeps away what was there.
                let into = with.get("path").map(|path| folder::plain(&path.spelled())).unwrap_or_default();
                unpacked.retain(|(from, _)| !folder::holds(&into, from));
                None
            }
            StepKind::Uses { action, with, .. } => {
                let run = unpacked.iter().find(|(from, _)| artifacts::run_by_action(action, from));
                let runner = run.and_then(|(_, download)| found(action.span(), *download));
                let input = |key: &str| with.get(key).map(Value::spelled).unwrap_or_default();
                unpacked.extend(artifacts::by_action(action, input).map(|from| (from, action.span())));
                runner
            }
            _ => None,
        }
    })
}
