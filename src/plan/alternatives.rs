//! `optimize by`: the plans among which run time chooses. They are of one graph, and differ in machines, shards and bounds alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Plan, Work};
use crate::expr::Expr;
use crate::hir::{Job, Runner, Switch, Value, ValueKind};
use crate::map::IndexMap;
use crate::text::Text;

/// What a work has in one of the plans, where that is not what it has in the usual one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The label of its machine, or the name that the spec gives to that.
    pub runner: Option<String>,
    /// How many shards it has.
    pub shards: Option<u32>,
    /// After how many minutes it is ended.
    pub timeout: Option<u64>,
}

impl Difference {
    /// The job as it is in that plan.
    pub fn of(&self, job: &Arc<Job>) -> Arc<Job> {
        let mut job = job.clone();
        if *self == Self::default() {
            return job;
        }
        let own = Arc::make_mut(&mut job);
        if let Some(label) = &self.runner {
            own.runner = Some(Runner::Label(Text::verbatim(label.clone(), own.origin.span)));
        }
        if let (Some(count), Some(shards)) = (self.shards, &mut own.shards) {
            shards.set(count);
        }
        if let Some(minutes) = self.timeout {
            let kind = ValueKind::Number(minutes.to_string());
            own.timeout = Switch::Written(Value { kind, origin: own.origin.clone() });
        }
        job
    }
}

impl Plan {
    /// The plan of that name, as it runs where it is chosen.
    #[must_use]
    pub fn under(&self, name: &str) -> Self {
        let mut plan = self.clone();
        if let Some(alternative) = self.alternative(name) {
            plan.pipeline.optimize = self.pipeline.optimize.under(alternative);
        }
        let own = |mut work: Work| {
            if let Some(difference) = std::mem::take(&mut work.differences).get(name) {
                work.job = difference.of(&work.job);
            }
            work
        };
        let works = std::mem::take(&mut plan.works).into_values().map(own).collect();
        plan.set(works);
        plan
    }

    fn alternative(&self, name: &str) -> Option<&crate::hir::Alternative> {
        self.pipeline.optimize.by.as_ref()?.alternatives.get(name)
    }

    /// Replaces all that runs. Each task has a machine of its own.
    pub(crate) fn set(&mut self, works: Vec<Work>) {
        (self.works, self.tasks, self.machines) = (IndexMap::default(), Vec::new(), Vec::new());
        works.into_iter().for_each(|work| self.add(work));
    }

    /// Into how many shards a job is split, in any of the plans; 0 where it is not.
    pub fn shards_of(&self, task: &str) -> BTreeSet<u32> {
        let Some(work) = self.works.get(task.split('[').next().unwrap_or(task)) else { return BTreeSet::new() };
        let usual = work.job.shards.as_ref().and_then(crate::hir::Shards::number);
        let others = work.differences.values().filter_map(|difference| difference.shards);
        usual.into_iter().chain(others).map(|count| if count > 1 { count } else { 0 }).collect()
    }

    /// The name of the plan that is chosen where conditions hold as told; none for the usual one.
    pub fn chosen(&self, holds: impl Fn(&Expr) -> bool) -> Option<&str> {
        let by = self.pipeline.optimize.by.as_ref()?;
        by.alternatives.iter().find(|(_, alternative)| holds(&alternative.is)).map(|(name, _)| name.as_str())
    }

    /// One value of a work in all plans, as an expression: the usual one where none of the others is chosen. None where it is the same in all.
    pub(crate) fn choice(&self, work: &Work, usual: Expr, other: impl Fn(&Difference) -> Option<Expr>) -> Option<Expr> {
        let by = self.pipeline.optimize.by.as_ref()?;
        // Plans with the same value are one: no two of them are chosen at a time.
        let mut values: IndexMap<String, (Vec<Expr>, Expr)> = IndexMap::default();
        for (name, difference) in &work.differences {
            if let Some((alternative, value)) = by.alternatives.get(name).zip(other(difference)) {
                values.entry(value.to_string()).or_insert_with(|| (Vec::new(), value)).0.push(alternative.is.clone());
            }
        }
        if values.is_empty() {
            return None;
        }
        let mut terms: Vec<Expr> = values.into_values().map(|(are, value)| Expr::and(vec![Expr::or(are), value])).collect();
        terms.push(usual);
        Some(Expr::or(terms))
    }
}
