//! How much is lost by a search that ends after so many steps, from which `search::steps` was chosen; and how far the best lies above what nothing can
//! undercut. `cargo test --release --test promises place::budget -- --ignored --nocapture`
//!
//! As measured, over 50 pipelines each (30 of 200 jobs, 10 of 1,000), medians: `balanced` comes to 1.13 times the least time (at worst 1.21, 1.22, 1.16, 1.15
//! for 20, 60, 200, 1,000 jobs; as written 1.18 to 1.22) and 1.19 times the least money (at worst 1.30, 1.24, 1.22, 1.20; as written 1.55 to 1.57); `time` to
//! the same; `cost` to 1.11 times the least money (at worst 1.24, 1.15, 1.13, 1.12), in about twice the time.

use pipelay::passes::place::objective::Goal;
use pipelay::passes::place::problem::{Outcome, Problem};
use pipelay::passes::place::search::{best, best_within, steps};

use super::optimum::{OBJECTIVES, optima};
use super::problems;

const STEPS: [usize; 8] = [100, 300, 1_000, 2_000, 3_000, 6_000, 12_000, 50_000];

fn goals(problem: &Problem) -> Vec<Goal> {
    let written = problem.outcome(&problem.written()).unwrap();
    OBJECTIVES.map(|objective| Goal { objective, written, deadline: None, budget: None, shards: false }).to_vec()
}

/// A line of the table: the mean and the worst gap in percent for each number of steps.
fn line(what: &str, problems: impl Iterator<Item = (Problem, Vec<(Goal, Option<f64>)>)>) {
    let mut gaps = vec![Vec::new(); STEPS.len()];
    for (problem, goals) in problems {
        for (goal, best) in goals {
            let scores = STEPS.map(|steps| goal.score(&best_within(&problem, &goal, steps, &[]).1));
            let best = best.unwrap_or_else(|| scores.iter().copied().fold(f64::INFINITY, f64::min));
            gaps.iter_mut().zip(scores).for_each(|(gaps, score)| gaps.push((score / best - 1.0) * 100.0));
        }
    }
    let cell = |gaps: &Vec<f64>| {
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        format!("{mean:.2} / {:.1}", gaps.iter().copied().fold(0.0, f64::max))
    };
    eprintln!("| {what} | {} |", gaps.iter().map(cell).collect::<Vec<_>>().join(" | "));
}

#[test]
#[ignore = "takes minutes"]
fn gap_by_steps() {
    eprintln!("| mean / worst gap, % | {} |", STEPS.map(|steps| steps.to_string()).join(" | "));
    let judged = |problem: Problem| {
        let goals = optima(&problem).map(|(goal, best)| (goal, Some(best))).to_vec();
        (problem, goals)
    };
    line(
        "2 to 5 jobs, shards, 3 machines, against the optimum",
        (0..500).map(|seed| judged(problems::small(seed, 5, 2, 3, true))),
    );
    line(
        "6 to 8 jobs, 2 machines, against the optimum",
        (0..200).map(|seed| judged(problems::small(1000 + seed, 8, 6, 2, false))),
    );
    for (jobs, count) in [(20, 50), (60, 50), (200, 50), (1_000, 5)] {
        let problems = (0..count).map(|seed| {
            let problem = problems::large(seed, jobs);
            let goals = goals(&problem).into_iter().map(|goal| (goal, None)).collect();
            (problem, goals)
        });
        line(&format!("{jobs} jobs, against the best found"), problems);
    }
}

/// A time that no choice undercuts: the longest chain of jobs on the fastest machine, with one least overhead and nothing handed over; and all work on as many
/// machines as there may be. And the money: all work on the cheapest machine with one overhead, up to a whole minute.
fn bounds(problem: &Problem) -> Outcome {
    let fastest = |job: usize| problem.jobs[job].machines.iter().map(|(_, factor)| *factor).fold(f64::INFINITY, f64::min);
    let work = |job: usize| problem.jobs[job].rows.iter().sum::<f64>();
    let least = problem.jobs.iter().map(|item| item.overhead).fold(f64::INFINITY, f64::min);
    let mut ends: Vec<f64> = Vec::new();
    for (job, item) in problem.jobs.iter().enumerate() {
        let begin = item.needs.iter().map(|&need| ends[need]).fold(0.0, f64::max);
        ends.push(begin + work(job) * fastest(job));
    }
    let path = ends.iter().copied().fold(0.0, f64::max);
    let all: f64 = (0..problem.jobs.len()).map(|job| work(job) * fastest(job)).sum();
    let wall = least + path.max(all / problem.quotas.standard as f64);
    let a_second = |job: usize| {
        let machines = problem.jobs[job].machines.iter();
        machines.map(|(machine, factor)| factor * machine.price.unwrap() / 60.0).fold(f64::INFINITY, f64::min)
    };
    let cheapest = problem.jobs[0].machines.iter().filter_map(|(machine, _)| machine.price).fold(f64::INFINITY, f64::min);
    let dollars: f64 = least * cheapest / 60.0 + (0..problem.jobs.len()).map(|job| work(job) * a_second(job)).sum::<f64>();
    Outcome { wall, dollars: (dollars / cheapest).ceil() * cheapest, billed: 0.0 }
}

#[test]
#[ignore = "takes minutes"]
fn ratios_to_lower_bounds() {
    eprintln!("| jobs | steps | objective | wall: written, best (worst) | dollars: written, best (worst) |");
    for (jobs, count) in [(20, 50), (60, 50), (200, 30), (1_000, 10)] {
        for (place, objective) in OBJECTIVES.iter().enumerate() {
            let mut ratios: [Vec<f64>; 4] = Default::default();
            for seed in 0..count {
                let problem = problems::large(seed, jobs);
                let goal = goals(&problem)[place];
                let (bounds, found) = (bounds(&problem), best(&problem, &goal).1);
                assert!(found.wall >= bounds.wall - 1e-6 && found.dollars >= bounds.dollars - 1e-6, "{bounds:?} {found:?}");
                let written = goal.written;
                let all = [
                    written.wall / bounds.wall,
                    found.wall / bounds.wall,
                    written.dollars / bounds.dollars,
                    found.dollars / bounds.dollars,
                ];
                ratios.iter_mut().zip(all).for_each(|(ratios, ratio)| ratios.push(ratio));
            }
            ratios.iter_mut().for_each(|ratios| ratios.sort_by(f64::total_cmp));
            let [time, best_time, money, best_money] = ratios.map(|ratios| (ratios[ratios.len() / 2], ratios[ratios.len() - 1]));
            eprintln!(
                "| {jobs} | {} | {objective:?} | {:.2}, {:.2} ({:.2}) | {:.2}, {:.2} ({:.2}) |",
                steps(jobs),
                time.0,
                best_time.0,
                best_time.1,
                money.0,
                best_money.0,
                best_money.1
            );
        }
    }
}
