//! How long a run may take and what it may cost: `optimize { deadline 15m; budget $0.40 }`.

use super::objective::over;
use super::{relaxed, standard};
use crate::cost::timeline::{duration, money};
use crate::cost::{Estimate, Evidence, Model, Part, Spread};
use crate::diagnostics::codes::e0405_limit_not_met::{both_not_met, limit_not_met};
use crate::diagnostics::codes::w0347_unknown_time::unknown_time;
use crate::diagnostics::codes::w0406_unknown_price::unknown_price;
use crate::diagnostics::codes::w0407_unknown_rows::unknown_rows;
use crate::hir::{Duration, Job, Money, Runner, Value};
use crate::passes::Context;
use crate::plan::Plan;
use crate::source::Span;

/// A job of which it is not known how long it takes.
fn unknown(model: &Model) -> Option<&str> {
    let assumed = |part: &Part| part.kind.is_work() && part.evidence == Evidence::Assumed;
    model.jobs.iter().find(|job| job.legs.iter().flat_map(|leg| &leg.parts).any(assumed)).map(|job| job.id.as_str())
}

/// A job that may run, on a machine of which nobody says what it costs.
fn without_price(model: &Model) -> Option<(&str, &str)> {
    let runs = model.jobs.iter().filter(|job| model.holds(&job.guards) > 0.0);
    let mut legs = runs.flat_map(|job| job.legs.iter().map(|leg| (job.id.as_str(), &leg.machine)));
    legs.find(|(_, machine)| machine.price.is_none()).map(|(job, machine)| (job, machine.label.as_str()))
}

/// The same, where what nobody knows takes no time.
fn without_unknown(model: &Model) -> Model {
    let mut known = model.clone();
    let parts = known.jobs.iter_mut().flat_map(|job| &mut job.legs).flat_map(|leg| &mut leg.parts);
    for part in parts.filter(|part| part.kind.is_work() && part.evidence == Evidence::Assumed) {
        (part.time, part.evidence) = (Spread::default(), Evidence::Declared);
    }
    known
}

/// What would make a job less: nothing that it has already. Shards make it shorter, and begin anew each.
fn less(plan: &Plan, job: &str, shorter: bool) -> String {
    let job = plan.works.get(job).map(|work| &work.job);
    let may_split = |job: &std::sync::Arc<Job>| {
        let is_one = job.shards.is_none() && job.matrix.is_none() && job.call.is_none() && job.group().is_none();
        is_one && job.writes.iter().all(|writes| writes.merge)
    };
    // See W0353.
    let of_rows =
        |job: &std::sync::Arc<Job>| job.matrix.is_some() && job.shards.as_ref().is_some_and(|shards| shards.number().is_none());
    let shards = match job.filter(|_| shorter) {
        Some(job) if may_split(job) => Some("`shards auto`"),
        Some(job) if of_rows(job) => Some("a number such as `shards 3`, as `shards auto` chooses none for the rows of a matrix"),
        _ => None,
    };
    let is_auto = |job: &std::sync::Arc<Job>| {
        matches!(job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref()), Some(Runner::Auto(_)))
    };
    let runner = if job.is_some_and(is_auto) { None } else { Some("another `runner`") };
    shards.into_iter().chain(runner).chain(["less work"]).collect::<Vec<_>>().join(", ")
}

/// The limit that allows so many seconds, or US dollars.
fn deadline_of(seconds: f64) -> String {
    format!("deadline {}m", (seconds / 60.0).ceil())
}

fn budget_of(dollars: f64) -> String {
    format!("budget ${:.2}", (dollars * 100.0).ceil() / 100.0)
}

/// The limits of a plan, each with what it says, and where.
pub(super) struct Limits {
    deadline: Option<(f64, String, Span)>,
    budget: Option<(f64, String, Span)>,
}

impl Limits {
    pub(super) fn of(plan: &Plan) -> Self {
        let setting = |name: &str| plan.pipeline.optimize.settings.get(name);
        let limit = |name: &str, read: &dyn Fn(&str) -> Option<f64>| {
            let value: &Value = setting(name)?;
            let text = value.spelled();
            Some((read(&text)?, format!("{name} {text}"), value.origin.span))
        };
        Self {
            deadline: limit("deadline", &|text| Duration::parse(text).map(|time| time.0 as f64)),
            budget: limit("budget", &|text| Money::parse(text).map(Money::dollars)),
        }
    }

    pub(super) fn any(&self) -> bool {
        self.deadline.is_some() || self.budget.is_some()
    }

    /// How long a run may take, in seconds.
    pub(super) fn deadline(&self) -> Option<f64> {
        self.deadline.as_ref().map(|(limit, ..)| *limit)
    }

    /// What it may cost, in US dollars.
    pub(super) fn budget(&self) -> Option<f64> {
        self.budget.as_ref().map(|(limit, ..)| *limit)
    }

    /// How far a plan is over them, in the mean: nothing where it keeps to both.
    pub(super) fn over(&self, estimate: &Estimate) -> f64 {
        over(estimate.wall.mean, self.deadline()) + over(estimate.dollars.mean, self.budget())
    }

