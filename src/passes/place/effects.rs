//! What it is known that a job does to its machine, and to files that others may look at.

use std::collections::BTreeSet;

use super::fuse::kind;
use crate::catalog::commands::{self, Kind};
use crate::catalog::{left_files, machine_state};
use crate::hir::scripts::shell_of;
use crate::hir::{Job, Step, StepKind};
use crate::map::IndexMap;
use crate::pattern::Pattern;
use crate::plan::Plan;
use crate::text::Text;

/// Whether it is known what a job does to its machine, and what it would notice there: by its commands, all of which are in the catalogue, or as it says what
/// it reads, and with that what it writes. `fuse on` says so of all jobs.
///
/// What is not known may look at everything, and leave anything behind: a lint by the name of `./check.sh` may be fooled by the file that a test left beside it,
/// and no table of what commands leave is ever complete.
pub(super) fn is_known(plan: &Plan, job: &Job) -> bool {
    !job.reads.is_empty() || plan.pipeline.optimize.is_on("fuse") || unknown(plan, job).is_none()
}

/// Whether it is known what a job leaves, if not what it looks at: it says what it writes.
pub(super) fn is_known_to_others(plan: &Plan, job: &Job) -> bool {
    !job.writes.is_empty() || is_known(plan, job)
}

/// The first of the commands of a job of which that is not known.
fn unknown<'p>(plan: &Plan, job: &'p Job) -> Option<&'p str> {
    let has_its_own = |step: &Step| shell_of(&plan.pipeline, job, step).is_some_and(|shell| !SHELLS.contains(&shell));
    job.steps.iter().find_map(|step| match &step.kind {
        StepKind::Run(script) => (has_its_own(step) || commands::find(script).is_none()).then(|| script.as_str()),
        _ => None,
    })
}

/// Shells in which a command that is in the catalogue is that command.
const SHELLS: &[&str] = &["bash", "cmd", "powershell", "pwsh", "sh"];

/// The script for which a job is alone on its machine, where that is all there is to it.
pub fn alone_for<'p>(plan: &'p Plan, job: &'p Job) -> Option<&'p str> {
    let optimize = &plan.pipeline.optimize;
    let may = !optimize.is_off("place") && !optimize.is_off("fuse") && !is_known_to_others(plan, job);
    unknown(plan, job).filter(|_| may && kind(plan, job).is_ok())
}

/// Jobs that come after the same others, and could share a machine if it was known what they do: those of each kind, by id, in their order.
pub fn could_share(plan: &Plan) -> Vec<Vec<&str>> {
    let mut all: IndexMap<(String, BTreeSet<&str>), Vec<&str>> = IndexMap::default();
    for (id, needs) in plan.works.keys().zip(plan.needs()) {
        let job = &plan.works[id].job;
        let Some(kind) = alone_for(plan, job).and_then(|_| kind(plan, job).ok()) else { continue };
        all.entry((kind, needs.into_iter().collect())).or_default().push(id);
    }
    all.into_values().filter(|jobs| jobs.len() > 1).collect()
}

/// Whether a job leaves files that it does not say that it `writes`. Under `fuse on`, what a variable names may be of these.
pub(super) fn leaves_unsaid(plan: &Plan, job: &Job) -> bool {
    let said = job.writes.iter().map(|writes| writes.pattern.as_str()).filter(|said| !said.starts_with('!'));
    let said: Vec<(&str, Pattern)> = said.map(|said| (said, Pattern::new(said))).collect();
    let is_said = |path: &str| {
        let holds = |text: &str| text.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        said.iter().any(|(text, pattern)| pattern.matches(path) || holds(text))
    };
    let may_be = |path: &str| !said.is_empty() && path.starts_with('$') && plan.pipeline.optimize.is_on("fuse");
    job.steps.iter().any(|step| {
        let StepKind::Run(script) = &step.kind else { return false };
        let dir = dir_of(plan, job, step);
        left_files::left(script).iter().any(|path| path.is_empty() || !may_be(path) && !is_said(&below(dir, path)))
    })
}

