//! What of a choice does not hold. The search plays one run, in which everything takes its mean time: of two machines that end at the same moment neither is late.
//! Over many runs the later of the two is, and what seemed to be for nothing is not. Then the decisions that make it so are taken back, and not all of them.

use super::choose::Placed;
use super::problem::{Choice, Problem};
use super::standard::Standard;

/// What is left of a choice, and what was taken back of it: the jobs of each such decision.
pub(super) struct Thinned {
    pub(super) placed: Placed,
    pub(super) dropped: Vec<Vec<usize>>,
}

/// A choice with one decision less, done.
struct Less {
    choice: Choice,
    /// How much worse it is than what was written, and how good else: the less, the better.
    rank: (f64, f64),
    placed: Placed,
    /// Whose decision was taken back.
    jobs: Vec<usize>,
}

/// A choice without the decisions that are worse over many runs, done; none where nothing that holds is left. No more than so many are played, each with its score.
pub(super) fn thinned(
    written: &Choice,
    (choice, placed): (&Choice, &Placed),
    standard: &Standard<'_>,
    play: &dyn Fn(&Choice) -> Option<(f64, Placed)>,
    mut most: usize,
) -> Option<Thinned> {
    let (mut at, mut harm, mut holds) = (choice.clone(), standard.harm(placed), None);
    let mut dropped = Vec::new();
    while harm > 0.0 {
        let mut best: Option<Less> = None;
        for jobs in decisions(written, &at) {
            for choice in without(written, &at, &jobs) {
                if most == 0 {
                    break;
                }
                most -= 1;
                let Some((score, placed)) = play(&choice) else { continue };
                let rank = (standard.harm(&placed), score);
                if rank < best.as_ref().map_or((harm, 0.0), |best| best.rank) {
                    best = Some(Less { choice, rank, placed, jobs: jobs.clone() });
                }
            }
        }
        let Some(less) = best else { break };
        dropped.push(less.jobs);
        (at, harm, holds) = (less.choice, less.rank.0, Some(less.placed));
    }
    let placed = holds.filter(|placed| at != *written && standard.is_met(placed))?;
    Some(Thinned { placed, dropped })
}

/// The jobs that a choice has otherwise than as they were written, with all that they share a machine with in either.
fn decisions(written: &Choice, choice: &Choice) -> Vec<Vec<usize>> {
    let count = choice.group.len();
    let mut first: Vec<usize> = (0..count).collect();
    // Groups are named by the first of their jobs: what is joined so far stands before.
    for job in 0..count {
        let own = [written.group[job], choice.group[job]].map(|group| first[group]);
        let (least, other) = (own[0].min(own[1]), own[0].max(own[1]));
        first[job] = least;
        first[..=job].iter_mut().filter(|first| **first == other).for_each(|first| *first = least);
    }
    let differs = |job: usize| {
        let of = |choice: &Choice| (choice.group[job], choice.shards[job], choice.machine[job], choice.beside[job]);
        of(choice) != of(written)
    };
    let of = |own: usize| (0..count).filter(|&job| first[job] == own).collect::<Vec<_>>();
    let all = (0..count).filter(|&job| first[job] == job).map(of);
    all.filter(|jobs| jobs.iter().any(|&job| differs(job))).collect()
}

/// A choice without one decision: with one of its jobs less, on machines of their own, of the kind that was chosen, and as it was written.
fn without(written: &Choice, choice: &Choice, jobs: &[usize]) -> Vec<Choice> {
    let as_written = choice.without(jobs, written);
    let mut alone = as_written.clone();
    jobs.iter().for_each(|&job| alone.machine[job] = choice.machine[job]);
    let is_whole = |job: usize| (0..written.group.len()).all(|other| other == job || written.group[other] != written.group[job]);
    let less = jobs.iter().filter(|&&job| jobs.len() > 1 && is_whole(job)).map(|&job| choice.without(&[job], written));
    let mut all: Vec<Choice> = less.chain([alone, as_written]).collect();
    all.dedup();
    all.retain(|other| other != choice);
    all
}

/// Keeps the search from a decision that did not hold: the one of its jobs that takes longest no longer shares with the others; or it does not go where it went alone.
pub(super) fn forbid(problem: &mut Problem, written: &Choice, choice: &Choice, jobs: &[usize]) {
    let work = |job: usize| problem.jobs[job].rows.iter().sum::<f64>();
    let Some(&longest) = jobs.iter().max_by(|&&one, &&other| work(one).total_cmp(&work(other))) else { return };
    let are_pieces =
        |other: usize| problem.jobs[longest].piece_of.is_some() && problem.jobs[longest].piece_of == problem.jobs[other].piece_of;
    let others: Vec<usize> = jobs.iter().copied().filter(|&other| other != longest && !are_pieces(other)).collect();
    others.iter().for_each(|&other| problem.apart.insert(longest, other));
    if let &[job] = jobs {
        let item = &mut problem.jobs[job];
        let count = choice.shards[job];
        if count != written.shards[job] {
            item.shards.retain(|other| *other != count);
        } else if let Some((_, factor)) = item.machines.get_mut(choice.machine[job]).filter(|_| choice.machine[job] > 0) {
            *factor = f64::INFINITY;
        }
    }
}
