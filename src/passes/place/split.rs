//! Jobs in pieces: what a job does one after the other, though its steps have nothing to do with each other.
//!
//! A piece is a job like others, so that all that is chosen for jobs can be chosen for it; as the job is written, its pieces share a machine. Only a job
//! that could share its machine with others is looked at, since its pieces may; and only where it is known of each of its steps how long it takes. What the
//! job waits for, each piece waits for, and what waits for the job waits for all of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::asked::Asked;
use super::clash::overwrites;
use super::fuse;
use crate::cost::{self, Model};
use crate::facts::Facts;
use crate::hir::{Job, Step};
use crate::map::IndexMap;
use crate::plan::pieces::{Piece, pieces};
use crate::plan::{Edge, EdgeKind, Member, Plan, Work, build, free};
use crate::profile::display_name;
use crate::text::Text;

/// The jobs of a plan that may be split, and their pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Splits {
    /// By job.
    jobs: IndexMap<String, Split>,
    /// The job of each piece, by their ids.
    wholes: IndexMap<String, String>,
}

/// The pieces of a job, each with its id.
type Split = Vec<(String, Piece)>;

impl Splits {
    fn add(&mut self, job: &str, pieces: Split) {
        self.wholes.extend(pieces.iter().map(|(piece, _)| (piece.clone(), job.to_owned())));
        self.jobs.insert(job.to_owned(), pieces);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The pieces of a job; none where it stays in one.
    pub(super) fn of(&self, job: &str) -> Option<&[(String, Piece)]> {
        self.jobs.get(job).map(Vec::as_slice)
    }

    /// The job that a piece is of.
    pub(super) fn whole(&self, piece: &str) -> Option<&str> {
        self.wholes.get(piece).map(String::as_str)
    }

    /// The id of the first piece of the job that one is of.
    pub(super) fn first(&self, piece: &str) -> Option<&str> {
        self.of(self.whole(piece)?)?.first().map(|(first, _)| first.as_str())
    }

    /// The jobs.
    pub(super) fn jobs(&self) -> impl Iterator<Item = (&str, &[(String, Piece)])> {
        self.jobs.iter().map(|(job, pieces)| (job.as_str(), pieces.as_slice()))
    }

    /// Without the jobs that stay in one piece.
    pub(super) fn only(&self, comes_apart: impl Fn(&str) -> bool) -> Self {
        let mut only = Self::default();
        self.jobs.iter().filter(|(job, _)| comes_apart(job)).for_each(|(job, pieces)| only.add(job, pieces.clone()));
        only
    }
}

/// The jobs of a plan that may be split, and into what.
pub(super) fn splits(plan: &Plan, model: &Model, facts: &Facts) -> Splits {
    let mut all = Splits::default();
    if plan.pipeline.optimize.is_off("split") {
        return all;
    }
    let asked = Asked::of(plan);
    let models: IndexMap<&str, &cost::Job> = model.jobs.iter().map(|job| (job.id.as_str(), job)).collect();
    for (id, work) in plan.works.iter().filter(|(id, _)| !asked.by_name(id)) {
        let job = &work.job;
        // What looks at a file that a step before it rewrote comes after that step.
        if !is_separable(plan, job)
            || overwrites(job, facts)
            || !models.get(id.as_str()).is_some_and(|known| is_timed(job, known))
        {
            continue;
        }
        let mut own: Split = Vec::new();
        for piece in pieces(job) {
            let taken =
                |name: &str| plan.works.contains_key(name) || all.whole(name).is_some() || own.iter().any(|(id, _)| id == name);
            own.push((free(name(id, &piece.name), taken), piece));
        }
        if !own.is_empty() {
            all.add(id, own);
        }
    }
    all
}

/// Whether its steps could run on different machines, as far as the job itself decides.
fn is_separable(plan: &Plan, job: &Job) -> bool {
    let names: BTreeSet<String> = job.steps.iter().map(display_name).collect();
    // What was measured is told by the names of steps.
    let is_told = names.len() == job.steps.len();
    job.steps.len() > 1
        && is_told
        && !job.has_rows()
        && job.keeps.is_empty()
        && !fuse::asks_in_steps(job, "steps")
        && fuse::kind(plan, job).is_ok()
}

/// Whether it is known of each step how long it takes.
fn is_timed(job: &Job, model: &cost::Job) -> bool {
    let parts = || model.legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind.is_work());
    job.steps.iter().all(|step| {
        let name = display_name(step);
        let measured = |part: &cost::Part| part.evidence.is_measured() && part.evidence.is_known();
        parts().any(|part| part.name == name && (measured(part) || part.evidence.is_known() && step.takes.is_some()))
    })
}

