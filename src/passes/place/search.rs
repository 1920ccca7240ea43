//! The search for the best choice: local, from several starts, within a number of steps that is fixed, so that it ends the same everywhere.
//!
//! A step looks at one change of a choice: two groups become one, a job leaves its group or goes over into another, its shards or its machine change.
//! The best of all changes is taken until none is better; then from other starts. With many jobs only changes between neighbours are looked at.

use super::objective::Goal;
use super::problem::{Choice, Outcome, Problem};
use crate::cost::Variation;

/// So many choices are looked at, at most: for up to eight jobs it is as good as all of them, see `tests/place/optimum.rs`.
pub const BUDGET: usize = 6_000;
/// With so many of those before it each job is put together for a start.
const STARTS: usize = 12;

/// The best choice that was found, and what it comes to; as it was written, where nothing is better.
pub fn best(problem: &Problem, goal: &Goal) -> (Choice, Outcome) {
    let written = problem.written();
    let mut search =
        Search { problem, goal, left: budget(problem), best: (goal.score(&goal.written), written.clone(), goal.written) };
    for start in starts(problem, &written) {
        search.climb(start);
    }
    // Then from what is near the best, as long as there is something left.
    let mut variation = Variation::new(1);
    for _ in 0..SHAKES {
        let start = shaken(problem, &search.best.1, &mut variation);
        search.climb(start);
    }
    (search.best.1, search.best.2)
}

/// Fewer choices where each takes longer to look at.
fn budget(problem: &Problem) -> usize {
    let jobs = problem.jobs.len().max(1);
    (BUDGET * 8 / jobs.max(8)).max(200)
}

/// So often the best is shaken.
const SHAKES: usize = 60;

/// A choice with a few changes, whatever they are worth.
fn shaken(problem: &Problem, best: &Choice, variation: &mut Variation) -> Choice {
    let mut choice = best.clone();
    for _ in 0..2 + (variation.even() * 3.0) as usize {
        let all = changes(problem, &choice);
        let Some(change) = all.get((variation.even() * all.len() as f64) as usize) else { break };
        let changed = change.of(&choice);
        if problem.is_allowed(&changed) && problem.order(&changed).is_some() {
            choice = changed;
        }
    }
    choice
}

struct Search<'p> {
    problem: &'p Problem,
    goal: &'p Goal,
    /// How many choices may still be looked at.
    left: usize,
    best: (f64, Choice, Outcome),
}

impl Search<'_> {
    /// From a start, the best change again and again; with many jobs the first that is better.
    fn climb(&mut self, start: Choice) {
        if self.left == 0 {
            return;
        }
        let Some(outcome) = self.problem.outcome(&start) else { return };
        let mut at = (self.goal.score(&outcome), start, outcome);
        let many = self.problem.jobs.len() > FEW;
        loop {
            let mut next: Option<(f64, Choice, Outcome)> = None;
            for change in changes(self.problem, &at.1) {
                if self.left == 0 || many && next.as_ref().is_some_and(|(score, ..)| is_better(*score, at.0)) {
                    break;
                }
                self.left -= 1;
                let changed = change.of(&at.1);
                let Some(outcome) = self.problem.outcome(&changed) else { continue };
                let score = self.goal.score(&outcome);
                if next.as_ref().is_none_or(|(best, ..)| score < *best) {
                    next = Some((score, changed, outcome));
                }
            }
            match next.filter(|(score, ..)| is_better(*score, at.0)) {
                Some(better) => at = better,
                None => break,
            }
        }
        if is_better(at.0, self.best.0) {
            self.best = at;
        }
    }
}

fn is_better(one: f64, other: f64) -> bool {
    one < other - 1e-12
}

/// Where the search begins: as it was written; all that may share does; each job with what it alone waits for; every shard there may be.
fn starts(problem: &Problem, written: &Choice) -> Vec<Choice> {
    let mut all = vec![written.clone()];
    let most = |choice: &Choice| {
        let mut choice = choice.clone();
        for (job, item) in problem.jobs.iter().enumerate() {
            choice.shards[job] = item.shards.iter().copied().max().unwrap_or(1);
        }
        choice
    };
    all.push(most(written));
    if problem.jobs.iter().any(|item| item.piece_of.is_some()) {
        all.push(Choice { group: (0..problem.jobs.len()).collect(), ..written.clone() });
    }
    let few = problem.jobs.len() <= FEW;
    let mut together = written.clone();
    for job in (0..problem.jobs.len()).filter(|_| few) {
        for other in 0..job {
            let joined = joined(&together, other, job);
            if problem.is_allowed(&joined) && problem.order(&joined).is_some() {
                together = joined;
            }
        }
    }
    all.push(together);
    // Chains: with the last of those that it needs.
    let mut chains = written.clone();
    for (job, item) in problem.jobs.iter().enumerate() {
        for &need in item.needs.iter().rev() {
            let joined = joined(&chains, need, job);
            if problem.is_allowed(&joined) && problem.order(&joined).is_some() {
                chains = joined;
                break;
            }
        }
    }
    all.push(chains);
    for machine in 1..problem.jobs.iter().map(|item| item.machines.len()).max().unwrap_or(1) {
        let mut moved = written.clone();
        for (job, item) in problem.jobs.iter().enumerate() {
            moved.machine[job] = machine.min(item.machines.len() - 1);
        }
        all.push(moved);
    }
    // Each pair together, for plans in which two changes pay that do not pay alone.
    for job in (0..problem.jobs.len()).filter(|_| few) {
        for other in (0..job).rev().take(STARTS) {
            let pair = joined(written, other, job);
            if problem.is_allowed(&pair) && problem.order(&pair).is_some() {
                all.push(pair);
            }
        }
    }
    all
}

