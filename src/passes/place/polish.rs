//! The last look: the search plays one run, in which everything takes its mean, and what is best there is not always best over many. From the best that was found,
//! and from what is best for other objectives, the changes that one run speaks for, or hardly against, are played over many runs, and the better ones kept.

use super::choose::Placed;
use super::objective::Goal;
use super::problem::{Choice, Problem};
use super::search;
use crate::hir::Objective;

/// How many runs of a plan are ended for taking too long, how far it is over the limits, and how good it is else: the less, the better.
pub(super) type Rank = [f64; 3];

/// What is looked at, and how far.
pub(super) struct Polish<'a> {
    pub(super) problem: &'a Problem,
    pub(super) goal: &'a Goal,
    /// A choice over many runs; none where it is none, or is worse than what was written.
    pub(super) play: &'a dyn Fn(&Choice) -> Option<(Rank, Placed)>,
    /// So many choices are played, at most.
    pub(super) left: usize,
    /// Those that were.
    pub(super) known: Vec<Choice>,
}

impl Polish<'_> {
    /// The best that is found from a choice of that rank, where it is better.
    pub(super) fn from(&mut self, start: &Choice, mut rank: Rank) -> Option<Placed> {
        let (mut at, mut best) = (start.clone(), None);
        while let Some((choice, less, placed)) = self.better(&at, rank) {
            (at, rank, best) = (choice, less, Some(placed));
        }
        best
    }

    /// The first change that is better over many runs, from what one run speaks for most.
    fn better(&mut self, at: &Choice, best: Rank) -> Option<(Choice, Rank, Placed)> {
        // What is over a limit is to come below it first, whatever else it is about.
        let relief = if self.goal.deadline.is_some() { Objective::Time } else { Objective::Cost };
        let is_over = best[1] > 0.0;
        let goal = Goal { objective: if is_over { relief } else { self.goal.objective }, ..*self.goal };
        let own = self.problem.outcome(at).map_or(f64::INFINITY, |outcome| goal.merit(&outcome, WORTH));
        let around = search::around(self.problem, &goal, at).into_iter();
        let merits = around.map(|(choice, outcome)| (goal.merit(&outcome, WORTH), choice));
        let mut near: Vec<(f64, Choice)> = merits.filter(|(merit, _)| *merit <= own * (1.0 + HARDLY)).collect();
        near.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (_, choice) in near {
            if self.left == 0 {
                return None;
            }
            if self.known.contains(&choice) {
                continue;
            }
            self.known.push(choice.clone());
            if let Some((rank, played)) = self.play(&choice).filter(|(rank, _)| is_less(*rank, best)) {
                return Some((choice, rank, played));
            }
        }
        None
    }

    fn play(&mut self, choice: &Choice) -> Option<(Rank, Placed)> {
        self.left = self.left.checked_sub(1)?;
        (self.play)(choice)
    }
}

impl Problem {
    /// A choice of this problem, also where it was made of jobs that do not come apart; none where it is of another.
    pub(super) fn in_pieces(&self, choice: &Choice) -> Option<Choice> {
        let count = self.jobs.len();
        if choice.group.len() == count {
            return Some(choice.clone());
        }
        let firsts: Vec<usize> = (0..count).filter(|&job| self.jobs[job].piece_of.is_none_or(|first| first == job)).collect();
        let mut own = self.written();
        (choice.group.len() == firsts.len()).then_some(())?;
        for job in 0..count {
            let whole = firsts.binary_search(&self.jobs[job].piece_of.unwrap_or(job)).ok()?;
            own.group[job] = firsts[choice.group[whole]];
            (own.shards[job], own.machine[job], own.beside[job]) =
                (choice.shards[whole], choice.machine[whole], choice.beside[whole]);
        }
        Some(own)
    }
}

/// Whether it is better by more than what sums in another order may differ by.
pub(super) fn is_less(one: Rank, other: Rank) -> bool {
    one.iter().zip(&other).find(|(one, other)| (*one - *other).abs() > LEAST).is_some_and(|(one, other)| one < other)
}

const LEAST: f64 = 1e-5;

/// How much of the other good one is worth in what is looked at.
const WORTH: f64 = 1e-2;

/// What one run has so much worse at most may be better over many: in one, minutes are billed that are hardly begun.
const HARDLY: f64 = 0.1;