/// The id of a piece, as long as no other has it.
fn name(job: &str, piece: &str) -> String {
    let mut id = job.to_owned();
    for word in piece.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        // GitHub takes a hundred characters, and two ids may become one.
        if id.len() + word.len() < 60 {
            let _ = write!(id, "-{}", word.to_ascii_lowercase());
        }
    }
    id
}

/// A plan in which jobs are in pieces.
pub(super) fn apart(plan: &Plan, splits: &Splits) -> Plan {
    let (works, tasks, machines) = (IndexMap::default(), Vec::new(), Vec::new());
    let mut made = Plan { works, tasks, machines, edges: edges(plan, splits), ..plan.clone() };
    for (id, work) in &plan.works {
        match splits.of(id) {
            None => made.add(work.clone()),
            Some(pieces) => pieces.iter().for_each(|piece| made.add(piece_of(work, &piece.0, &[piece]))),
        }
    }
    made
}

/// Several pieces of a job as one, on a machine of their own.
pub(super) fn piece_of(work: &Work, id: &str, own: &[&(String, Piece)]) -> Work {
    let job = &work.job;
    let places: BTreeSet<usize> = own.iter().flat_map(|(_, piece)| piece.steps.iter().copied()).collect();
    let steps: Vec<Step> = places.into_iter().filter_map(|place| job.steps.get(place).cloned()).collect();
    let makes = own.iter().any(|(_, piece)| piece.makes);
    let reads = own.iter().any(|(_, piece)| piece.reads) && !makes;
    let title = job.title.as_ref().map_or(job.id.as_str(), |title| title.as_str());
    let names: Vec<&str> = own.iter().map(|(_, piece)| piece.name.as_str()).collect();
    let total = Step::all_take(&steps);
    let made = Job {
        id: id.to_owned(),
        title: Some(Text::verbatim(format!("{title}: {}", names.join(", ")), job.origin.span)),
        reads: job
            .reads
            .iter()
            .cloned()
            .chain(job.writes.iter().filter(|_| reads).map(|writes| writes.pattern.clone()))
            .collect(),
        writes: if makes { job.writes.clone() } else { Vec::new() },
        takes: total.map(|total| total.value(&job.origin)),
        steps,
        ..Job::clone(job)
    };
    let members = vec![Member { takes: total, ..Member::of(job, 0..made.steps.len()) }];
    Work { place: work.place, members, ..build::work(&Arc::new(made)) }
}

/// The edges of a plan in which jobs are in pieces.
fn edges(plan: &Plan, splits: &Splits) -> Vec<Edge> {
    let mut all = Vec::new();
    for edge in &plan.edges {
        let starts: Vec<(&str, bool)> = match splits.of(&edge.from) {
            None => vec![(edge.from.as_str(), true)],
            Some(pieces) => pieces.iter().map(|(id, piece)| (id.as_str(), piece.makes)).collect(),
        };
        let ends: Vec<&str> = match splits.of(&edge.to) {
            None => vec![edge.to.as_str()],
            Some(pieces) => pieces.iter().map(|(id, _)| id.as_str()).collect(),
        };
        for (from, makes) in starts {
            // All of them must have ended well, though one makes the files.
            let kind = match &edge.kind {
                EdgeKind::Data { .. } if !makes => EdgeKind::Order,
                kind => kind.clone(),
            };
            all.extend(ends.iter().map(|to| Edge {
                from: from.to_owned(),
                to: (*to).to_owned(),
                kind: kind.clone(),
                origin: edge.origin,
            }));
        }
    }
    for (job, pieces) in splits.jobs() {
        let Some(job) = plan.works.get(job).map(|work| &work.job) else { continue };
        for (to, piece) in pieces {
            for (from, before) in piece.after.iter().filter_map(|&place| pieces.get(place)) {
                let data = job.writes.iter().filter(|writes| before.makes && piece.reads && !writes.pattern.starts_with('!'));
                let kinds: Vec<EdgeKind> =
                    data.map(|writes| EdgeKind::Data { path: writes.pattern.as_str().to_owned() }).collect();
                let kinds = if kinds.is_empty() { vec![EdgeKind::Order] } else { kinds };
                let edge = |kind| Edge { from: from.clone(), to: to.clone(), kind, origin: job.origin.span };
                all.extend(kinds.into_iter().map(edge));
            }
        }
    }
    all
}
