//! Machines that do not have what a job asks for with `resources`.

use crate::catalog::runners::{self, Kind};
use crate::cost::auto;
use crate::cost::machine::{Machine, Resources, Visibility, of_runner, visibility_of};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0348_too_small::{Larger, no_machine, too_small};
use crate::hir::machines::{machines, runners};
use crate::hir::{Job, Pipeline, Runner, Value};
use crate::source::Span;

/// Looks at each job that asks for something, and at each machine that it names.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let visibility = visibility_of(pipeline);
    for job in pipeline.jobs.values() {
        let asked = Resources::of(job);
        let Some((_, first)) = job.resources.first().filter(|_| asked != Resources::default() && job.call.is_none()) else {
            continue;
        };
        for runner in runners(pipeline, job) {
            let said = match runner {
                Some(Runner::Auto(wishes)) => chosen(pipeline, job, wishes, visibility, first),
                _ => named(pipeline, job, runner, visibility).into_iter().find_map(|(machine, at)| {
                    let (has, wanted) = machine.has.lacks(asked)?;
                    let is_enough = |public: &Machine| public.has.hold(asked) == Some(true);
                    let public = named(pipeline, job, runner, Visibility::Public).iter().any(|(public, _)| {
                        visibility == Visibility::Private && public.label == machine.label && is_enough(public)
                    });
                    let larger = if public { Larger::InPublic } else { larger(&machine.os, &machine.arch, asked) };
                    Some(too_small(&job.id, &machine.label, (&has, &wanted), &larger, first.origin.span, at))
                }),
            };
            diags.extend(said.map(|said| job.origin.explain(said)));
        }
    }
}

/// Whether it is not known what one of the machines of a job has.
pub(super) fn is_unknown(pipeline: &Pipeline, job: &Job) -> bool {
    let visibility = visibility_of(pipeline);
    let is_unknown = |machine: &Machine| machine.has.hold(Resources::of(job)).is_none();
    runners(pipeline, job).filter(|runner| !matches!(runner, Some(Runner::Auto(_)))).any(|runner| {
        let all = named(pipeline, job, runner, visibility);
        all.is_empty() || all.iter().any(|(machine, _)| is_unknown(machine))
    })
}

/// What is said where no machine has what is asked for.
fn chosen(pipeline: &Pipeline, job: &Job, wishes: &crate::hir::Map, visibility: Visibility, first: &Value) -> Option<Diag> {
    let all = auto::machines(pipeline, wishes, visibility);
    if all.iter().any(|machine| auto::may_run(pipeline, job, wishes, machine)) {
        return None;
    }
    let asked = Resources::of(job);
    let size = |machine: &Machine| (machine.has.cpu.unwrap_or_default(), machine.has.memory.unwrap_or_default());
    // Of those that are too small, and for no other reason.
    let small = all
        .iter()
        .filter(|machine| auto::is_of_arch(wishes, machine))
        .filter_map(|machine| Some((machine, machine.has.lacks(asked)?)));
    let (largest, (has, wanted)) =
        small.max_by(|one, other| size(one.0).partial_cmp(&size(other.0)).unwrap_or(std::cmp::Ordering::Equal))?;
    let larger = larger(&largest.os, &largest.arch, asked);
    Some(no_machine(&job.id, &largest.label, (&has, &wanted), &larger, first.origin.span))
}

/// The machines that a runner names, each with its place, as far as they are written.
fn named(pipeline: &Pipeline, job: &Job, runner: Option<&Runner>, visibility: Visibility) -> Vec<(Machine, Span)> {
    match runner {
        Some(Runner::Label(label)) if label.contains("${{") => {
            let all = machines(pipeline, job, &Runner::Label(label.clone())).into_iter().flatten();
            all.filter_map(|(label, at)| Some((Machine::of(runners::find(&label)?, visibility), at))).collect()
        }
        Some(runner @ Runner::Label(label)) => vec![(of_runner(pipeline, job, runner, visibility), label.span())],
        Some(runner @ Runner::Data(value)) => vec![(of_runner(pipeline, job, runner, visibility), value.origin.span)],
        Some(Runner::Auto(_)) => Vec::new(),
        None => {
            runners::find("ubuntu-latest").map(|usual| (Machine::of(usual, visibility), job.origin.span)).into_iter().collect()
        }
    }
}

/// GitHub's least larger machine that has what is asked for.
fn larger(os: &str, arch: &str, asked: Resources) -> Larger {
    let (os, arch) = (if os.is_empty() { "linux" } else { os }, if arch.is_empty() { "x64" } else { arch });
    let fits = |runner: &&runners::Runner| {
        let is_it = runner.kind == Kind::Larger && runner.os == os && runner.arch == arch;
        is_it && Machine::of(runner, Visibility::Private).has.hold(asked) == Some(true)
    };
    let least = runners::ALL.iter().filter(fits).min_by_key(|runner| (runner.shape.cores, runner.label.is_empty()));
    least.map_or(Larger::None, |runner| Larger::Cores(runner.shape.cores))
}
