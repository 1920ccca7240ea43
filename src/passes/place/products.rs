//! What jobs leave for runners of tests that find their files by themselves.

use std::collections::BTreeSet;

use super::clash::kept;
use super::effects::{below, folder_of, left_by, scripts};
use crate::catalog::collectors::{Collector, collectors};
use crate::catalog::commands::{self, Kind};
use crate::hir::{Job, StepKind};
use crate::map::IndexMap;
use crate::pattern::Pattern;
use crate::plan::Plan;

/// What one job leaves.
struct Product {
    /// Which job, by number.
    job: usize,
    /// Whether it is a bundler's or a compiler's of JavaScript: code of the project, its tests with it.
    is_built: bool,
    /// Whether something else may have made it.
    is_generated: bool,
    /// Where it is, as far as that is known.
    paths: Vec<String>,
    /// The folder that all its commands run in; empty for the root.
    folder: String,
}

/// The products of all jobs that have some.
pub(super) struct Products {
    all: Vec<Product>,
    /// What was asked before, by the runner's place in memory and its folder.
    known: IndexMap<(usize, String), BTreeSet<usize>>,
}

impl Products {
    pub(super) fn new(plan: &Plan) -> Self {
        let all = plan.works.values().enumerate().filter_map(|(at, work)| product(plan, at, &work.job));
        Self { all: all.collect(), known: IndexMap::default() }
    }

    /// The jobs of whose products a job would run tests.
    pub(super) fn run_by(&mut self, plan: &Plan, job: &Job) -> BTreeSet<usize> {
        let mut run = BTreeSet::new();
        if self.all.is_empty() {
            return run;
        }
        let here = folder_of(plan, job).unwrap_or_default();
        for (collector, package) in scripts(job).flat_map(collectors) {
            let key = (std::ptr::from_ref(collector) as usize, below(&here, &package));
            if !self.known.contains_key(&key) {
                let found = self.all.iter().filter(|product| is_run(collector, &key.1, product)).map(|product| product.job);
                self.known.insert(key.clone(), found.collect());
            }
            run.extend(self.known.get(&key).into_iter().flatten());
        }
        run
    }
}

/// Builds of archives and pages, in which no tests are that others run.
const OTHERS: &[&str] = &["mkdocs build", "poetry build", "uv build"];

/// What a job leaves; none where that is known to have no tests in it: reports are what tests leave.
fn product(plan: &Plan, at: usize, job: &Job) -> Option<Product> {
    let builds = |known: commands::Known| {
        known.kind == Kind::Build && matches!(known.shares, None | Some("turbo")) && !OTHERS.contains(&known.name.as_str())
    };
    let is_built = scripts(job).flat_map(commands::each).any(builds);
    let is_known = job.steps.iter().all(|step| match &step.kind {
        StepKind::Run(script) => commands::find(script.as_str()).is_some(),
        _ => false,
    });
    if is_known && !is_built {
        return None;
    }
    let said = job.writes.iter().map(|writes| writes.pattern.to_string()).filter(|path| !path.starts_with('!'));
    let paths: Vec<String> =
        said.chain(kept(job)).chain(left_by(plan, job).flat_map(|path| [format!("{path}/**"), path])).collect();
    let folder = folder_of(plan, job).unwrap_or_default();
    (is_built || !paths.is_empty()).then_some(Product { job: at, is_built, is_generated: !is_known, paths, folder })
}

/// Whether a runner of tests in a folder would run some of what a job left.
fn is_run(collector: &Collector, folder: &str, product: &Product) -> bool {
    if !(product.is_built && collector.of_builds || product.is_generated) {
        return false;
    }
    let is_within = |one: &str, other: &str| other.is_empty() || one == other || one.starts_with(&format!("{other}/"));
    // Where a build puts what it makes, nobody says.
    if product.paths.is_empty() {
        return is_within(&product.folder, folder) || is_within(folder, &product.folder);
    }
    let below =
        |pattern: &&str| Pattern::new(&if folder.is_empty() { (*pattern).to_owned() } else { format!("{folder}/{pattern}") });
    let files: Vec<Pattern> = collector.files.iter().map(below).collect();
    // What has an ending, and no `/` behind it, is a file.
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.bytes().rposition(|byte| byte == b'.').is_some_and(|at| at > 0) && Pattern::new(path).is_plain()
    };
    let mut left = product.paths.iter().filter(|path| !collector.is_left_out(path));
    left.any(|path| {
        let own = Pattern::new(path);
        files.iter().any(|file| if is_file(path) { file.matches(path.trim_start_matches("./")) } else { file.meets(&own, []) })
    })
}
