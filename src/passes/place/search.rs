//! The search for the best choice: local, from several starts, within a number of steps that is fixed, so that it ends the same everywhere.
//!
//! A step looks at one change of a choice: two groups become one, a job leaves its group or goes over into another, its shards or its machine change.
//! Job by job the best of its changes is taken, until none is better for any; then from other starts, with two changes at once, and from what is near the
//! best. Where all choices are not more than there are steps, all of them are looked at. With many jobs only changes between neighbours are.

use std::collections::{BTreeSet, VecDeque};

use super::evaluate::Evaluator;
use super::neighbours::{Change, FEW, every_choice, near};
use super::objective::Goal;
use super::problem::{Choice, Data, Outcome, Problem};
use crate::cost::Variation;
use crate::hir::Objective;

/// The best choice that was found within the steps that are worth it, and what it comes to; as it was written, where nothing is better.
pub fn best(problem: &Problem, goal: &Goal) -> (Choice, Outcome) {
    best_within(problem, goal, steps(problem.jobs.len()), &[])
}

/// The same, from what is best for other objectives, too: what is cheapest in one step is at times on the way to what is not.
pub(super) fn best_of_all(problem: &Problem, goal: &Goal) -> (Choice, Outcome) {
    let others = [Objective::Balanced, Objective::Time, Objective::Cost].into_iter().filter(|other| *other != goal.objective);
    let of = |objective: Objective| best(problem, &Goal { objective, ..*goal }).0;
    let starts: Vec<Choice> = if problem.jobs.len() <= MANY { others.map(of).collect() } else { Vec::new() };
    best_within(problem, goal, steps(problem.jobs.len()), &starts)
}

/// With more jobs each objective is looked at alone.
const MANY: usize = 100;

/// So many choices are looked at, at most: where more of them find nothing better. Up to eight jobs it is all there are, mostly; of many each must be looked at
/// with its neighbours.
///
/// As measured by `tests/place/budget.rs`, the mean and the worst gap in percent over three objectives:
///
/// | steps | 100 | 300 | 1,000 | 2,000 | 3,000 | 6,000 | 12,000 |
/// | --- | --- | --- | --- | --- | --- | --- | --- |
/// | 2 to 5 jobs, shards, 3 machines, against the optimum | 0.34 / 27.8 | 0.15 / 22.9 | 0.04 / 22.4 | 0.02 / 14.7 | 0.01 / 4.0 | 0.00 / 4.0 | 0.00 / 4.0 |
/// | 6 to 8 jobs, 2 machines, against the optimum | 0.18 / 17.0 | 0.05 / 8.9 | 0.01 / 3.6 | 0.00 / 0.0 | 0.00 / 0.0 | 0.00 / 0.0 | 0.00 / 0.0 |
/// | 20 jobs, against the best found | 5.26 / 28.0 | 0.60 / 12.9 | 0.07 / 4.9 | 0.07 / 4.9 | 0.07 / 4.9 | 0.07 / 4.9 | 0.01 / 1.3 |
/// | 60 jobs, against the best found | 18.28 / 38.0 | 2.09 / 13.9 | 0.09 / 1.2 | 0.07 / 1.2 | 0.04 / 1.2 | 0.00 / 0.2 | 0.00 / 0.0 |
/// | 200 jobs, against the best found | 26.80 / 43.8 | 19.71 / 36.6 | 2.31 / 10.0 | 0.04 / 1.1 | 0.04 / 1.1 | 0.04 / 1.1 | 0.00 / 0.3 |
/// | 1000 jobs, against the best found | 30.12 / 43.0 | 28.65 / 40.8 | 23.73 / 34.5 | 16.85 / 25.7 | 10.21 / 17.1 | 1.06 / 3.3 | 0.03 / 0.1 |
///
/// Of large ones nobody knows the optimum. What is found comes to so many times what no plan undercuts, in the mean of random pipelines on two machines: the
/// longest chain of work on the fastest machine behind one start, and all work on the cheapest one, up to a whole minute.
///
/// | jobs | `time`: wall | as written | `cost`: dollars | as written | `balanced`: wall, dollars |
/// | --- | --- | --- | --- | --- | --- |
/// | 20 | 1.13 | 1.18 | 1.11 | 1.55 | 1.13, 1.19 |
/// | 60 | 1.13 | 1.21 | 1.11 | 1.57 | 1.13, 1.19 |
/// | 200 | 1.13 | 1.22 | 1.11 | 1.57 | 1.13, 1.19 |
/// | 1000 | 1.13 | 1.22 | 1.11 | 1.57 | 1.13, 1.18 |
pub fn steps(jobs: usize) -> usize {
    if jobs <= FEW { 6_000 } else { (10 * jobs).max(3_000) }
}

