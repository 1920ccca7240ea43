//! Pipelines that are made up, as numbers.

use std::sync::Arc;

use pipelay::cost::{Machine, Quota, Variation};
use pipelay::passes::place::problem::{Beside, Data, Item, Problem, Transfer};

/// What an artifact takes.
const ARTIFACT: Transfer = Transfer { send: 8.0, receive: 6.0 };

/// A pipeline: its number, how many jobs, on how many machines, and whether with shards.
pub(super) fn small(seed: u64, most: usize, least: usize, machines: usize, shards: bool) -> Problem {
    let mut random = Variation::new(seed);
    let mut below = |count: usize| (random.even() * count as f64) as usize;
    let count = least + below(most - least + 1);
    let kinds = 1 + below(2);
    let offered = machines_of(machines);
    let mut problem = Problem::default();
    for job in 0..count {
        let mut needs: Vec<usize> = (0..below(3).min(job)).map(|_| below(job)).collect();
        needs.sort_unstable();
        needs.dedup();
        for &from in &needs {
            if below(2) == 0 {
                problem.data.push(Data { from, to: job, path: 2 * from + below(2), artifact: ARTIFACT, cache: None });
            }
        }
        let rows = if below(6) == 0 { 2 } else { 1 };
        problem.push(Item {
            needs,
            overhead: 30.0 + below(120) as f64,
            rows: (0..rows).map(|_| 10.0 + below(600) as f64).collect(),
            at_once: if rows == 1 { 3 } else { rows },
            timeout: 21_600.0,
            shards: if shards && rows == 1 && below(3) == 0 { vec![1, 2, 4] } else { Vec::new() },
            machines: offered.clone(),
            kind: (rows == 1).then(|| below(kinds)),
            ..Item::default()
        });
    }
    problem
}

fn machines_of(count: usize) -> Vec<(Arc<Machine>, f64)> {
    let all = [("two", "linux", 2, 0.006, 1.0), ("arm", "linux", 2, 0.005, 1.0), ("mac", "macos", 4, 0.012, 0.6)];
    let machine = |(name, os, cores, price, factor): &(&str, &str, u32, f64, f64)| {
        let (label, os, cores, price, factor) = ((*name).into(), (*os).into(), *cores, *price, *factor);
        let quota = if *name == "mac" { Quota::Macos } else { Quota::Standard };
        let machine =
            Machine { label, os, cores, price: Some(price), billed: 60.0, longest: 21_600.0, quota, ..Machine::default() };
        (Arc::new(machine), factor)
    };
    all[..count].iter().map(machine).collect()
}

/// The same with up to three conditions, each of which holds in a part of all runs.
pub(super) fn guarded(mut problem: Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0x9a7d);
    let skipped: Vec<f64> = (0..3).map(|_| (random.even() * 10.0).floor() / 10.0).collect();
    for job in 0..problem.jobs.len() {
        let condition = (random.even() < 0.4).then(|| (random.even() * 3.0) as usize);
        let needs = problem.jobs[job].needs.clone();
        let skips = needs.iter().flat_map(|&need| problem.jobs[need].skips.clone()).chain(condition.map(|_| job)).collect();
        let item = &mut problem.jobs[job];
        (item.condition, item.skipped, item.skips) = (condition, condition.map_or(0.0, |condition| skipped[condition]), skips);
    }
    problem
}

/// The same, but most of its jobs may run beside others.
pub(super) fn beside(mut problem: Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0xbe51);
    for item in problem.jobs.iter_mut().filter(|item| item.kind.is_some()) {
        item.beside = match random.even() {
            it if it < 0.6 => Beside::Background,
            it if it < 0.8 => Beside::Foreground,
            _ => Beside::Never,
        };
    }
    problem
}

/// The same, where the second machine ends jobs early, takes longer for some, and is none for others; and what jobs take varies.
pub(super) fn chosen(mut problem: Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0x51f7);
    for item in &mut problem.jobs {
        let factor = if random.even() < 0.3 { f64::INFINITY } else { 1.0 + random.even() };
        item.variance = (random.even() * 200.0).powi(2);
        let count = item.machines.len();
        let Some((machine, other)) = item.machines.get_mut(1) else { continue };
        *other = factor;
        if factor.is_finite() && random.even() < 0.5 {
            let mut there = |seconds: &f64| seconds * (0.5 + 2.0 * random.even());
            item.on = vec![item.rows.clone(), item.rows.iter().map(&mut there).collect()];
            item.on.resize(count, item.rows.clone());
        }
        *machine = Arc::new(Machine { longest: 900.0, price: Some(0.002), ..Machine::clone(machine) });
    }
    problem
}

