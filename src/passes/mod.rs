//! The passes: the only place where something is decided. Each rewrites the plan and says in the ledger what it did and why.
//!
//! A pass is data and a function. The manager alone knows their order, leaves out what is switched off, and verifies the plan after each.

mod archive;
mod artifacts;
mod bound;
mod cache;
pub(crate) mod carriers;
mod gate;
mod handover;
mod harden;
mod layers;
pub mod ledger;
mod moved;
mod pin;
pub mod place;
mod systems;

pub use ledger::{Decision, Ground, Ledger, Subject};

use crate::cost::Model;
use crate::cost::event::Event;
use crate::cost::machine::visibility;
use crate::cost::model::model_on;
use crate::diagnostics::{Diag, Outcome};
use crate::facts::Facts;
use crate::pins::Known;
use crate::plan::{Plan, verify};
use crate::profile::Profile;

/// A pass.
#[derive(Debug)]
pub struct Pass {
    /// Its name, by which `optimize { NAME off }` knows it.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Whether the output would be wrong without it; such a pass cannot be switched off.
    pub required: bool,
    /// Whether the spec asks for it by a statement, which holds under any objective.
    pub asked: fn(&Plan) -> bool,
    /// Rewrites the plan.
    pub run: fn(&mut Plan, &mut Context<'_>),
}

/// What passes work with.
pub struct Context<'a> {
    /// The repository.
    pub facts: &'a Facts,
    /// The pass is switched off, and runs for what a statement asks of it alone.
    pub asked_only: bool,
    /// The commits of tags.
    pub pins: &'a Known,
    /// What was measured.
    pub profile: &'a Profile,
    /// The runs that are decided for.
    pub event: &'a Event,
    /// What the passes after this one make of a plan: a choice between plans is one between what becomes of them.
    pub later: &'a dyn Fn(&Plan) -> Plan,
    /// What was decided.
    pub ledger: Ledger,
    /// What there is to say.
    pub diags: Vec<Diag>,
}

impl Context<'_> {
    /// The same for some runs alone, with nothing said yet.
    pub(crate) fn of<'b>(&'b self, event: &'b Event) -> Context<'b> {
        let Context { facts, asked_only, pins, profile, later, .. } = *self;
        Context { facts, asked_only, pins, profile, event, later, ledger: Ledger::default(), diags: Vec::new() }
    }

    /// What becomes of a plan, in numbers.
    pub(crate) fn model(&self, plan: &Plan) -> Model {
        model_on(&(self.later)(plan), self.profile, visibility(plan), self.event)
    }
}

/// Every pass, in order.
#[rustfmt::skip] // one line each
pub static ALL: &[&Pass] = &[
    &place::PASS,
    &handover::PASS,
    &cache::PASS,
    &bound::PASS,
    &harden::PASS,
    &gate::PASS,
    &pin::PASS,
];

/// Runs the passes: the required ones always, the others unless the objective is `off` or they are switched off by name.
pub fn run(plan: &mut Plan, facts: &Facts, pins: &Known, profile: &Profile) -> Outcome<Ledger> {
    run_from(0, plan, facts, pins, profile)
}

fn run_from(first: usize, plan: &mut Plan, facts: &Facts, pins: &Known, profile: &Profile) -> Outcome<Ledger> {
    let (mut ledger, mut diags) = (Ledger::default(), Vec::new());
    for (place, pass) in ALL.iter().enumerate().skip(first) {
        if !runs(plan, pass) {
            continue;
        }
        let later = |plan: &Plan| {
            let mut plan = plan.clone();
            run_from(place + 1, &mut plan, facts, pins, profile);
            plan
        };
        let asked_only = !pass.required && plan.pipeline.optimize.is_off(pass.name);
        let event = Event::default();
        let mut context = Context { facts, asked_only, pins, profile, event: &event, later: &later, ledger, diags };
        (pass.run)(plan, &mut context);
        Context { ledger, diags, .. } = context;
        let wrong = if cfg!(debug_assertions) { verify(plan) } else { Vec::new() };
        debug_assert!(wrong.is_empty(), "after pass {}: {wrong:#?}", pass.name);
    }
    Outcome { value: ledger, diags }
}

/// A plan as it was written, with what any workflow must have: what hands files over, and the check to require, where jobs may be skipped.
pub fn as_written(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    let (facts, pins, profile) = (Facts::default(), Known::default(), Profile::default());
    for pass in [&handover::PASS, &gate::PASS] {
        if runs(&plan, pass) {
            let (ledger, diags, event) = (Ledger::default(), Vec::new(), Event::default());
            let (facts, pins, profile, event) = (&facts, &pins, &profile, &event);
            let mut context = Context { facts, asked_only: false, pins, profile, event, later: &Plan::clone, ledger, diags };
            (pass.run)(&mut plan, &mut context);
        }
    }
    plan
}

/// Whether commits take the place of tags.
pub fn pins(plan: &Plan) -> bool {
    runs(plan, &pin::PASS)
}

fn runs(plan: &Plan, pass: &Pass) -> bool {
    pass.required || (pass.asked)(plan) || !plan.pipeline.optimize.is_off(pass.name)
}

/// For passes that no statement asks for.
fn never(_: &Plan) -> bool {
    false
}