/// The best choice that was found within a number of steps.
pub fn best_within(problem: &Problem, goal: &Goal, steps: usize, starts: &[Choice]) -> (Choice, Outcome) {
    let mut search = Search::of(problem, goal, steps);
    let written = search.best.1.clone();
    starts.iter().for_each(|start| search.climb(start.clone(), 0..problem.jobs.len()));
    for start in self::starts(problem, &search.near) {
        if search.left == 0 {
            break;
        }
        let start = search.start(&written, start);
        search.climb(start, 0..problem.jobs.len());
    }
    // Of many jobs each change is about a few of them: two that pay together only are rare, and looking for them takes longest.
    if problem.jobs.len() <= FEW {
        if let Some(all) = every_choice(problem, steps) {
            search.look_at_all(&all);
            return (search.best.1, search.best.2);
        }
        while search.pair_of_changes() {}
    }
    // Then from what is near the best, as long as there is something left, and something is found.
    let mut variation = Variation::new(1);
    let (mut in_vain, mut score) = (0, search.best.0);
    for _ in 0..SHAKES.max(problem.jobs.len()) {
        if search.left == 0 || in_vain == SHAKES {
            break;
        }
        let (start, jobs) = search.shaken(&mut variation);
        search.climb(start, jobs.into_iter());
        in_vain = if is_better(search.best.0, score) { 0 } else { in_vain + 1 };
        score = search.best.0;
    }
    (search.best.1, search.best.2)
}

/// So often the best is shaken in vain, and as often as there are jobs at most, if there are more.
const SHAKES: usize = 60;

/// Where the search begins.
#[derive(Debug, Clone, Copy)]
enum Start {
    /// As it was written.
    Written,
    /// With every shard there may be.
    Shards,
    /// Every piece of a job on a machine of its own.
    Apart,
    /// All that may share does.
    Together,
    /// Each job with the last of those that it waits for.
    Chains,
    /// Each job on that of its machines, where it may run there.
    Machine(usize),
    /// Two together, for plans in which two changes pay that do not pay alone.
    Pair(usize, usize),
}

fn starts(problem: &Problem, near: &[Vec<usize>]) -> Vec<Start> {
    let machines = problem.jobs.iter().map(|item| item.machines.len()).max().unwrap_or(1);
    let mut all = vec![Start::Written, Start::Shards, Start::Together, Start::Chains];
    all.extend(problem.jobs.iter().any(|item| item.piece_of.is_some()).then_some(Start::Apart));
    all.extend((1..machines).map(Start::Machine));
    for (job, near) in near.iter().enumerate().filter(|_| problem.jobs.len() <= FEW) {
        all.extend(near.iter().rev().filter(|&&other| other < job).map(|&other| Start::Pair(other, job)));
    }
    all
}

/// All that is one change away from a choice, with what it comes to in one run.
pub(super) fn around(problem: &Problem, goal: &Goal, at: &Choice) -> Vec<(Choice, Outcome)> {
    let mut search = Search::of(problem, goal, 0);
    let all: Vec<Change> = (0..problem.jobs.len()).flat_map(|job| search.changes(at, job)).collect();
    let choices = all.into_iter().filter_map(|change| change.of(problem, at));
    choices.filter_map(|choice| search.evaluator.outcome(&choice).map(|outcome| (choice, outcome))).collect()
}

struct Search<'p> {
    problem: &'p Problem,
    goal: &'p Goal,
    evaluator: Evaluator<'p>,
    /// For each job its neighbours.
    near: Vec<Vec<usize>>,
    /// For each job the paths of it that may travel in a cache.
    cacheable: Vec<BTreeSet<usize>>,
    /// How many choices may still be looked at.
    left: usize,
    best: (f64, Choice, Outcome),
}

