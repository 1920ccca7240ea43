//! In which runs jobs are left out: what is chosen must pay in the mean of all runs.

use super::problem::Item;
use crate::cost::Variation;
use crate::map::IndexMap;

/// Some of all runs, in which the same jobs are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Scenario {
    /// Which share of all runs it is.
    pub(super) weight: f64,
    /// Whether each job is left out; empty where none is.
    pub(super) left_out: Vec<bool>,
}

/// With more conditions than these not all there is can be looked at.
const FEW: usize = 3;
/// So many runs are looked at then.
const DRAWN: usize = 16;

/// The scenarios of jobs: for a few conditions that do not hold in all runs each that there can be, else as many runs as can be afforded. Conditions hold
/// independently of each other, jobs with the same one together.
pub(super) fn scenarios(jobs: &[Item]) -> Vec<Scenario> {
    let mut shares: IndexMap<usize, f64> = IndexMap::default();
    for item in jobs.iter().filter(|item| item.skipped > 0.0) {
        if let Some(condition) = item.condition {
            shares.entry(condition).or_insert(1.0 - item.skipped);
        }
    }
    let count = shares.len();
    if count <= FEW {
        let each = (0..1usize << count).map(|bits| {
            let holds: Vec<bool> = (0..count).map(|place| bits >> place & 1 == 0).collect();
            let weight = shares.values().zip(&holds).map(|(share, holds)| if *holds { *share } else { 1.0 - share }).product();
            scenario(jobs, &shares, weight, &holds)
        });
        return each.filter(|scenario| scenario.weight > 0.0).collect();
    }
    // Every condition holds in as many of them as its share says, in an order of its own.
    let mut variation = Variation::new(1);
    let mut holds = vec![vec![false; count]; DRAWN];
    for (place, share) in shares.values().enumerate() {
        let mut order: Vec<usize> = (0..DRAWN).collect();
        for at in (1..DRAWN).rev() {
            order.swap(at, (variation.even() * (at + 1) as f64) as usize);
        }
        let hold = (share * DRAWN as f64).round() as usize;
        order.iter().take(hold).for_each(|&at| holds[at][place] = true);
    }
    holds.iter().map(|holds| scenario(jobs, &shares, 1.0 / DRAWN as f64, holds)).collect()
}

fn scenario(jobs: &[Item], shares: &IndexMap<usize, f64>, weight: f64, holds: &[bool]) -> Scenario {
    let fails = |job: usize| {
        let place = jobs[job].condition.and_then(|condition| shares.get_index_of(&condition));
        place.is_some_and(|place| !holds[place])
    };
    let left_out = |item: &Item| item.skips.iter().any(|&job| fails(job));
    let left_out = if shares.is_empty() { Vec::new() } else { jobs.iter().map(left_out).collect() };
    Scenario { weight, left_out }
}
