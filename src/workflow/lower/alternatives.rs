//! What plans of `optimize by` have otherwise: an expression in place of a value, by which run time chooses.

use crate::expr::{Expr, ExprKind};
use crate::plan::{Difference, Plan, Work};
use crate::source::Span;
use crate::workflow::model::{List, RunsOn, Scalar};

/// The machine, where it differs.
pub(super) fn runner(plan: &Plan, work: &Work, usual: &RunsOn) -> Option<RunsOn> {
    let RunsOn::Labels(usual) = usual else { return None };
    let other = |difference: &Difference| match super::job::labelled(plan, difference.runner.as_ref()?) {
        RunsOn::Labels(labels) => Some(labels),
        RunsOn::Group(_) => None,
    };
    let is_one = |labels: &List| matches!(labels, List::One(_));
    let asks = if is_one(usual) && work.differences.values().filter_map(other).all(|labels| is_one(&labels)) {
        let only = |labels: &List| Expr::string(labels.items().iter().map(Scalar::text).collect::<String>(), Span::default());
        choice(plan, work, only(usual), |difference| Some(only(&other(difference)?)))
    } else {
        let all = |labels: &List| list(labels.items().iter().map(Scalar::text));
        from_json(plan, work, all(usual), |difference| Some(all(&other(difference)?)))
    };
    Some(RunsOn::Labels(List::One(asks?)))
}

/// After how many minutes it is ended, where that differs.
pub(super) fn timeout(plan: &Plan, work: &Work, usual: &Scalar) -> Option<Scalar> {
    choice(plan, work, number(&usual.text()), |difference| Some(number(&difference.timeout?.to_string())))
}

/// The number of shards, where it differs.
pub(super) fn count(plan: &Plan, work: &Work, usual: u32) -> Option<Scalar> {
    choice(plan, work, number(&usual.to_string()), |difference| Some(number(&difference.shards?.to_string())))
}

/// The shards, where their number differs.
pub(super) fn shards(plan: &Plan, work: &Work, usual: u32) -> Option<Scalar> {
    from_json(plan, work, list(1..=usual), |difference| difference.shards.map(|count| list(1..=count)))
}

fn choice(plan: &Plan, work: &Work, usual: Expr, other: impl Fn(&Difference) -> Option<Expr>) -> Option<Scalar> {
    plan.choice(work, usual, other).map(|chosen| hole(&chosen))
}

/// The same for lists, which expressions have as texts.
fn from_json(plan: &Plan, work: &Work, usual: Expr, other: impl Fn(&Difference) -> Option<Expr>) -> Option<Scalar> {
    plan.choice(work, usual, other).map(|chosen| hole(&Expr::call("fromJSON", vec![chosen], Span::default())))
}

fn hole(expr: &Expr) -> Scalar {
    Scalar::Str(format!("${{{{ {expr} }}}}"))
}

fn number(number: &str) -> Expr {
    Expr::new(ExprKind::Number(number.to_owned()), Span::default())
}

/// A list as JSON, which `fromJSON` reads.
fn list<T: serde::Serialize>(items: impl Iterator<Item = T>) -> Expr {
    let items: Vec<String> = items.filter_map(|item| serde_json::to_string(&item).ok()).collect();
    Expr::string(format!("[{}]", items.join(", ")), Span::default())
}
