//! What a choice rests on.

use super::apply::{About, Note};
use super::repeat::Way;
use crate::cost::{Evidence, Model, PartKind, curve};
use crate::passes::ledger::Ground;
use crate::profile::{Measured, Profile};

/// Of one thing that was chosen: how it is known what the commands of its jobs take, what goes with their machines, and how fast another machine is.
pub(super) fn of(note: &Note, way: &Way<'_>, model: &Model, profile: &Profile) -> Vec<Ground> {
    let jobs = jobs(note, way);
    let mut grounds = Vec::new();
    let mut overhead: Option<Evidence> = None;
    for id in &jobs {
        let Some(job) = model.jobs.iter().find(|job| job.id == *id) else { continue };
        let parts = || job.legs.iter().flat_map(|leg| &leg.parts);
        let evidence = Evidence::weakest(parts().filter(|part| part.kind.is_work()));
        let mut what = format!("the commands of `{id}`");
        let written = way.plan.works.get(*id).zip(job.legs.first()).filter(|_| matches!(note.about, About::Shards));
        if let Some(curve) = written.and_then(|(work, leg)| curve(profile, &work.job, id, &leg.machine.labels)) {
            what = format!("{what} at {} shards", curve.shown());
        }
        grounds.extend(evidence.map(|evidence| Ground { what, evidence }));
        let own = Evidence::weakest(parts().filter(|part| part.kind == PartKind::Boot));
        overhead = [overhead, own].into_iter().flatten().reduce(Evidence::weaker);
    }
    if let About::Machine { chosen: machine, usual } = &note.about {
        let runs = |job: &str| {
            let machines = profile.jobs.get(job)?;
            machines.contains_key(&usual.labels).then(|| machines.get(&machine.labels))?
        };
        let of = |measured: &Measured| Evidence::measured(measured.counted(), measured.runs);
        let measured = jobs.iter().map(|job| runs(job).map(of)).collect::<Option<Vec<Evidence>>>();
        let evidence = measured.into_iter().flatten().reduce(Evidence::weaker).unwrap_or(Evidence::Assumed);
        grounds.push(Ground { what: format!("the speed of `{}`", machine.label), evidence });
    }
    grounds.extend(overhead.map(|evidence| Ground { what: "the start of machines".to_owned(), evidence }));
    grounds
}

/// The jobs that it is about, as they are written.
fn jobs<'a>(note: &'a Note, way: &'a Way<'_>) -> Vec<&'a str> {
    let mut jobs: Vec<&str> = Vec::new();
    // In the choice, the pieces of a job stand where it stood.
    let mut next = 0;
    for id in way.plan.works.keys() {
        let first = next;
        next += way.splits.of(id).map_or(1, <[_]>::len);
        let whole = way.whole(id);
        if (first..next).any(|item| note.jobs.contains(&item)) && !jobs.contains(&whole) {
            jobs.push(whole);
        }
    }
    if jobs.is_empty() { vec![&note.job] } else { jobs }
}