impl<'p> Search<'p> {
    /// With so many steps to do; what is as it was written is the best so far.
    fn of(problem: &'p Problem, goal: &'p Goal, steps: usize) -> Self {
        let written = problem.written();
        let mut evaluator = Evaluator::new(problem);
        // Other than what the goal compares with, where something is done again.
        let outcome = evaluator.outcome(&written).unwrap_or(goal.written);
        let cacheable = (0..problem.jobs.len()).map(|job| problem.cacheable(job)).collect();
        let best = (goal.score(&outcome), written, outcome);
        Self { problem, goal, evaluator, near: near(problem), cacheable, left: steps, best }
    }

    /// A choice to begin with.
    fn start(&mut self, written: &Choice, start: Start) -> Choice {
        let mut choice = written.clone();
        let jobs = &self.problem.jobs;
        match start {
            Start::Written => {}
            Start::Shards => {
                let most = jobs.iter().map(|item| item.shards.iter().copied().max().unwrap_or(1));
                choice.shards = most.collect();
            }
            Start::Apart => choice.group = (0..jobs.len()).collect(),
            Start::Together => (0..jobs.len()).for_each(|job| {
                self.join_where_allowed(&mut choice, job, false);
            }),
            Start::Chains => (0..jobs.len()).for_each(|job| {
                self.join_where_allowed(&mut choice, job, true);
            }),
            Start::Machine(machine) => {
                for group in 0..jobs.len() {
                    let mut own = (0..jobs.len()).filter(|&job| choice.group[job] == group);
                    if choice.group[group] == group && own.all(|job| jobs[job].may_run_on(machine)) {
                        choice.on(group, machine, false);
                    }
                }
            }
            Start::Pair(one, other) => choice = self.problem.completed(choice.joined(one, other), other).unwrap_or(choice),
        }
        choice
    }

    /// Joins a job with all of its earlier neighbours that it may share with; or with the last of those that it waits for.
    fn join_where_allowed(&mut self, choice: &mut Choice, job: usize, chain: bool) {
        for place in (0..self.near[job].len()).rev() {
            let other = self.near[job][place];
            let is_asked = other < job && (!chain || self.problem.jobs[job].needs.contains(&other));
            if is_asked && choice.group[other] != choice.group[job] {
                let joined = self.problem.completed(choice.joined(other, job), job);
                if let Some(joined) = joined.filter(|joined| self.evaluator.order(joined).is_some()) {
                    *choice = joined;
                    if chain {
                        return;
                    }
                }
            }
        }
    }

    /// The best with a few changes, whatever they are worth, and the jobs that they are about.
    fn shaken(&mut self, variation: &mut Variation) -> (Choice, Vec<usize>) {
        let mut choice = self.best.1.clone();
        let mut jobs = Vec::new();
        let mut below = |count: usize| (variation.even() * count as f64) as usize;
        for _ in 0..2 + below(3) {
            let job = below(choice.group.len());
            let all = self.changes(&choice, job);
            let Some(change) = all.get(below(all.len())) else { continue };
            let Some(changed) = change.of(self.problem, &choice) else { continue };
            if self.evaluator.order(&changed).is_some() {
                jobs.extend(self.touched(&choice, &changed));
                choice = changed;
            }
        }
        (choice, jobs)
    }

    /// From a start, the best change of one job after the other, until none of them is better. It begins with some jobs; what a change is about is looked at
    /// again, and what is near that.
    fn climb(&mut self, start: Choice, jobs: impl Iterator<Item = usize>) {
        let Some(outcome) = self.evaluator.outcome(&start) else { return };
        let mut at = (self.goal.score(&outcome), start, outcome);
        let mut queue: VecDeque<usize> = jobs.collect();
        let mut is_queued = vec![false; self.near.len()];
        queue.iter().for_each(|&job| is_queued[job] = true);
        while let Some(job) = queue.pop_front() {
            is_queued[job] = false;
            let Some(better) = self.better(&at, job) else { continue };
            for job in self.touched(&at.1, &better.1) {
                if !std::mem::replace(&mut is_queued[job], true) {
                    queue.push_back(job);
                }
            }
            at = better;
        }
        if is_better(at.0, self.best.0) {
            self.best = at;
        }
    }

    /// Looks at choices, whichever they are.
    fn look_at_all(&mut self, all: &[Choice]) {
        for choice in all {
            let (goal, limit) = (self.goal, self.best.0);
            if let Some(outcome) = self.evaluator.outcome_where(choice, |outcome| is_better(goal.score(outcome), limit)) {
                self.best = (goal.score(&outcome), choice.clone(), outcome);
            }
        }
    }

