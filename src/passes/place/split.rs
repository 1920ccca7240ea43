//! Jobs in pieces: what a job does one after the other, though its steps have nothing to do with each other.
//!
//! A piece is a job like others, so that all that is chosen for jobs can be chosen for it; as the job is written, its pieces share a machine. Only a job
//! that could share its machine with others is looked at, since its pieces may; and only where it is known of each of its steps how long it takes. What the
//! job waits for, each piece waits for, and what waits for the job waits for all of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::fuse;
use crate::cost::{self, Evidence, Model};
use crate::hir::{Job, Step};
use crate::map::IndexMap;
use crate::plan::pieces::{Piece, pieces};
use crate::plan::{Edge, EdgeKind, Machine, Member, Plan, Work, build};
use crate::profile::display_name;
use crate::text::Text;

/// A job that may be split.
#[derive(Debug, Clone)]
pub(super) struct Split {
    /// Its id.
    pub(super) job: String,
    /// Its pieces, each with its id.
    pub(super) pieces: Vec<(String, Piece)>,
}

impl Split {
    /// Whether a job is one of the pieces.
    pub(super) fn has(&self, id: &str) -> bool {
        self.pieces.iter().any(|(piece, _)| piece == id)
    }

    /// The id of the first piece.
    pub(super) fn first(&self) -> Option<&str> {
        self.pieces.first().map(|(id, _)| id.as_str())
    }
}

/// The jobs of a plan that may be split, and into what.
pub(super) fn splits(plan: &Plan, model: &Model) -> Vec<Split> {
    if plan.pipeline.optimize.is_off("split") {
        return Vec::new();
    }
    let mut taken: BTreeSet<String> = plan.works.keys().cloned().collect();
    let mut all = Vec::new();
    for (id, work) in &plan.works {
        let job = &work.job;
        if !is_separable(plan, job) || !model.jobs.iter().any(|known| known.id == *id && is_timed(job, known)) {
            continue;
        }
        let pieces: Vec<(String, Piece)> =
            pieces(job).into_iter().map(|piece| (name(id, &piece.name, &mut taken), piece)).collect();
        if !pieces.is_empty() {
            all.push(Split { job: id.clone(), pieces });
        }
    }
    all
}

/// Whether its steps could run on different machines, as far as the job itself decides.
fn is_separable(plan: &Plan, job: &Job) -> bool {
    let asked = plan.edges.iter().any(|edge| edge.from == job.id && edge.kind == EdgeKind::Outputs);
    let names: BTreeSet<String> = job.steps.iter().map(display_name).collect();
    // What was measured is told by the names of steps.
    let is_told = names.len() == job.steps.len();
    job.steps.len() > 1
        && is_told
        && !asked
        && job.keeps.is_empty()
        && !fuse::asks_for(job, "steps")
        && fuse::kind(plan, job).is_ok()
}

/// Whether it is known of each step how long it takes.
fn is_timed(job: &Job, model: &cost::Job) -> bool {
    let parts = || model.legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind.is_work());
    job.steps.iter().all(|step| {
        let name = display_name(step);
        let measured = |part: &cost::Part| matches!(part.evidence, Evidence::Measured(_)) && part.evidence.is_known();
        parts().any(|part| part.name == name && (measured(part) || part.evidence.is_known() && step.takes.is_some()))
    })
}

/// The id of a piece.
fn name(job: &str, piece: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = job.to_owned();
    for word in piece.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        // GitHub takes a hundred characters, and two ids may become one.
        if id.len() + word.len() < 60 {
            let _ = write!(id, "-{}", word.to_ascii_lowercase());
        }
    }
    let numbered = (2..=taken.len() + 2).map(|number| format!("{id}-{number}"));
    let free = std::iter::once(id.clone()).chain(numbered).find(|id| !taken.contains(id)).unwrap_or(id);
    taken.insert(free.clone());
    free
}

/// A plan in which jobs are in pieces.
pub(super) fn apart(plan: &Plan, splits: &[Split]) -> Plan {
    let of = |id: &str| splits.iter().find(|split| split.job == id);
    let mut made =
        Plan { works: IndexMap::default(), tasks: Vec::new(), machines: Vec::new(), edges: edges(plan, splits), ..plan.clone() };
    for (id, work) in &plan.works {
        match of(id) {
            None => add(&mut made, work.clone()),
            Some(split) => {
                split.pieces.iter().enumerate().for_each(|(at, (id, _))| add(&mut made, piece_of(work, id, split, &[at])));
            }
        }
    }
    made
}

fn add(plan: &mut Plan, work: Work) {
    for task in build::tasks(&work.job) {
        plan.machines.push(Machine { tasks: vec![plan.tasks.len()] });
        plan.tasks.push(task);
    }
    plan.works.insert(work.job.id.clone(), work);
}

/// Several pieces of a job as one, on a machine of their own.
pub(super) fn piece_of(work: &Work, id: &str, split: &Split, places: &[usize]) -> Work {
    let job = &work.job;
    let own: Vec<&(String, Piece)> = places.iter().filter_map(|&place| split.pieces.get(place)).collect();
    let places: BTreeSet<usize> = own.iter().flat_map(|(_, piece)| piece.steps.iter().copied()).collect();
    let steps: Vec<Step> = places.into_iter().filter_map(|place| job.steps.get(place).cloned()).collect();
    let makes = own.iter().any(|(_, piece)| piece.makes);
    let takes = own.iter().any(|(_, piece)| piece.takes) && !makes;
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
            .chain(job.writes.iter().filter(|_| takes).map(|writes| writes.pattern.clone()))
            .collect(),
        writes: if makes { job.writes.clone() } else { Vec::new() },
        takes: total.map(|total| total.value(&job.origin)),
        steps,
        ..Job::clone(job)
    };
    let members = vec![Member { id: job.id.clone(), steps: 0..made.steps.len(), takes: total, guards: Vec::new() }];
    Work { place: work.place, members, ..build::work(&Arc::new(made)) }
}

/// The edges of a plan in which jobs are in pieces.
pub(super) fn edges(plan: &Plan, splits: &[Split]) -> Vec<Edge> {
    let of = |id: &str| splits.iter().find(|split| split.job == id);
    let mut all = Vec::new();
    for edge in &plan.edges {
        let starts: Vec<(&str, bool)> = match of(&edge.from) {
            None => vec![(edge.from.as_str(), true)],
            Some(split) => split.pieces.iter().map(|(id, piece)| (id.as_str(), piece.makes)).collect(),
        };
        let ends: Vec<&str> = match of(&edge.to) {
            None => vec![edge.to.as_str()],
            Some(split) => split.pieces.iter().map(|(id, _)| id.as_str()).collect(),
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
    for split in splits {
        let Some(job) = plan.works.get(&split.job).map(|work| &work.job) else { continue };
        for (to, piece) in &split.pieces {
            for (from, before) in piece.after.iter().filter_map(|&place| split.pieces.get(place)) {
                let data = job.writes.iter().filter(|writes| before.makes && piece.takes && !writes.pattern.starts_with('!'));
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
