//! What the failure of a step does on its machine: which of those behind it are left out, and what runs for it alone.

use super::{Beside, Spread};
use crate::expr::eval::Status;
use crate::expr::fold::{Known, fold_condition, literal};
use crate::expr::value::Value;
use crate::expr::{Expr, macros};
use crate::hir;
use crate::map::IndexMap;

/// How often a part fails, and what that does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Broken {
    /// In which share of the runs that it is in it fails, as far as that was measured of it alone.
    pub share: f64,
    /// The places of those behind it that are left out then.
    pub leaves_out: Vec<usize>,
    /// How long what runs only then takes, one after the other.
    pub brings: Vec<Spread>,
}

/// What of a step decides whether it runs.
#[derive(Debug, Clone, Default)]
struct Asked {
    when: Option<Expr>,
    /// By which others ask for its end.
    ids: Vec<String>,
}

impl Asked {
    fn of(steps: &[&hir::Step]) -> Self {
        let when = steps.first().and_then(|step| step.when.as_ref());
        let ids = steps.iter().filter_map(|step| Some(step.id.as_ref()?.0.clone()));
        Self { when: when.map(|when| macros::in_github_words(when.expr.clone())), ids: ids.collect() }
    }

    /// Whether it runs where what came before ended so.
    fn runs(&self, known: &Known, has_failed: bool) -> bool {
        let Some(when) = &self.when else { return !has_failed };
        if has_failed && !when.asks_status() {
            return false;
        }
        let known = known.clone().with_status(if has_failed { Status::Failure } else { Status::Success });
        literal(&fold_condition(when.clone(), &known)).is_none_or(|value| value.truthy())
    }

    /// Says to those behind it how it ended.
    fn tell(&self, conclusion: &str, known: &mut Known) {
        for id in &self.ids {
            for name in ["conclusion", "outcome"] {
                known.insert(["steps", id.as_str(), name], Value::string(conclusion));
            }
        }
    }
}

/// The steps of a row, by the places of their parts.
#[derive(Debug, Default)]
pub(super) struct Steps {
    asked: IndexMap<usize, Asked>,
    /// Those that run only behind failures, each before the part of that place.
    for_failures: Vec<(usize, Asked, Spread)>,
    /// From here on parts run whatever happened before.
    pub(super) end: Option<usize>,
}

impl Steps {
    /// The part of that place is of these steps.
    pub(super) fn add(&mut self, place: usize, steps: &[&hir::Step]) {
        if steps.iter().any(|step| step.when.is_some() || step.id.is_some()) {
            self.asked.insert(place, Asked::of(steps));
        }
    }

    /// A step is in no run where all ends well.
    pub(super) fn add_for_failures(&mut self, place: usize, step: &hir::Step, time: Spread) {
        if step.when.as_ref().is_some_and(|when| when.expr.asks_status()) {
            self.for_failures.push((place, Asked::of(&[step]), time));
        }
    }

    /// What the failure of one part does to the others, by how each stands to those in the background, and what is known of the row.
    pub(super) fn behind(&self, broken: usize, beside: &[Option<&Beside>], known: &Known) -> (Vec<usize>, Vec<Spread>) {
        let nothing = Asked::default();
        let asked = |place: usize| self.asked.get(&place).unwrap_or(&nothing);
        let mut known = known.clone();
        (0..broken).for_each(|place| asked(place).tell("success", &mut known));
        asked(broken).tell("failure", &mut known);
        // Of one in the background nothing is known before somebody waits for it.
        let number = beside[broken].and_then(|beside| beside.number);
        let mut has_failed = number.is_none();
        let (mut leaves_out, mut brings) = (Vec::new(), Vec::new());
        for place in broken + 1..=beside.len() {
            let waits = |beside: &&Beside| number.is_some_and(|number| beside.waits.contains(&number));
            has_failed |= beside.get(place).is_none_or(|beside| beside.as_ref().is_some_and(waits));
            for (_, asked, time) in self.for_failures.iter().filter(|(before, ..)| *before == place) {
                let runs = has_failed && asked.runs(&known, true);
                brings.extend(runs.then_some(*time));
                asked.tell(if runs { "success" } else { "skipped" }, &mut known);
            }
            if place == beside.len() || self.end.is_some_and(|end| place >= end) {
                continue;
            }
            let runs = asked(place).runs(&known, has_failed);
            asked(place).tell(if runs { "success" } else { "skipped" }, &mut known);
            leaves_out.extend((!runs).then_some(place));
        }
        (leaves_out, brings)
    }
}
