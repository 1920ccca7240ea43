//! Whose end others look at. Such a job stays one of its own: of several on one machine, and of parts of one on several, GitHub knows no ends that are theirs.

use std::collections::BTreeSet;

use crate::expr::text::holes;
use crate::expr::{Expr, ExprKind};
use crate::hir::Job;
use crate::hir::checks::expressions::naming;
use crate::plan::{EdgeKind, Plan};

/// The jobs that are asked for.
pub(super) struct Asked<'p> {
    /// By their names: for outputs, or for how they ended.
    by_name: BTreeSet<&'p str>,
    /// Whether any of them failed.
    failed: BTreeSet<&'p str>,
}

impl<'p> Asked<'p> {
    /// Those of a plan.
    pub(super) fn of(plan: &'p Plan) -> Self {
        let outputs = plan.edges.iter().filter(|edge| edge.kind == EdgeKind::Outputs);
        // Whoever calls the workflow is given what its outputs ask for.
        let given = plan.pipeline.triggers.iter().flat_map(|trigger| trigger.outputs.values());
        let given: Vec<Vec<String>> = given.flat_map(|output| holes(&output.value)).flat_map(|(_, expr)| expr.paths()).collect();
        let is_given = |id: &&String| {
            let mut of_jobs = given.iter().filter(|path| path[0].eq_ignore_ascii_case("jobs"));
            of_jobs.any(|path| path.get(1).is_none_or(|name| name == "*" || name.eq_ignore_ascii_case(id)))
        };
        let given = plan.works.keys().filter(is_given).map(String::as_str);
        let outputs = outputs.map(|edge| edge.from.as_str()).chain(given);
        let mut asked = Self { by_name: outputs.collect(), failed: BTreeSet::new() };
        for (id, work) in &plan.works {
            if asks_for_all(&work.job) {
                asked.by_name.extend(before(plan, id));
            }
            if work.job.when.as_ref().is_some_and(|when| asks_for_failures(&when.expr)) {
                // Of all that it comes after (github/docs, "Evaluate expressions", `failure`).
                let mut open: Vec<&str> = before(plan, id).collect();
                while let Some(next) = open.pop() {
                    if asked.failed.insert(next) {
                        open.extend(before(plan, next));
                    }
                }
            }
        }
        asked
    }

    /// Whether somebody asks for a job by its name.
    pub(super) fn by_name(&self, id: &str) -> bool {
        self.by_name.contains(id)
    }

    /// Whether somebody asks for it at all.
    pub(super) fn at_all(&self, id: &str) -> bool {
        self.by_name(id) || self.failed.contains(id)
    }
}

/// What a job comes right after.
fn before<'p>(plan: &'p Plan, id: &str) -> impl Iterator<Item = &'p str> {
    plan.edges.iter().filter(move |edge| edge.to == id).map(|edge| edge.from.as_str())
}

/// Whether a job asks for all that it needs at once: `toJSON(needs)`, `needs.*.result`.
fn asks_for_all(job: &Job) -> bool {
    let mut asks = false;
    naming("needs", job, &mut |expr, _| {
        let is_whole = |path: &Vec<String>| path[0].eq_ignore_ascii_case("needs") && path.get(1).is_none_or(|name| name == "*");
        asks |= expr.paths().iter().any(is_whole);
    });
    asks
}

/// Whether a condition asks whether others failed. That all ended well is what GitHub asks by itself.
fn asks_for_failures(condition: &Expr) -> bool {
    let parts = if let ExprKind::And(all) = &condition.kind { all.as_slice() } else { std::slice::from_ref(condition) };
    let is = |expr: &Expr, names: &[&str]| match &expr.kind {
        ExprKind::Call(name, _) => names.iter().any(|known| name.eq_ignore_ascii_case(known)),
        _ => false,
    };
    let mut asks = false;
    parts.iter().filter(|part| !is(part, &["success"])).for_each(|part| {
        part.walk(&mut |expr| asks |= is(expr, &["success", "failure"]));
    });
    asks
}