/// Where a command of a job runs.
fn dir_of<'p>(plan: &'p Plan, job: &'p Job, step: &'p Step) -> &'p str {
    step.dir.as_ref().or(job.dir.as_ref()).or(plan.pipeline.defaults.dir.as_ref()).map_or("", Text::as_str)
}

/// The folder in which all commands of a job run, from the root of the repository, which is empty; none where that is not one, or not known.
pub(super) fn folder_of(plan: &Plan, job: &Job) -> Option<String> {
    let commands = job.steps.iter().filter(|step| matches!(step.kind, StepKind::Run(_)));
    let mut all = commands.map(|step| below(dir_of(plan, job, step), ""));
    let first = all.next()?;
    (!first.contains('$') && all.all(|other| other == first)).then_some(first)
}

/// The files and folders that the commands of a job are told to write to, from the root of the repository.
pub(super) fn left_by<'p>(plan: &'p Plan, job: &'p Job) -> impl Iterator<Item = String> + 'p {
    job.steps.iter().flat_map(move |step| {
        let StepKind::Run(script) = &step.kind else { return Vec::new() };
        let dir = dir_of(plan, job, step);
        left_files::left(script).iter().map(|path| below(dir, path)).collect()
    })
}

/// A path that is told in a folder, from the root of the repository; one that a variable names as it is.
pub(super) fn below(dir: &str, path: &str) -> String {
    let root = ["$GITHUB_WORKSPACE/", "${GITHUB_WORKSPACE}/", "${{ github.workspace }}/"]
        .iter()
        .find_map(|root| path.strip_prefix(root));
    let path = match root {
        Some(path) => path.to_owned(),
        None if path.starts_with('$') => return path.to_owned(),
        None => format!("{dir}/{path}"),
    };
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
        match (name, names.last()) {
            ("..", Some(_)) => drop(names.pop()),
            _ => names.push(name),
        }
    }
    names.join("/")
}

/// Whether it is known what a job does to files that others may look at meanwhile: it says what it reads or writes, or all of its commands are known to write
/// nothing. What installs, or compiles into what others compile into, is not of that kind.
pub(super) fn has_known_effects(job: &Job) -> bool {
    let says = !job.reads.is_empty() || !job.writes.is_empty();
    // Of what is made beyond that, nothing is known but of commands that make nothing.
    let is_known = |known: &commands::Known| match known.kind {
        Kind::Lint => true,
        Kind::Test => says,
        Kind::Build | Kind::Publish => !job.writes.is_empty(),
        Kind::Install => false,
    };
    job.steps.iter().all(|step| match &step.kind {
        StepKind::Run(script) => {
            let each = commands::each(script.as_str()).all(|known| known.shares.is_none() && is_known(&known));
            let all = commands::find(script.as_str()).is_some() || says;
            each && all && machine_state::changes(script.as_str()).is_empty()
        }
        _ => says,
    })
}

/// What the commands of a job change on their machine: sorted, each once.
pub(super) fn machine_state(job: &Job) -> BTreeSet<String> {
    scripts(job).flat_map(machine_state::changes).collect()
}

/// The commands of a job.
pub(super) fn scripts(job: &Job) -> impl Iterator<Item = &str> {
    job.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Run(script) => Some(script.as_str()),
        _ => None,
    })
}

/// Whether a job is one command that may run beside others of its kind on its machine, as far as its files go. What may keep more than one processor busy, or
/// asks for memory or a disk, may not; nor may a test, which has a port and a folder for reports that the next test has too.
pub(super) fn may_run_beside(job: &Job) -> bool {
    let cores = job.resources.get("cpu").and_then(|cpu| cpu.spelled().parse::<f64>().ok()).unwrap_or(1.0);
    let is_one = matches!(job.steps.as_slice(), [Step { kind: StepKind::Run(_), .. }]);
    let asks = ["memory", "disk"].iter().any(|what| job.resources.contains_key(*what));
    let tests = scripts(job).flat_map(commands::each).any(|known| known.kind == Kind::Test);
    is_one && cores <= 1.0 && !asks && !tests
}
