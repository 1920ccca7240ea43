//! Why each decision was taken: what it saves, which is the difference to the same choice without it, all others kept; and what that rests on.

use super::apply::{About, Note};
use super::evaluate::Evaluator;
use super::grounds;
use super::judging;
use super::problem::{Choice, Outcome, Problem};
use super::repeat::{Found, Way};
use crate::cost::{Model, timeline};
use crate::passes::Ground;
use crate::profile::Profile;

/// Something that was done, and why.
pub(super) struct Reason {
    pub(super) note: Note,
    pub(super) why: String,
    pub(super) grounds: Vec<Ground>,
}

/// Why all was done that was found; `without` is what was found best where nothing is done again. Of the models, what was written and what became of it.
pub(super) fn reasons(
    notes: Vec<Note>,
    (way, found): (&Way<'_>, &Found),
    without: &Outcome,
    (before, after): (&Model, &Model),
    profile: &Profile,
) -> Vec<Reason> {
    // Shared machines may bring a job that judges the others, which is part of what they cost.
    let judged = judging(after).filter(|_| judging(before).is_none());
    let problem = judged.map(|sharing| Problem { sharing, ..way.problem.clone() });
    let mut evaluator = Evaluator::new(problem.as_ref().unwrap_or(&way.problem));
    let outcome = evaluator.outcome(&found.choice).unwrap_or(found.outcome);
    let written = way.problem.written();
    let mut reason = |note: Note| {
        let why = if matches!(note.about, About::Again) {
            let others = if way.repeats.len() > 1 { WITH_OTHERS } else { "" };
            difference(without, &found.outcome) + others
        } else {
            worth(&mut evaluator, (&written, &found.choice), &outcome, &note)
        };
        let grounds = grounds::of(&note, way, before, profile);
        Reason { note, why, grounds }
    };
    notes.into_iter().map(&mut reason).collect()
}

/// What a choice comes to over many runs, in seconds and dollars; none where it is none.
pub(super) type Play<'a> = dyn Fn(&Choice) -> Option<[f64; 2]> + 'a;

/// The same of each decision over many runs, in the terms of what the plan comes to, in seconds and dollars: `once`, where nothing is done again, and `play`
/// of another choice.
pub(super) fn over_many(
    reasons: &mut [Reason],
    (written, choice): (&Choice, &Choice),
    found: [f64; 2],
    (once, play): ([f64; 2], &Play<'_>),
) {
    let again = reasons.iter().filter(|reason| matches!(reason.note.about, About::Again)).count();
    for reason in reasons {
        let is_again = matches!(reason.note.about, About::Again);
        let other = if is_again { Some(once) } else { without(written, choice, &reason.note).iter().find_map(play) };
        let Some(other) = other else { continue };
        let others = if is_again && again > 1 { WITH_OTHERS } else { "" };
        reason.why = timeline::difference(other[0] - found[0], Some(other[1] - found[1])) + others;
    }
}

/// What a decision saves. Where the others do not go without it, it has no worth of its own.
fn worth(evaluator: &mut Evaluator, (written, choice): (&Choice, &Choice), found: &Outcome, note: &Note) -> String {
    let other = without(written, choice, note).iter().find_map(|without| evaluator.outcome(without));
    other.map_or_else(|| "only together with the others".to_owned(), |other| difference(&other, found))
}

/// How what was found differs from something else.
fn difference(other: &Outcome, found: &Outcome) -> String {
    timeline::difference(other.wall - found.wall, Some(other.dollars - found.dollars)) + OF_MEANS
}

const WITH_OTHERS: &str = ", with all that is done again";

const OF_MEANS: &str = ", where everything takes its mean";

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