    /// Says which is not met, what most of it is, and what would have to be allowed to the plan as it came.
    pub(super) fn check(&self, plan: &Plan, allowed: &Plan, context: &mut Context<'_>) {
        if self.any()
            && let Some((model, estimate, event)) = standard::worst(plan, self, context)
        {
            self.check_of((plan, &event, &model), &estimate, allowed, context);
        }
    }

    /// The same of the runs of an event, where not of all, as they come.
    pub(super) fn check_of(
        &self,
        (plan, event, model): (&Plan, &str, &Model),
        estimate: &Estimate,
        allowed: &Plan,
        context: &mut Context<'_>,
    ) {
        if let Some((unknown, (_, text, span))) = unknown(model).zip(self.deadline.as_ref().or(self.budget.as_ref())) {
            // What is known alone may be too much.
            let known = without_unknown(model);
            let least = crate::cost::estimate(&known);
            if self.over(&least) > 0.0 {
                return self.check_of((plan, event, &known), &least, allowed, context);
            }
            return context.diags.push(unknown_time(unknown, text, "so nothing is said about it", *span));
        }
        if let Some((job, label)) = without_price(model)
            && let Some((limit, text, span)) = &self.budget
            && estimate.dollars.mean <= *limit
        {
            context.diags.push(unknown_price(job, label, text, *span));
        }
        if let Some((limit, text, span)) = &self.budget
            && estimate.dollars.mean <= *limit
            && let Some(job) = plan.of_unknown_rows().next()
        {
            context.diags.push(unknown_rows(job, text, *span));
        }
        if self.over(estimate) <= 0.0 {
            return;
        }
        let in_these = if event.is_empty() { String::new() } else { format!(" in runs of `{event}`") };
        // Where neither is met, one plan is to keep to both of what is told.
        let (wall, dollars) = (estimate.wall.mean, estimate.dollars.mean);
        let mut over_deadline = self.deadline().filter(|limit| wall > *limit).map(|_| deadline_of(wall));
        let mut over_budget = self.budget().filter(|limit| dollars > *limit).map(|_| budget_of(dollars));
        let nearest = over_deadline.iter().chain(&over_budget).map(String::as_str).collect::<Vec<_>>().join("; ");
        // Of several jobs on a machine, the one that says that it takes most.
        let at = |job: usize| {
            let work = plan.works.get(&model.jobs[job].id)?;
            let most = work.members.iter().max_by_key(|member| member.takes.map(|takes| takes.0));
            Some(most.map_or(work.job.origin.span, |member| member.span))
        };
        let length = |&(job, leg): &(usize, usize)| estimate.legs[job][leg].mean;
        let longest = estimate
            .critical
            .iter()
            .filter(|(job, _)| at(*job).is_some())
            .max_by(|one, other| length(one).total_cmp(&length(other)));
        // Of two limits, each may be kept where not both are.
        if let Some((deadline, budget)) = self.deadline.as_ref().zip(self.budget.as_ref()) {
            let [dear, long] = ["deadline", "budget"].map(|limit| relaxed::alone(allowed, limit, context));
            if let (Some(dear), Some(long), Some(most)) = (&dear, &long, longest) {
                let job = model.jobs[most.0].id.as_str();
                let would = relaxed::nearest(allowed, context);
                context.diags.push(both_not_met(
                    [(&deadline.1, deadline.2), (&budget.1, budget.2)],
                    (&money(dear.dollars.mean), &(duration(long.wall.mean) + &in_these)),
                    would.as_deref(),
                    [&budget_of(dear.dollars.mean), &deadline_of(long.wall.mean)],
                    (job, at(most.0).unwrap_or_default()),
                    &less(plan, job, true),
                ));
                return;
            }
            over_deadline = over_deadline.filter(|_| dear.is_none() || over_budget.is_none());
            over_budget = over_budget.filter(|_| long.is_none() || over_deadline.is_none());
        }
        if let Some((_, text, span)) = self.deadline.as_ref().filter(|_| over_deadline.is_some())
            && let Some(most) = longest
        {
            let job = (model.jobs[most.0].id.as_str(), &*duration(length(most)), at(most.0).unwrap_or_default());
            let found = duration(wall) + &in_these;
            let would = relaxed::nearest(allowed, context);
            let less = less(plan, job.0, true);
            context.diags.push(limit_not_met((text, *span), (&found, &nearest), would.as_deref(), job, &less));
        }
        if let Some((_, text, span)) = self.budget.as_ref().filter(|_| over_budget.is_some()) {
            let cost = |job: &usize| {
                let legs = model.jobs[*job].legs.iter().zip(&estimate.legs[*job]);
                legs.map(|(leg, expected)| leg.machine.cost(expected.mean)).sum::<f64>()
            };
            let most =
                (0..model.jobs.len()).filter(|job| at(*job).is_some()).max_by(|one, other| cost(one).total_cmp(&cost(other)));
            if let Some(most) = most {
                let job = (model.jobs[most].id.as_str(), &*money(cost(&most)), at(most).unwrap_or_default());
                let found = money(dollars) + &in_these;
                let would = relaxed::nearest(allowed, context);
                let less = less(plan, job.0, false);
                context.diags.push(limit_not_met((text, *span), (&found, &nearest), would.as_deref(), job, &less));
            }
        }
    }
}
