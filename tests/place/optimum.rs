//! The search against all choices there are, looked at one by one.

use pipelay::cost::{Quotas, Variation};
use pipelay::hir::Objective;
use pipelay::passes::place::evaluate::Evaluator;
use pipelay::passes::place::objective::Goal;
use pipelay::passes::place::problem::{Beside, Choice, Outcome, Problem};
use pipelay::passes::place::search;

use super::{judge, problems};

/// The paths that may travel in a cache.
fn cacheable(problem: &Problem) -> Vec<usize> {
    let mut paths: Vec<usize> = problem.data.iter().filter(|data| data.cache.is_some()).map(|data| data.path).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Looks at every choice: each job joins a group that was begun or begins one, each group takes each machine, each job alone each number of shards, each path
/// an artifact or a cache.
fn all(problem: &Problem, job: usize, choice: &mut Choice, see: &mut dyn FnMut(&Choice)) {
    if job == problem.jobs.len() {
        let paths = cacheable(problem);
        for bits in 0..1u32 << paths.len() {
            paths.iter().enumerate().for_each(|(at, &path)| choice.cached[path] = bits >> at & 1 == 1);
            see(choice);
        }
        return;
    }
    for group in (0..job).filter(|&other| choice.group[other] == other).collect::<Vec<_>>() {
        if choice.shards[group] == 1 && problem.jobs[group].kind.is_some() && problem.jobs[group].kind == problem.jobs[job].kind {
            (choice.group[job], choice.shards[job], choice.machine[job]) = (group, 1, choice.machine[group]);
            // The second of a group decides whether it runs side by side.
            let is_second = choice.group[..job].iter().filter(|&&other| other == group).count() == 1;
            let is_any = problem.jobs.iter().any(|item| item.beside == Beside::Background);
            let ways = if is_second { vec![false, true] } else { vec![choice.beside[group]] };
            for beside in ways.into_iter().filter(|beside| !beside || is_any) {
                (choice.beside[group], choice.beside[job]) = (beside, beside);
                all(problem, job + 1, choice, see);
            }
            if is_second {
                choice.beside[group] = false;
            }
        }
    }
    (choice.group[job], choice.beside[job]) = (job, false);
    let shards = if problem.jobs[job].shards.is_empty() { vec![1] } else { problem.jobs[job].shards.clone() };
    for machine in 0..problem.jobs[job].machines.len() {
        for &count in &shards {
            (choice.group[job], choice.shards[job], choice.machine[job]) = (job, count, machine);
            all(problem, job + 1, choice, see);
        }
    }
}

pub(super) const OBJECTIVES: [Objective; 3] = [Objective::Balanced, Objective::Time, Objective::Cost];

/// The best score that there is for each objective, by the judge.
pub(super) fn optima(problem: &Problem) -> [(Goal, f64); 3] {
    let written = judge::outcome(problem, &problem.written()).unwrap();
    let mut goals = OBJECTIVES.map(|objective| {
        let goal = Goal { objective, written, deadline: None, budget: None, shards: false };
        (goal, goal.score(&written))
    });
    let mut see = |choice: &Choice| {
        if let Some(outcome) = judge::outcome(problem, choice) {
            goals.iter_mut().for_each(|(goal, best)| *best = best.min(goal.score(&outcome)));
        }
    };
    all(problem, 0, &mut problem.written(), &mut see);
    goals
}

fn is_same(one: &Outcome, other: &Outcome) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-6 * one.abs().max(1e-3);
    near(one.wall, other.wall) && near(one.dollars, other.dollars) && near(one.billed, other.billed)
}

/// How far the search stays behind the best, in percent: in the mean, at worst, and how often it does.
fn gaps(problems: impl Iterator<Item = Problem>) -> (f64, f64, usize, usize) {
    let (mut sum, mut worst, mut missed, mut count) = (0.0, 0.0f64, 0, 0);
    for problem in problems {
        for (goal, best) in optima(&problem) {
            let (choice, found): (Choice, Outcome) = search::best(&problem, &goal);
            let judged = judge::outcome(&problem, &choice).expect("what was found is allowed");
            assert!(is_same(&judged, &found), "what was found is what it comes to: {judged:?} {found:?}");
            let gap = (goal.score(&judged) / best - 1.0) * 100.0;
            assert!(gap > -1e-3, "nothing is better than the best: {gap}");
            (sum, worst, missed, count) = (sum + gap, worst.max(gap), missed + usize::from(gap > 1e-3), count + 1);
        }
    }
    (sum / f64::from(count), worst, missed, count as usize)
}

