//! In what files travel from one machine to another: in an artifact, which always will do, or in a cache.
//!
//! Artifacts are few gigabytes for all repositories of an account, and are paid for beyond that, or end all runs (actions/upload-artifact#307); caches are
//! ten gigabytes for each, and the oldest make room (github/docs actions-included-quotas.md at 051718f2, dependency-caching.md at 6a4a926b). But not all
//! machines find the caches of all others, and whoever can run code may write one.

use std::collections::HashMap;

use crate::catalog::runners::{self, Kind};
use crate::cost::machine::{of_task, visibility};
use crate::hir::Carrier;
use crate::hir::runs::Runs;
use crate::map::IndexMap;
use crate::plan::{Plan, Task};

/// What was to travel in a cache, by writer and path: nothing where it does, or why it cannot.
#[derive(Debug, Default)]
pub(super) struct Cached(HashMap<(String, String), Option<String>>);

impl Cached {
    /// As the spec says it, or else as it was chosen.
    pub(super) fn of(plan: &Plan) -> Self {
        let carrier = plan.pipeline.optimize.carrier();
        if carrier == Some(Carrier::Artifact) {
            return Self::default();
        }
        let is_asked = |from: &str, path: &str| {
            let chosen = || plan.works.get(from).is_some_and(|work| work.cached.iter().any(|cached| cached == path));
            carrier == Some(Carrier::Cache) || chosen()
        };
        let asked = handed(plan).into_iter().filter(|((from, path), _)| is_asked(from, path)).collect::<Vec<_>>();
        if asked.is_empty() {
            return Self::default();
        }
        let places = Places::of(plan);
        let why_not = |((from, path), readers): ((&str, &str), Vec<&str>)| {
            ((from.to_owned(), path.to_owned()), places.why_not(from, &readers))
        };
        Self(asked.into_iter().map(why_not).collect())
    }

    /// Whether a path of a writer travels in a cache.
    pub(super) fn contains(&self, from: &str, path: &str) -> bool {
        self.0.get(&(from.to_owned(), path.to_owned())).is_some_and(Option::is_none)
    }

    /// Why it does not though it was to.
    pub(super) fn why_not(&self, from: &str, path: &str) -> Option<&str> {
        self.0.get(&(from.to_owned(), path.to_owned()))?.as_deref()
    }
}

/// Each path that a writer hands over, with those that read it.
fn handed(plan: &Plan) -> IndexMap<(&str, &str), Vec<&str>> {
    let id = |place: usize| plan.works.get_index(place).map_or("", |(id, _)| id.as_str());
    let mut all: IndexMap<(&str, &str), Vec<&str>> = IndexMap::default();
    for (from, to, path) in plan.handed() {
        all.entry((id(from), path)).or_default().push(id(to));
    }
    all
}

/// Where jobs run, as far as that tells which caches they find.
struct Places<'p> {
    plan: &'p Plan,
    runs: Runs,
    tasks: IndexMap<&'p str, Vec<&'p Task>>,
}

impl<'p> Places<'p> {
    fn of(plan: &'p Plan) -> Self {
        let mut tasks: IndexMap<&str, Vec<&Task>> = IndexMap::default();
        plan.tasks.iter().for_each(|task| tasks.entry(task.work.as_str()).or_default().push(task));
        Self { plan, runs: Runs::of(&plan.pipeline), tasks }
    }

    /// Why what a job writes for others cannot travel in a cache.
    fn why_not(&self, from: &str, readers: &[&str]) -> Option<String> {
        if self.plan.pipeline.is_called() {
            return Some("a run that calls the workflow twice has one cache for both".to_owned());
        }
        if self.runs.trusted.is_some() {
            return Some("no run that releases may trust a cache".to_owned());
        }
        if self.plan.works.get(from).is_some_and(|work| work.job.has_rows()) {
            return Some(format!("each row of `{from}` sends its own"));
        }
        let mut systems: Vec<&str> = Vec::new();
        for id in [from].iter().chain(readers) {
            match self.system(id) {
                Ok(system) => systems.push(system),
                Err(why) => return Some(why),
            }
        }
        let differ = systems.iter().any(|system| *system != systems[0]);
        differ.then(|| "caches of one system are not found on another".to_owned())
    }

    /// The system of a job that finds GitHub's caches and packs them as others do.
    ///
    /// The version of a cache is that of its paths and of what packs it (`getCacheVersion` of actions/toolkit): Windows' are others, and an image without
    /// `zstd` finds none of a machine with it. Other vendors' machines have other caches.
    fn system(&self, id: &str) -> Result<&'static str, String> {
        let Some(work) = self.plan.works.get(id) else { return Err(String::new()) };
        if let Some(why) = self.runs.untrusted(&work.job) {
            return Err(format!("`{id}` may trust none: {why}"));
        }
        if work.job.container.is_some() {
            return Err(format!("`{id}` runs in a container"));
        }
        let mut system = None;
        for task in self.tasks.get(id).into_iter().flatten() {
            let machine = of_task(self.plan, &work.job, task, visibility(self.plan));
            match runners::find(&machine.label).filter(|runner| !matches!(runner.kind, Kind::Other(_))) {
                Some(runner) if system.is_none_or(|system| system == runner.os) => system = Some(runner.os),
                Some(_) => return Err(format!("`{id}` runs on several systems")),
                None => return Err(format!("`{}` may have caches of its own", machine.label)),
            }
        }
        system.ok_or_else(|| format!("the machine of `{id}` is not known before it runs"))
    }
}