    /// From the best, two changes that pay together, though neither does alone; whether there are any.
    fn pair_of_changes(&mut self) -> bool {
        let at = self.best.1.clone();
        for job in 0..self.near.len() {
            for first in self.changes(&at, job) {
                let Some(changed) = first.of(self.problem, &at) else { continue };
                for other in self.touched(&at, &changed) {
                    for second in self.changes(&changed, other) {
                        if self.left == 0 {
                            return false;
                        }
                        let Some(both) = second.of(self.problem, &changed) else { continue };
                        self.left -= 1;
                        let (goal, limit) = (self.goal, self.best.0);
                        let found = self.evaluator.outcome_where(&both, |outcome| is_better(goal.score(outcome), limit));
                        if let Some(outcome) = found {
                            let jobs = self.touched(&at, &both);
                            self.best = (goal.score(&outcome), both.clone(), outcome);
                            self.climb(both, jobs.into_iter());
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    /// The best of the changes of a job, where it is better.
    fn better(&mut self, at: &(f64, Choice, Outcome), job: usize) -> Option<(f64, Choice, Outcome)> {
        let mut best: Option<(f64, Choice, Outcome)> = None;
        for change in self.changes(&at.1, job) {
            if self.left == 0 {
                break;
            }
            let Some(changed) = change.of(self.problem, &at.1) else { continue };
            self.left -= 1;
            let limit = best.as_ref().map_or(at.0, |best| best.0);
            let goal = self.goal;
            let is_of_use = |outcome: &Outcome| is_better(goal.score(outcome), limit);
            if let Some(outcome) = self.evaluator.outcome_where(&changed, is_of_use) {
                best = Some((goal.score(&outcome), changed, outcome));
            }
        }
        best
    }

    /// The jobs whose groups differ, and what is near them.
    fn touched(&self, one: &Choice, other: &Choice) -> Vec<usize> {
        let differs = |job: &usize| {
            let of = |choice: &Choice| (choice.group[*job], choice.shards[*job], choice.machine[*job], choice.beside[*job]);
            of(one) != of(other)
        };
        let moved = |data: &&Data| one.cached[data.path] != other.cached[data.path];
        let data = if one.cached == other.cached { &[][..] } else { &self.problem.data };
        let carried = data.iter().filter(moved).flat_map(|data| [data.from, data.to]);
        let differing: Vec<usize> = (0..self.near.len()).filter(differs).chain(carried).collect();
        let mut all: Vec<usize> = differing.iter().flat_map(|&job| self.near[job].iter().copied().chain([job])).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Every change that there is of a job, or of the group that it is the first of.
    fn changes(&self, at: &Choice, job: usize) -> Vec<Change> {
        let mut all = Vec::new();
        let own = at.group[job];
        let mut groups: Vec<usize> = self.near[job].iter().map(|&other| at.group[other]).filter(|&group| group != own).collect();
        groups.sort_unstable();
        groups.dedup();
        for &group in &groups {
            let machines = [at.machine[group], at.machine[own]];
            let several = 1 + usize::from(machines[0] != machines[1]);
            for &machine in &machines[..several] {
                all.push(Change::Join(group, own, machine, false));
                let beside = [job, group].iter().any(|&job| self.problem.jobs[job].in_background()) || at.beside[group];
                all.extend(beside.then_some(Change::Join(group, own, machine, true)));
            }
        }
        let is_alone = (0..at.group.len()).all(|other| other == job || at.group[other] != own);
        if !is_alone {
            all.extend(groups.iter().map(|&group| Change::Move(job, group)));
            all.extend(self.problem.jobs[job].places().map(|machine| Change::Leave(job, machine)));
            let any = || (0..at.group.len()).any(|other| at.group[other] == own && self.problem.jobs[other].in_background());
            all.extend((own == job && any()).then_some(Change::Beside(own)));
        }
        let item = &self.problem.jobs[job];
        let shards = item.shards.iter().filter(|&&count| is_alone && count != at.shards[job]);
        all.extend(shards.map(|&count| Change::Shards(job, count)));
        let machines = item.places().filter(|&machine| own == job && machine != at.machine[job]);
        all.extend(machines.map(|machine| Change::Machine(job, machine)));
        all.extend(self.cacheable[job].iter().copied().map(Change::Cached));
        all
    }
}

fn is_better(one: f64, other: f64) -> bool {
    one < other - 1e-12
}
