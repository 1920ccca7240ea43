//! Which conditions hold in a run: what is known to go together does, and what excludes each other does so.

use super::event::Event;
use super::strata::Place;
use crate::expr::{CompareOp, Expr, ExprKind, parse};
use crate::map::IndexMap;
use crate::plan::Plan;
use crate::profile::Profile;

/// How conditions hang together.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// In which share of all runs an event starts them, and what it decides of each condition. Empty where that was not counted.
    events: Vec<(f64, Vec<Option<bool>>)>,
    /// By condition, the earlier one that holds where it does not.
    opposites: Vec<Option<usize>>,
    /// By condition, those without which it is not asked.
    behind: Vec<Vec<usize>>,
}

impl Conditions {
    /// Of the conditions of a plan, each with the share of runs in which it holds. Of the runs of one event, that event decides all that is known.
    pub(super) fn of(
        plan: &Plan,
        (profile, event): (&Profile, &Event),
        guards: &IndexMap<String, f64>,
        behind: Vec<Vec<usize>>,
    ) -> Self {
        if guards.is_empty() {
            return Self::default();
        }
        let read: Vec<Option<Expr>> = guards.keys().map(|text| parse(text).value).collect();
        let negated: Vec<Option<String>> = read.iter().map(|expr| expr.as_ref().map(|expr| negated(expr).to_string())).collect();
        let opposite = |(place, negated): (usize, &Option<String>)| {
            let known = |text: &String| guards.get_index_of(text).filter(|earlier| *earlier < place);
            negated.as_ref().and_then(known)
        };
        let decided = |name: &str, share: f64| {
            let of_event = Event::of(&plan.pipeline, name);
            let decides =
                |expr: &Option<Expr>| of_event.as_ref().zip(expr.as_ref()).and_then(|(event, expr)| event.decides(expr));
            (share, read.iter().map(decides).collect())
        };
        let events =
            if event.name.is_empty() { profile.shares().map(|(name, share)| decided(name, share)).collect() } else { Vec::new() };
        Self { events, opposites: negated.iter().enumerate().map(opposite).collect(), behind }
    }

    /// Which of them hold in a run.
    pub(super) fn draw(&self, guards: &IndexMap<String, f64>, place: Place) -> Vec<bool> {
        let event = self.event(place);
        let mut held: Vec<bool> = Vec::with_capacity(guards.len());
        for (at, (text, share)) in guards.iter().enumerate() {
            let opposite = self.opposites.get(at).copied().flatten();
            let holds = match (event.and_then(|event| event.get(at).copied().flatten()), opposite) {
                (Some(decided), _) => decided,
                (None, Some(opposite)) => !held[opposite],
                (None, None) => place.even(key(text)) < self.rest(at, *share),
            };
            held.push(holds);
        }
        held
    }

    /// What the event of a run decides.
    fn event(&self, place: Place) -> Option<&[Option<bool>]> {
        let drawn = if self.events.is_empty() { return None } else { place.even(key("event")) };
        let mut before = 0.0;
        let found = self.events.iter().find(|(share, _)| {
            before += share;
            drawn < before
        });
        found.or(self.events.last()).map(|(_, decided)| decided.as_slice())
    }

    /// In which share of the runs whose event does not decide it a condition holds, where it holds in that share of those in which it is asked.
    fn rest(&self, at: usize, share: f64) -> f64 {
        let behind = self.behind.get(at).map(Vec::as_slice).unwrap_or_default();
        let decided = |of: &[Option<bool>], guard: usize| of.get(guard).copied().flatten();
        let asked = || self.events.iter().filter(|(_, of)| behind.iter().all(|guard| decided(of, *guard) != Some(false)));
        let of = |wanted: Option<bool>| asked().filter(|(_, of)| decided(of, at) == wanted).map(|(share, _)| share).sum::<f64>();
        let (all, open) = (asked().map(|(share, _)| share).sum::<f64>(), of(None));
        if open <= 0.0 { share } else { ((share * all - of(Some(true))) / open).clamp(0.0, 1.0) }
    }
}

/// What holds where an expression does not.
fn negated(expr: &Expr) -> Expr {
    let kind = match &expr.kind {
        ExprKind::Not(inner) => return Expr::clone(inner),
        ExprKind::Compare(CompareOp::Eq, one, other) => ExprKind::Compare(CompareOp::Ne, one.clone(), other.clone()),
        ExprKind::Compare(CompareOp::Ne, one, other) => ExprKind::Compare(CompareOp::Eq, one.clone(), other.clone()),
        _ => ExprKind::Not(Box::new(expr.clone())),
    };
    Expr { kind, span: expr.span }
}

/// A number for a text, the same everywhere.
fn key(text: &str) -> u64 {
    super::estimate::key(0, text)
}
