//! In what files travel from one machine to another: in an artifact, which always will do, or in a cache.
//!
//! Artifacts are few gigabytes for all repositories of an account, and are paid for beyond that, or end all runs (actions/upload-artifact#307); caches are
//! ten gigabytes for each, and the oldest make room (github/docs actions-included-quotas.md at 051718f2, dependency-caching.md at 6a4a926b). But not all
//! machines find the caches of all others, and whoever can run code may write one.

use std::collections::HashMap;

use super::archive::blanked;
use super::handover::Approvals;
use crate::catalog::events::SAVES_CACHES;
use crate::catalog::runners::{self, Kind};
use crate::cost::auto;
use crate::hir::machines::{machines, runners};
use crate::hir::runs::Runs;
use crate::hir::{Carrier, Job, Keep, Pipeline, Runner, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::Plan;
use crate::text::Text;

/// What a step is called that sends a path in a cache: by that it is known what was measured of it.
pub(crate) fn sends(path: &str) -> String {
    format!("Send {} in a cache", blanked(path))
}

/// And one that receives it.
pub(crate) fn receives(path: &str) -> String {
    format!("Receive {} from a cache", blanked(path))
}

/// And one that keeps files for people, on whichever machine.
pub(crate) fn keeps(keep: &Keep) -> String {
    let paths = || keep.paths.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
    format!("Keep {}", keep.name.as_ref().map_or_else(paths, |name| name.as_str().to_owned()))
}

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
    /// Why a job may trust no cache; by place.
    untrusted: Vec<Option<String>>,
    /// A job that may trust none, of that job and all that is made of what it writes; by place.
    untrusting: Vec<Option<usize>>,
    /// Some runs may trust none.
    some_release: bool,
    /// Who may have to wait for a person.
    approvals: Approvals<'p>,
}

impl<'p> Places<'p> {
    fn of(plan: &'p Plan) -> Self {
        let runs = Runs::of(&plan.pipeline);
        let untrusted: Vec<Option<String>> = plan.works.values().map(|work| runs.untrusted(&work.job)).collect();
        let mut untrusting: Vec<Option<usize>> = (0..untrusted.len()).map(|at| untrusted[at].as_ref().map(|_| at)).collect();
        // Who reads stands behind who writes.
        for (from, to, _) in plan.handed().into_iter().rev() {
            untrusting[from] = untrusting[from].or(untrusting[to]);
        }
        Self { plan, untrusted, untrusting, some_release: runs.some_release, approvals: Approvals::of(plan) }
    }

    /// Why what a job writes for others cannot travel in a cache.
    fn why_not(&self, from: &str, readers: &[&str]) -> Option<String> {
        let pipeline = &self.plan.pipeline;
        if pipeline.is_called() {
            return Some("a run that calls the workflow twice has one cache for both".to_owned());
        }
        let mut events = pipeline.triggers.iter().map(|trigger| trigger.event.as_str());
        if let Some(event) = events.find(|event| !SAVES_CACHES.contains(event)) {
            return Some(format!("runs of `{event}` may not save, or not trust one"));
        }
        if self.some_release {
            return Some("no run that releases may trust one".to_owned());
        }
        if self.plan.works.get(from).is_some_and(|work| work.job.has_rows()) {
            return Some(format!("each row of `{from}` sends its own"));
        }
        if let Some(reader) = readers.iter().find(|reader| self.approvals.are_between(from, reader)) {
            return Some(format!("`{reader}` may have to wait for an approval for longer than caches are kept"));
        }
        let mut systems: Vec<&str> = Vec::new();
        for id in [from].iter().chain(readers) {
            match self.system(id) {
                Ok(system) => systems.push(system),
                Err(why) => return Some(why),
            }
        }
        if systems.iter().any(|system| *system != systems[0]) {
            return Some("those of one system are not found on another".to_owned());
        }
        let later = readers.iter().find_map(|id| self.untrusting[self.plan.works.get_index_of(*id)?])?;
        let (id, why) = (self.plan.works.get_index(later)?.0, self.untrusted[later].as_deref()?);
        Some(format!("`{id}`, which is made of it, may trust none: {why}"))
    }

    /// The system of a job that finds GitHub's caches and packs them as others do.
    ///
    /// The version of a cache is that of its paths and of what packs it (`getCacheVersion` of actions/toolkit): Windows' are others, and an image without
    /// `zstd` finds none of a machine with it. Other vendors' machines have other caches.
    fn system(&self, id: &str) -> Result<&'static str, String> {
        let Some((at, _, work)) = self.plan.works.get_full(id) else { return Err(String::new()) };
        let (pipeline, job) = (&self.plan.pipeline, &work.job);
        if let Some(why) = &self.untrusted[at] {
            return Err(format!("`{id}` may trust none: {why}"));
        }
        if job.container.is_some() {
            return Err(format!("`{id}` runs in a container"));
        }
        if let Some(key) = ["container", "runs-on", "strategy", "cache-mode"].iter().find(|key| job.raw.contains_key(**key)) {
            return Err(format!("`{id}` has a `{key}` of its own"));
        }
        let mut system = None;
        for runner in runners(pipeline, job) {
            for labels in labels(pipeline, job, runner) {
                match labels.as_slice() {
                    [label] => match by_label(label) {
                        Some(os) if system.is_none_or(|system| system == os) => system = Some(os),
                        Some(_) => return Err(format!("`{id}` runs on several systems")),
                        None => return Err(format!("`{label}` may have caches of its own")),
                    },
                    _ => return Err(format!("`{}` may have caches of their own", labels.join(", "))),
                }
            }
        }
        system.ok_or_else(|| format!("the machine of `{id}` is not known before it runs"))
    }
}

/// The system of one of GitHub's own machines.
pub(super) fn by_label(label: &str) -> Option<&'static str> {
    runners::find(label).filter(|runner| !matches!(runner.kind, Kind::Other(_))).map(|runner| runner.os)
}

/// The labels of each machine that a runner may mean; of a group, nobody knows which machines it has.
fn labels(pipeline: &Pipeline, job: &Job, runner: Option<&Runner>) -> Vec<Vec<String>> {
    let named = |value: &Value| match &value.kind {
        ValueKind::Map(map) if map.contains_key("group") => vec![vec!["group".to_owned()]],
        _ => Vec::new(),
    };
    let group = match runner {
        Some(Runner::Label(label)) => pipeline.runners.get(label.as_str()).map(|runner| named(&runner.label)),
        Some(Runner::Data(value)) => Some(named(value)),
        _ => None,
    };
    if let Some(group) = group.filter(|group| !group.is_empty()) {
        return group;
    }
    match runner {
        None => vec![vec!["ubuntu-latest".to_owned()]],
        Some(Runner::Auto(wishes)) => vec![vec![auto::usual(pipeline, job, wishes)]],
        Some(runner) => machines(pipeline, job, runner)
            .into_iter()
            .map(|labels| labels.into_iter().map(|(label, _)| label).collect())
            .collect(),
    }
}
