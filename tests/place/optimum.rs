//! The search against all choices there are, looked at one by one.

use std::sync::Arc;

use pipelay::cost::Machine;
use pipelay::cost::Variation;
use pipelay::hir::Objective;
use pipelay::passes::place::objective::Goal;
use pipelay::passes::place::problem::{Choice, Data, Item, Outcome, Problem};
use pipelay::passes::place::search;

/// A pipeline that is made up: its number, how many jobs, on how many machines, and whether with shards.
fn problem(seed: u64, most: usize, least: usize, machines: usize, shards: bool) -> Problem {
    let mut random = Variation::new(seed);
    let mut below = |count: usize| (random.even() * count as f64) as usize;
    let count = least + below(most - least + 1);
    let kinds = 1 + below(2);
    let offered: Vec<(Arc<Machine>, f64)> = [("two", 2, 0.006, 1.0), ("arm", 2, 0.005, 1.0), ("four", 4, 0.012, 0.6)][..machines]
        .iter()
        .map(|&(label, cores, price, factor)| {
            let machine =
                Machine { label: label.into(), os: "linux".into(), cores, price: Some(price), billed: 60.0, longest: 21_600.0 };
            (Arc::new(machine), factor)
        })
        .collect();
    let mut problem = Problem { concurrent: 20, concurrent_macos: 5, ..Problem::default() };
    for job in 0..count {
        let mut needs: Vec<usize> = (0..below(3).min(job)).map(|_| below(job)).collect();
        needs.sort_unstable();
        needs.dedup();
        for &from in &needs {
            if below(2) == 0 {
                problem.data.push(Data { from, to: job, path: below(2), send: 8.0, receive: 6.0 });
            }
        }
        let rows = if below(6) == 0 { 2 } else { 1 };
        problem.push(Item {
            needs,
            overhead: 30.0 + below(120) as f64,
            rows: (0..rows).map(|_| 10.0 + below(600) as f64).collect(),
            at_once: rows,
            timeout: 21_600.0,
            shards: if shards && rows == 1 && below(3) == 0 { vec![1, 2, 4] } else { Vec::new() },
            machines: offered.clone(),
            kind: (rows == 1).then(|| below(kinds)),
            ..Item::default()
        });
    }
    problem
}

/// Looks at every choice: each job joins a group that was begun or begins one, each group takes each machine, each job alone each number of shards.
fn all(problem: &Problem, job: usize, choice: &mut Choice, see: &mut dyn FnMut(&Choice)) {
    if job == problem.jobs.len() {
        return see(choice);
    }
    for group in (0..job).filter(|&other| choice.group[other] == other).collect::<Vec<_>>() {
        if choice.shards[group] == 1 && problem.may_share(group, job) {
            (choice.group[job], choice.shards[job], choice.machine[job]) = (group, 1, choice.machine[group]);
            all(problem, job + 1, choice, see);
        }
    }
    choice.group[job] = job;
    let shards = if problem.jobs[job].shards.is_empty() { vec![1] } else { problem.jobs[job].shards.clone() };
    for machine in 0..problem.jobs[job].machines.len() {
        for &count in &shards {
            (choice.group[job], choice.shards[job], choice.machine[job]) = (job, count, machine);
            all(problem, job + 1, choice, see);
        }
    }
}

/// How far the search stays behind the best, in percent: in the mean, at worst, and how often it does.
fn gaps(problems: impl Iterator<Item = Problem>) -> (f64, f64, usize, usize) {
    let (mut sum, mut worst, mut missed, mut count) = (0.0, 0.0f64, 0, 0);
    for problem in problems {
        let written = problem.outcome(&problem.written()).unwrap();
        for objective in [Objective::Balanced, Objective::Time, Objective::Cost] {
            let goal = Goal { objective, written, deadline: None, budget: None, shards: false };
            let mut best = goal.score(&written);
            let mut see = |choice: &Choice| {
                if let Some(outcome) = problem.outcome(choice) {
                    best = best.min(goal.score(&outcome));
                }
            };
            all(&problem, 0, &mut problem.written(), &mut see);
            let (choice, found): (Choice, Outcome) = search::best(&problem, &goal);
            assert_eq!(problem.outcome(&choice), Some(found), "what was found is what it comes to");
            let gap = (goal.score(&found) / best - 1.0) * 100.0;
            assert!(gap > -1e-6, "nothing is better than the best: {gap}");
            (sum, worst, missed, count) = (sum + gap, worst.max(gap), missed + usize::from(gap > 1e-6), count + 1);
        }
    }
    (sum / f64::from(count), worst, missed, count as usize)
}

#[test]
fn small_pipelines_get_the_best_there_is() {
    let small = gaps((0..60).map(|seed| problem(seed, 5, 2, 3, true)));
    let larger = gaps((0..6).map(|seed| problem(1000 + seed, 7, 6, 2, false)));
    for (mean, worst, ..) in [small, larger] {
        assert!(mean <= 1.0 && worst <= 5.0, "{small:?} {larger:?}");
    }
}

/// All that is asked for; minutes. `cargo test --release --test promises place::optimum::full -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn full() {
    let small = gaps((0..500).map(|seed| problem(seed, 5, 2, 3, true)));
    eprintln!(
        "500 pipelines up to 5 jobs, shards, 3 machines, each objective: gap in percent (mean, worst, missed, of) {small:?}"
    );
    let larger = gaps((0..200).map(|seed| problem(1000 + seed, 8, 6, 2, false)));
    eprintln!("200 pipelines of 6 to 8 jobs, 2 machines: {larger:?}");
    assert!(small.0 <= 1.0 && small.1 <= 5.0 && larger.0 <= 1.0 && larger.1 <= 5.0);
}