/// The same, where what most jobs hand over may travel in a cache: quicker to send or not, quicker to receive or not.
pub(super) fn cached(mut problem: Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0xcac4e);
    let mut up_to = |most: f64| (random.even() * most).floor();
    let ways: Vec<(bool, Transfer, f64)> = (0..2 * problem.jobs.len())
        .map(|_| {
            let artifact = Transfer { send: 4.0 + up_to(80.0), receive: 3.0 + up_to(60.0) };
            (up_to(4.0) > 0.0, artifact, up_to(80.0))
        })
        .collect();
    for data in &mut problem.data {
        let (may_be, artifact, seconds) = ways[data.path];
        data.artifact = artifact;
        data.cache = may_be.then(|| Transfer { send: seconds, receive: up_to(60.0) });
    }
    problem
}

/// The same, where some jobs lock one of two things, each of their rows.
pub(super) fn locking(mut problem: Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0x10c4);
    for item in &mut problem.jobs {
        if random.even() < 0.4 {
            let lock = (random.even() * 2.0) as usize;
            (item.kind, item.shards, item.locks) = (None, Vec::new(), vec![Some(lock); item.rows.len()]);
        }
    }
    problem
}

/// The same, but some jobs come in pieces, each of which may be ended by itself; the first makes what the job makes.
pub(super) fn pieces(problem: &Problem, seed: u64) -> Problem {
    let mut random = Variation::new(seed ^ 0x91ece);
    let mut made = Problem { quotas: problem.quotas, ..Problem::default() };
    // Of each job, where its pieces are.
    let mut places: Vec<std::ops::Range<usize>> = Vec::new();
    for item in &problem.jobs {
        let first = made.jobs.len();
        let count = if item.kind.is_some() && random.even() < 0.6 { 2 + (random.even() * 2.0) as usize } else { 1 };
        let needs: Vec<usize> = item.needs.iter().flat_map(|&need| places[need].clone()).collect();
        for piece in 0..count {
            let mut own = Item { needs: needs.clone(), ..item.clone() };
            if count > 1 {
                (own.piece_of, own.shards, own.beside) = (Some(first), Vec::new(), Beside::Never);
                own.rows = vec![item.rows[0] * (0.2 + random.even())];
                own.needs.extend((piece > 0 && random.even() < 0.3).then_some(first));
                // Short ones get a least time; or one is written.
                let is_written = random.even() < 0.1;
                own.allowed = if is_written { 0.0 } else { 3.0 * own.rows[0] };
                own.timeout = if is_written { 900.0 } else { own.allowed.max(600.0) };
            }
            made.push(own);
        }
        places.push(first..first + count);
    }
    for data in &problem.data {
        let to = places[data.to].clone();
        made.data.extend(to.map(|to| Data { from: places[data.from].start, to, ..*data }));
    }
    made
}

/// A large pipeline, on two machines: siblings that come after the same jobs, chains, and jobs that come after some of the last ones.
pub(super) fn large(seed: u64, count: usize) -> Problem {
    let mut random = Variation::new(seed ^ 0x1a26e);
    let mut below = |count: usize| (random.even() * count as f64) as usize;
    let offered = machines_of(2);
    let mut problem = Problem::default();
    for job in 0..count {
        let mut needs: Vec<usize> = match (job, below(10)) {
            (0, _) => Vec::new(),
            (_, 0..=3) => problem.jobs[job - 1].needs.clone(),
            (_, 4..=6) => vec![job - 1],
            _ => (0..=below(2)).map(|_| job - 1 - below(job.min(8))).collect(),
        };
        needs.sort_unstable();
        needs.dedup();
        for &from in &needs {
            if below(2) == 0 {
                problem.data.push(Data { from, to: job, path: from, artifact: ARTIFACT, cache: None });
            }
        }
        problem.push(Item {
            needs,
            overhead: 30.0 + below(60) as f64,
            rows: vec![10.0 + below(600) as f64],
            at_once: 1,
            timeout: 21_600.0,
            machines: offered.clone(),
            kind: Some(usize::from(below(4) == 0)),
            ..Item::default()
        });
    }
    problem
}
