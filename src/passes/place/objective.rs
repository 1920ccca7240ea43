//! What is better: less time, less money, or both.

use super::problem::Outcome;
use crate::hir::Objective;

/// What the author wants, and what must not get worse.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// The objective.
    pub objective: Objective,
    /// What the plan comes to as it was written.
    pub written: Outcome,
    /// How long a run may take, in seconds.
    pub deadline: Option<f64>,
    /// What it may cost, in US dollars.
    pub budget: Option<f64>,
    /// The author asks for shards: more machines for less time.
    pub shards: bool,
}

/// How much of the other good one is worth, where it costs nothing: enough to decide between equals.
const TIE: f64 = 1e-3;
/// More than anything that may be chosen.
const HARM: f64 = 1e6;
/// What is over a limit counts so many times.
const OVER: f64 = 100.0;
/// What a minute costs that is free here, in US dollars: as on GitHub's usual machine in a private repository (`runners.txt`).
const USUAL_PRICE: f64 = 0.006;
/// Sums in another order are the same.
const SAME: f64 = 1e-9;

impl Goal {
    /// The less the better, and never less where it takes longer or costs more: 1 is as it was written. Beyond all measure, where it is worse in what the objective is about.
    ///
    /// `time` and `cost` are about one of the two. `balanced` takes no loss of either, and the product of both decides: a tenth of the time is worth a
    /// tenth of the money; where shards are asked for it may cost more. What must not get worse may, where else a limit is not met.
    pub fn score(&self, outcome: &Outcome) -> f64 {
        let (time, money) = self.ratios(outcome);
        let worse = |ratio: f64| ratio > 1.0 + SAME;
        let harms = match self.objective {
            Objective::Time => worse(time) && !self.is_dear(&self.written),
            Objective::Cost => worse(money) && !self.is_late(&self.written),
            Objective::Balanced => {
                (worse(time) && !self.is_dear(&self.written)) || (worse(money) && !self.shards && !self.is_late(&self.written))
            }
            Objective::Off => true,
        };
        let over = OVER * (over(outcome.wall, self.deadline) + over(outcome.dollars, self.budget));
        if harms {
            // From there a search must find back.
            return HARM + (time - 1.0).max(0.0) + (money - 1.0).max(0.0) + over;
        }
        self.merit(outcome, TIE) + over
    }

    /// The less the better in what the objective is about, whatever else it is, where the other good one is worth so much.
    pub(super) fn merit(&self, outcome: &Outcome, worth: f64) -> f64 {
        let (time, money) = self.ratios(outcome);
        // A part of the other, of what is left of it: a tenth less of little is a tenth less.
        let part = |other: f64| other.max(SAME).powf(worth);
        match self.objective {
            Objective::Time => time * part(money),
            Objective::Cost => money * part(time),
            Objective::Balanced | Objective::Off => time * money,
        }
    }

    /// How many times as long it takes as what was written, and as much it costs.
    fn ratios(&self, outcome: &Outcome) -> (f64, f64) {
        // Where minutes are free, they are still somebody's; what is paid all the same is paid beside what these would cost.
        let money = if self.written.dollars > 0.0 {
            ratio(outcome.dollars, self.written.dollars)
        } else {
            let unpaid = self.written.billed / 60.0 * USUAL_PRICE;
            ratio(outcome.billed, self.written.billed) * (1.0 + outcome.dollars / unpaid.max(SAME))
        };
        (ratio(outcome.wall, self.written.wall), money)
    }

    /// Whether it takes longer than it may.
    pub fn is_late(&self, outcome: &Outcome) -> bool {
        over(outcome.wall, self.deadline) > 0.0
    }

    /// Whether it costs more than it may.
    pub fn is_dear(&self, outcome: &Outcome) -> bool {
        over(outcome.dollars, self.budget) > 0.0
    }
}

/// How far a value is over its limit, as a part of that; nothing where it keeps to it.
pub(super) fn over(value: f64, limit: Option<f64>) -> f64 {
    limit.map_or(0.0, |limit| (value / limit.max(SAME) - 1.0 - SAME).max(0.0))
}

fn ratio(new: f64, old: f64) -> f64 {
    if old > 0.0 { new / old } else { 1.0 }
}
