//! What one decision of several saves: the difference to the same choice without it, all others kept.

use super::apply::{About, Note};
use super::evaluate::Evaluator;
use super::problem::{Choice, Outcome};
use crate::cost::timeline;

/// What a decision saves. Where the others do not go without it, it has no worth of its own.
pub(super) fn worth(evaluator: &mut Evaluator, (written, choice): (&Choice, &Choice), found: &Outcome, note: &Note) -> String {
    let other = without(written, choice, note).iter().find_map(|without| evaluator.outcome(without));
    other.map_or_else(|| "only together with the others".to_owned(), |other| difference(&other, found))
}

/// How what was found differs from something else.
pub(super) fn difference(other: &Outcome, found: &Outcome) -> String {
    timeline::difference(other.wall - found.wall, other.dollars - found.dollars)
}

/// The same choice without a decision: the first of these that may be.
fn without(written: &Choice, choice: &Choice, note: &Note) -> Vec<Choice> {
    let mut changed = choice.clone();
    match note.about {
        About::Sharing => {
            let alone = choice.without(&note.jobs, written);
            changed.clone_from(&alone);
            note.jobs.iter().for_each(|&job| changed.machine[job] = choice.machine[job]);
            // Pieces of one job may have come onto machines of several kinds.
            return vec![changed, alone];
        }
        About::Shards => note.jobs.iter().for_each(|&job| changed.shards[job] = written.shards[job]),
        About::Machine { .. } => note.jobs.iter().for_each(|&job| changed.machine[job] = written.machine[job]),
        About::Cached(path) => changed.cached[path] = written.cached[path],
        About::Again => {}
    }
    vec![changed]
}
