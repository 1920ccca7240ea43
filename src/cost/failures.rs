//! What failures do: of rows to each other, and of jobs to those that come after them; and how often something fails.

use super::event::Event;
use super::model::Part;
use crate::expr::eval::Status;
use crate::expr::fold::{fold_condition, literal};
use crate::expr::macros;
use crate::expr::value::Value;
use crate::hir;
use crate::plan::{Role, Work};
use crate::profile::{FEW, Measured};

/// What the failure of a row does, and what that of an earlier job does to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// It ends the other rows: `fail-fast`.
    pub fast: bool,
    /// It is none of the job: `may-fail`.
    pub forgiven: bool,
    /// When the job runs, by how those before it end.
    pub behind: Behind,
}

/// When a job runs, by how those before it end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behind {
    /// Where none of them failed.
    #[default]
    Success,
    /// Where one of them failed.
    Failure,
    /// In both.
    Both,
    /// In neither: where the run was cancelled.
    Neither,
}

impl Behind {
    /// Whether it runs where nothing before it failed.
    pub fn success(self) -> bool {
        matches!(self, Self::Success | Self::Both)
    }

    /// Whether it runs where something before it failed.
    pub fn failure(self) -> bool {
        matches!(self, Self::Failure | Self::Both)
    }
}

impl Default for Failures {
    /// As GitHub has it where nothing is written.
    fn default() -> Self {
        Self { fast: true, forgiven: false, behind: Behind::Success }
    }
}

impl Failures {
    pub(super) fn of(job: &hir::Job, needs: &[(&str, bool)], event: &Event) -> Self {
        let when = job.when.as_ref().filter(|when| when.expr.asks_status());
        let behind = match when.map(|when| [Status::Success, Status::Failure].map(|status| may_run(when, status, needs, event))) {
            None | Some([true, false]) => Behind::Success,
            Some([false, true]) => Behind::Failure,
            Some([true, true]) => Behind::Both,
            // What asks for a cancellation is in no run that ends by itself.
            Some([false, false]) => Behind::Neither,
        };
        let is_off = |value: &hir::Value| matches!(value.spelled().as_str(), "off" | "false");
        Self {
            fast: !job.fail_fast.as_ref().is_some_and(is_off),
            // Under a condition, it may hold for some rows alone.
            forgiven: job.may_fail.as_ref().is_some_and(Option::is_none),
            behind,
        }
    }
}

/// Whether a condition may hold where the jobs before it end so: all of them, or one, where those that may be left out are or not.
fn may_run(when: &hir::Condition, status: Status, needs: &[(&str, bool)], event: &Event) -> bool {
    let expr = macros::in_github_words(when.expr.clone());
    let asks_for_all = expr.paths().iter().any(|path| path.len() == 1 && path[0] == "needs");
    let all = |of: &dyn Fn(usize) -> &'static str| (0..needs.len()).map(of).collect::<Vec<_>>();
    let (well, left_out) = ("success", |place: usize| if needs[place].1 { "skipped" } else { "success" });
    let places = 0..needs.len();
    let ways: Vec<Vec<&str>> = if status == Status::Failure {
        let one = |at: usize| {
            let rest = [well, "skipped"].map(|other| all(&|place| if place == at { "failure" } else { other }));
            rest.into_iter()
        };
        places.flat_map(one).chain([all(&|_| "failure")]).collect()
    } else {
        let one = |at: usize| all(&|place| if place == at { left_out(place) } else { well });
        places.map(one).chain([all(&|_| well), all(&left_out)]).collect()
    };
    ways.iter().any(|results| {
        let each = || needs.iter().zip(results).map(|((need, _), result)| (*need, Value::string(*result)));
        event.known().into_iter().any(|known| {
            let mut known = known.with_status(status);
            if asks_for_all {
                known.insert(["needs"], Value::object(each().map(|(need, result)| (need, Value::object([("result", result)])))));
            } else {
                each().for_each(|(need, result)| known.insert(["needs", need, "result"], result));
            }
            literal(&fold_condition(expr.clone(), &known)).is_none_or(|value| value.truthy())
        })
    })
}

/// In which share of its runs something failed. Of a few runs nothing follows.
pub(super) fn fails(measured: &Measured) -> f64 {
    if measured.runs >= FEW { (measured.failed / measured.runs).clamp(0.0, 1.0) } else { 0.0 }
}

/// In which share of its runs one of its commands failed.
pub(super) fn fails_in(measured: &Measured, parts: &[Part]) -> f64 {
    let own = parts.iter().filter(|part| part.kind.is_work()).filter_map(|part| measured.steps.get(&part.name));
    own.map(|step| step.failed).sum::<f64>() / measured.runs.max(1.0)
}

/// In which share of its runs a machine fails, whatever its parts do by themselves. Those that share it fail each by their own commands, and all of them
/// where what they have in common does; a piece of a job, where its own commands did.
pub(super) fn failed(work: &Work, measured: &[&Measured], parts: &[Part]) -> f64 {
    // What judges others fails where they do.
    if work.epilogue.iter().any(|derived| derived.role == Role::Judge) {
        return 0.0;
    }
    let own = |measured: &Measured| {
        let all = fails(measured);
        if work.members.len() > 1 && measured.steps.is_empty() { all } else { fails_in(measured, parts).min(all) }
    };
    let common = measured.iter().map(|measured| fails(measured) - own(measured)).fold(0.0, f64::max);
    match work.members.len() {
        0 => measured.iter().map(|measured| fails(measured)).fold(0.0, f64::max),
        1 => 1.0 - measured.iter().map(|measured| 1.0 - own(measured)).product::<f64>(),
        _ => common,
    }
}