#[test]
fn small_pipelines_get_the_best_there_is() {
    let small = gaps((0..500).map(|seed| problems::small(seed, 5, 2, 3, true)));
    eprintln!(
        "500 pipelines up to 5 jobs, shards, 3 machines, each objective: gap in percent (mean, worst, missed, of) {small:?}"
    );
    let larger = gaps((0..200).map(|seed| problems::small(1000 + seed, 8, 6, 2, false)));
    eprintln!("200 pipelines of 6 to 8 jobs, 2 machines: {larger:?}");
    let guarded = gaps((0..200).map(|seed| problems::guarded(problems::small(2000 + seed, 6, 3, 2, false), seed)));
    eprintln!("200 pipelines of 3 to 6 jobs, 2 machines, jobs that are left out in some runs: {guarded:?}");
    let beside = gaps((0..200).map(|seed| problems::beside(problems::small(4000 + seed, 6, 3, 2, false), seed)));
    eprintln!("200 pipelines of 3 to 6 jobs, 2 machines, jobs that may run side by side: {beside:?}");
    let chosen = gaps((0..200).map(|seed| problems::chosen(problems::small(3000 + seed, 6, 3, 2, false), seed)));
    eprintln!("200 pipelines of 3 to 6 jobs, 2 machines of which one ends jobs early and is none for some: {chosen:?}");
    let cached = gaps((0..200).map(|seed| problems::cached(problems::small(5000 + seed, 5, 3, 2, false), seed)));
    eprintln!("200 pipelines of 3 to 5 jobs, 2 machines, files that travel in artifacts or caches: {cached:?}");
    let pieces = gaps((0..200).map(|seed| problems::pieces(&problems::small(6000 + seed, 3, 2, 2, false), seed)));
    eprintln!("200 pipelines of 2 to 3 jobs of which most come in pieces, 2 machines: {pieces:?}");
    let locking = gaps((0..200).map(|seed| problems::locking(problems::small(7000 + seed, 5, 3, 2, false), seed)));
    eprintln!("200 pipelines of 3 to 5 jobs of which some wait for each other's locks, 2 machines: {locking:?}");
    assert!(
        [small, larger, guarded, beside, chosen, cached, pieces, locking]
            .iter()
            .all(|(mean, worst, ..)| *mean <= 1.0 && *worst <= 5.0)
    );
}

/// A choice that was made up, allowed or not.
fn made_up(problem: &Problem, random: &mut Variation) -> Choice {
    let mut below = |count: usize| (random.even() * count as f64) as usize;
    let mut choice = problem.written();
    choice.group = (0..problem.jobs.len()).collect();
    for job in 0..problem.jobs.len() {
        choice.machine[job] = below(problem.jobs[job].machines.len());
        let near = job.saturating_sub(6) + below(6.min(job) + 1);
        // Mostly what is one as it was written stays so.
        let whole = problem.jobs[job].piece_of.filter(|&whole| whole < job && choice.group[whole] == whole && below(3) > 0);
        if let Some(whole) = whole {
            (choice.group[job], choice.machine[job]) = (whole, choice.machine[whole]);
        } else if below(3) == 0 && choice.group[near] != job && problem.jobs[near].kind == problem.jobs[job].kind {
            choice.group[job] = choice.group[near];
            choice.machine[job] = choice.machine[choice.group[near]];
        } else if below(3) == 0 {
            choice.shards[job] = problem.jobs[job].shards.get(below(4)).copied().unwrap_or(1);
        }
    }
    for job in 0..problem.jobs.len() {
        if choice.group.iter().filter(|&&group| group == choice.group[job]).count() > 1 {
            choice.shards[job] = 1;
            choice.beside[job] = if choice.group[job] == job { below(2) == 0 } else { choice.beside[choice.group[job]] };
        }
    }
    cacheable(problem).into_iter().for_each(|path| choice.cached[path] = below(2) == 0);
    choice
}

#[test]
fn what_the_search_thinks_of_a_choice_is_what_the_judge_says() {
    let (mut same, mut refused) = (0, 0);
    for seed in 0..120 {
        let mut problem = problems::small(seed, 12, 2, 3, true);
        problem.quotas = Quotas { standard: 1 + seed as usize % 5, macos: 1 + seed as usize % 2, larger: 1 + seed as usize % 3 };
        if seed % 2 == 0 {
            problem = problems::guarded(problem, seed);
        }
        if seed % 4 > 1 {
            problem = problems::beside(problem, seed);
        }
        if seed % 4 == 1 {
            problem = problems::chosen(problem, seed);
        }
        if seed % 5 > 2 {
            problem = problems::cached(problem, seed);
        }
        if seed % 7 == 0 {
            problem = problems::locking(problem, seed);
        }
        // Conditions are told by the numbers of jobs, and these change.
        if seed % 4 == 3 {
            problem = problems::pieces(&problem, seed);
        }
        if seed % 3 == 0 && seed % 4 != 3 {
            problem.jobs.iter_mut().for_each(|item| item.timeout = 700.0);
        }
        let mut random = Variation::new(seed);
        // One after the other, so that what is remembered of the one before would show.
        let mut evaluator = Evaluator::new(&problem);
        for _ in 0..40 {
            let choice = made_up(&problem, &mut random);
            let (judged, found) = (judge::outcome(&problem, &choice), evaluator.outcome(&choice));
            assert_eq!(judged.is_some(), found.is_some(), "seed {seed}: {judged:?} {found:?} {choice:?}");
            if let (Some(judged), Some(found)) = (judged, found) {
                assert!(is_same(&judged, &found), "seed {seed}: {judged:?} {found:?} {choice:?}");
                let none = evaluator.outcome_where(&choice, |outcome| outcome.wall < found.wall * (1.0 - 1e-6));
                assert_eq!(none, None, "seed {seed}: it is never better than it is");
                let quick = evaluator.outcome_where(&choice, |outcome| outcome.wall <= found.wall);
                assert_eq!(quick, Some(found), "seed {seed}: what comes before a run does not go beyond it");
                same += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(same > 400 && refused > 400, "both happen: {same} {refused}");
}