/// With more jobs than these, a group is joined only with those that it waits for or that stand before it.
const FEW: usize = 24;

/// One change of a choice.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// Two groups become one, on one of the machines that they had.
    Join(usize, usize, usize),
    /// A job gets a machine of its own.
    Leave(usize),
    /// A job goes over into another group.
    Move(usize, usize),
    /// A job has another number of shards.
    Shards(usize, u32),
    /// A group has another machine.
    Machine(usize, usize),
}

impl Change {
    fn of(self, at: &Choice) -> Choice {
        let mut changed = at.clone();
        match self {
            Self::Join(one, other, machine) => {
                let group = at.group[one].min(at.group[other]);
                changed = joined(at, one, other);
                changed.on(group, machine);
            }
            Self::Leave(job) => return left(at, job),
            // Alone it may be dearer than in either.
            Self::Move(job, group) => return joined(&left(at, job), group.min(job), group.max(job)),
            Self::Shards(job, count) => changed.shards[job] = count,
            Self::Machine(group, machine) => changed.on(group, machine),
        }
        changed
    }
}

impl Choice {
    /// Puts a group on a machine.
    fn on(&mut self, group: usize, machine: usize) {
        (0..self.group.len()).filter(|&job| self.group[job] == group).for_each(|job| self.machine[job] = machine);
    }
}

/// Every change that there is.
fn changes(problem: &Problem, at: &Choice) -> Vec<Change> {
    let mut all = Vec::new();
    let count = problem.jobs.len();
    let mut size = vec![0; count];
    at.group.iter().for_each(|&group| size[group] += 1);
    let groups: Vec<usize> = (0..count).filter(|&job| at.group[job] == job).collect();
    if count <= FEW {
        for (place, &later) in groups.iter().enumerate() {
            for &earlier in groups[..place].iter().filter(|&&earlier| problem.may_share(earlier, later)) {
                let machines = [at.machine[earlier], at.machine[later]];
                let several = 1 + usize::from(machines[0] != machines[1]);
                all.extend(machines[..several].iter().map(|&machine| Change::Join(earlier, later, machine)));
            }
        }
    } else {
        // With what it waits for, and with what was written before it.
        for job in 0..count {
            let near = problem.jobs[job].needs.iter().copied().chain(job.checked_sub(1));
            let joins = near.filter(|&other| at.group[other] != at.group[job] && problem.may_share(other, job));
            all.extend(joins.map(|other| Change::Join(other, job, at.machine[at.group[other]])));
        }
    }
    for job in 0..count {
        let alone = size[at.group[job]] == 1;
        if !alone {
            let others = groups.iter().filter(|&&group| count <= FEW && group != at.group[job] && problem.may_share(group, job));
            all.extend(others.map(|&group| Change::Move(job, group)));
            all.push(Change::Leave(job));
        }
        let item = &problem.jobs[job];
        let shards = item.shards.iter().filter(|&&count| alone && count != at.shards[job]);
        all.extend(shards.map(|&count| Change::Shards(job, count)));
        let machines = (0..item.machines.len()).filter(|&machine| at.group[job] == job && machine != at.machine[job]);
        all.extend(machines.map(|machine| Change::Machine(job, machine)));
    }
    all
}

/// The groups of two jobs are one, on the machine of the first.
fn joined(at: &Choice, one: usize, other: usize) -> Choice {
    let mut change = at.clone();
    let (first, second) = (at.group[one].min(at.group[other]), at.group[one].max(at.group[other]));
    let machine = at.machine[first];
    for job in 0..change.group.len() {
        if change.group[job] == second {
            change.group[job] = first;
            change.machine[job] = machine;
            change.shards[job] = 1;
        }
    }
    change.shards[first] = 1;
    change
}

/// A job is alone again; what it was with is a group without it.
fn left(at: &Choice, job: usize) -> Choice {
    let mut change = at.clone();
    let rest: Vec<usize> = (0..at.group.len()).filter(|&other| other != job && at.group[other] == at.group[job]).collect();
    if let Some(&first) = rest.first() {
        rest.iter().for_each(|&other| change.group[other] = first);
    }
    change.group[job] = job;
    change
}
