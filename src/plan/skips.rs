//! Jobs that no run has, and jobs that run where what they read was not made.
//!
//! A skipped job takes those behind it along, but for those that ask for a status. So where conditions exclude each other along `needs`, the last one never runs.

use std::collections::HashMap;

use super::{EdgeKind, Plan};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0653_constant_condition::{never_behind, never_in_on};
use crate::diagnostics::codes::w0745_read_of_skipped::read_of_skipped;
use crate::expr::check::contradicts_itself;
use crate::expr::fold::Known;
use crate::expr::value::Value;
use crate::expr::{Expr, macros};
use crate::hir::refs::{Runs, asks_for_none, behind_a_skip};
use crate::hir::{Condition, Job};

/// More conditions than this, each in so many runs, are not looked at.
const MAX_LOOKS: usize = 50_000;

/// In which of all runs something may be.
type In = Vec<bool>;

/// Looks at the conditions of all jobs and steps, and at what comes before what.
pub(super) fn check(plan: &Plan, diags: &mut Vec<Diag>) {
    let conditions: Vec<(&Condition, Expr)> = plan.works.values().flat_map(|work| conditions(&work.job)).collect();
    let runs = Runs::of(&plan.pipeline, conditions.iter().map(|(_, when)| when));
    if runs.len() == 0 || conditions.len().saturating_mul(runs.len()) > MAX_LOOKS {
        return;
    }
    for (condition, when) in &conditions {
        // A template or loop may be meant for other events than those of this file.
        let is_used_elsewhere = condition.filled || condition.origin.frame.is_some();
        let is_told = contradicts_itself(&condition.expr) || asks_for_none(when);
        if !is_used_elsewhere && !is_told && none(&runs.may_hold(when, &Known::new())) && !runs.is_of_other_events(when) {
            diags.push(condition.origin.explain(never_in_on(&plan.pipeline.triggers, condition.text.span())));
        }
    }
    let all = Jobs::of(plan, &runs);
    for (job, needs) in plan.works.values().map(|work| &work.job).zip(plan.needs()) {
        diags.extend(all.behind(job, &needs));
    }
    for edge in &plan.edges {
        if let (EdgeKind::Data { path }, Some(reader), Some(writer)) =
            (&edge.kind, plan.works.get(&edge.to), plan.works.get(&edge.from))
            && all.is_read_unmade(&runs, &reader.job, &writer.job)
        {
            let at = writer.job.when.as_ref().map_or(writer.job.origin.span, |when| when.text.span());
            diags.push(reader.job.origin.explain(read_of_skipped(&reader.job.id, &writer.job.id, path, edge.origin, at)));
        }
    }
}

fn none(all: &[bool]) -> bool {
    !all.contains(&true)
}

fn both(one: &[bool], other: &[bool]) -> In {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}

/// The conditions of a job, its rows and its steps, in GitHub's words.
fn conditions(job: &Job) -> Vec<(&Condition, Expr)> {
    let rows = job.written_rows().1.iter().filter_map(|row| row.job.when.as_ref());
    let steps = job.each_step().filter_map(|step| step.when.as_ref());
    let all = job.when.iter().chain(rows).chain(steps);
    all.map(|when| (when, macros::in_github_words(when.expr.clone()))).collect()
}

fn in_words(job: &Job) -> Option<Expr> {
    job.when.as_ref().map(|when| macros::in_github_words(when.expr.clone()))
}

/// In which runs jobs may be.
struct Jobs<'p> {
    /// By their own conditions.
    own: HashMap<&'p str, In>,
    /// By those of what they wait for, too.
    with_needs: HashMap<&'p str, In>,
}

impl<'p> Jobs<'p> {
    fn of(plan: &'p Plan, runs: &Runs) -> Self {
        let mut all = Self { own: HashMap::new(), with_needs: HashMap::new() };
        for (job, needs) in plan.works.values().map(|work| &work.job).zip(plan.needs()) {
            let own = in_words(job).map_or_else(|| vec![true; runs.len()], |when| runs.may_hold(&when, &Known::new()));
            let mut with_needs = own.clone();
            if !asks_status(job) {
                for need in needs.iter().filter_map(|need| all.with_needs.get(need)) {
                    with_needs = both(&with_needs, need);
                }
            }
            all.own.insert(&job.id, own);
            all.with_needs.insert(&job.id, with_needs);
        }
        all
    }

    /// A job that never runs for what it waits for, which does.
    fn behind(&self, job: &Job, needs: &[&str]) -> Option<Diag> {
        let own = self.own.get(job.id.as_str())?;
        if asks_status(job) || none(own) || !none(self.with_needs.get(job.id.as_str())?) {
            return None;
        }
        let needed: Vec<(&str, &In)> = needs.iter().filter_map(|need| Some((*need, self.with_needs.get(need)?))).collect();
        let is_told = needed.iter().any(|(_, need)| none(need));
        let excludes = needed.iter().find(|(_, need)| !none(need) && none(&both(own, need)));
        let names = match excludes {
            Some((need, _)) => vec![*need],
            None if is_told => return None,
            None => needed.iter().enumerate().find_map(|(at, (one, its))| {
                let other = needed[at + 1..].iter().find(|(_, other)| none(&both(its, other)))?;
                Some(vec![*one, other.0])
            })?,
        };
        let at = job.when.as_ref().filter(|_| names.len() == 1).map_or(job.origin.span, |when| when.text.span());
        Some(job.origin.explain(never_behind(&job.id, &names, at)))
    }

    /// Whether a job surely runs in some run without another, which made nothing for it there.
    fn is_read_unmade(&self, runs: &Runs, reader: &Job, writer: &Job) -> bool {
        let (Some(when), Some(made)) = (in_words(reader), self.with_needs.get(writer.id.as_str())) else { return false };
        if !asks_status(reader) || reader.may_fail.is_some() || writer.has_rows() {
            return false;
        }
        let mut skipped = Known::new();
        skipped.insert(["needs", writer.id.as_str(), "result"], Value::string("skipped"));
        let runs_on = runs.holds(&behind_a_skip(when), &skipped);
        runs_on.iter().zip(made).any(|(runs_on, made)| *runs_on && !made)
    }
}

fn asks_status(job: &Job) -> bool {
    job.when.as_ref().is_some_and(|when| when.expr.asks_status())
}
