//! The runs of one event: what of conditions is known beforehand.
//!
//! Sources: github/docs, "Events that trigger workflows" (the tables with `GITHUB_REF`) and "Contexts reference" (`github.head_ref` and `base_ref` are
//! there "only … when the event that triggers a workflow run is either `pull_request` or `pull_request_target`"), read 2026-11.

use std::collections::BTreeSet;

use crate::expr::fold::{Known, fold_condition, literal};
use crate::expr::value::Value;
use crate::expr::{Expr, macros, parse};
use crate::hir::started::{Kind, PULL, TAG, kinds};
use crate::hir::{Condition, Pipeline, Trigger};
use crate::plan::{Member, Plan, Work};

/// The runs that an event starts, as far as they are alike: one for each branch or tag where those are named, else one. Without an event nothing is known.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// Its name; empty where all runs are meant.
    pub name: String,
    /// Whether other events start runs, too.
    pub among_others: bool,
    runs: Vec<Known>,
}

impl Event {
    /// That event of a pipeline; none where it starts no run.
    pub fn of(pipeline: &Pipeline, name: &str) -> Option<Self> {
        let of_it = || pipeline.triggers.iter().filter(|trigger| trigger.event == name);
        let runs: Vec<Known> = of_it().flat_map(runs).collect();
        let among_others = pipeline.triggers.iter().any(|trigger| trigger.event != name);
        (!runs.is_empty()).then(|| Self { name: name.to_owned(), among_others, runs })
    }

    /// All runs that there are of a pipeline, as far as they are alike.
    pub fn each(pipeline: &Pipeline) -> Vec<Self> {
        let of = |trigger: &Trigger| {
            let name = trigger.event.clone();
            runs(trigger).into_iter().map(move |run| Self { name: name.clone(), among_others: true, runs: vec![run] })
        };
        pipeline.triggers.iter().flat_map(of).collect()
    }

    /// The kinds of runs of which it is known that jobs are left out, one for each set of these; and whether there are runs in which all may be.
    pub fn kinds(plan: &Plan) -> (Vec<Self>, bool) {
        let mut seen = BTreeSet::new();
        let mut kinds = Self::each(&plan.pipeline);
        let mut all_run = kinds.is_empty();
        kinds.retain(|event| {
            let left_out = event.left_out(plan);
            all_run |= left_out.is_empty();
            !left_out.is_empty() && seen.insert(left_out)
        });
        (kinds, all_run)
    }

    /// The jobs that are in none of its runs; of those that share a machine each has its own conditions.
    pub fn left_out(&self, plan: &Plan) -> BTreeSet<String> {
        let never = |when: &Condition| self.decides(&when.expr) == Some(false);
        let guarded = |member: &&Member| member.guards.iter().any(|guard| self.decides_text(guard) == Some(false));
        let of_work = |(id, work): (&String, &Work)| {
            let is_out = work.job.when.as_ref().is_some_and(never);
            let members = work.members.iter().filter(guarded).map(|member| member.id.clone());
            is_out.then(|| id.clone()).into_iter().chain(members).collect::<Vec<_>>()
        };
        plan.works.iter().flat_map(of_work).collect()
    }

    /// The runs of a pipeline in which a condition may hold; none where it never does.
    pub fn where_holds(pipeline: &Pipeline, condition: &Expr) -> Option<Self> {
        let condition = macros::in_github_words(condition.clone());
        let may_hold = |run: &Known| literal(&fold_condition(condition.clone(), run)).is_none_or(|value| value.truthy());
        let mut names: Vec<&str> = Vec::new();
        let mut own: Vec<Known> = Vec::new();
        let mut among_others = false;
        for trigger in &pipeline.triggers {
            let (these, others): (Vec<Known>, Vec<Known>) = runs(trigger).into_iter().partition(may_hold);
            among_others |= !others.is_empty();
            if !these.is_empty() && !names.contains(&trigger.event.as_str()) {
                names.push(&trigger.event);
            }
            own.extend(these);
        }
        (!own.is_empty()).then(|| Self { name: names.join(", "), among_others, runs: own })
    }

    /// Whether a condition holds in every one of its runs, or in none; none where that is not known.
    pub fn decides(&self, condition: &Expr) -> Option<bool> {
        let condition = macros::in_github_words(condition.clone());
        let mut all = self.runs.iter().map(|run| literal(&fold_condition(condition.clone(), run)).map(|value| value.truthy()));
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }

    /// The same of a condition as text.
    pub(super) fn decides_text(&self, condition: &str) -> Option<bool> {
        // Where all runs are meant, nothing is worth reading for.
        if self.runs.is_empty() { None } else { self.decides(&parse(condition).value?) }
    }

    /// What is known of each of its runs; one of which nothing is known where all runs are meant.
    pub(super) fn known(&self) -> Vec<Known> {
        if self.runs.is_empty() { vec![Known::new()] } else { self.runs.clone() }
    }
}

/// The runs of a trigger.
fn runs(trigger: &Trigger) -> Vec<Known> {
    let event = trigger.event.as_str();
    // The event of a workflow that is called is its caller's.
    if event == "workflow_call" {
        return vec![Known::new()];
    }
    let mut known = Known::new().with("github.event_name", Value::string(event));
    if !event.starts_with("pull_request") {
        known.insert(["github", "event", "pull_request"], Value::Null);
    }
    if event != "workflow_dispatch" {
        known.insert(["inputs"], Value::Null);
    }
    if !matches!(event, "pull_request" | "pull_request_target") {
        known = known.with("github.head_ref", Value::string("")).with("github.base_ref", Value::string(""));
    }
    let mut kinds = kinds(trigger);
    // Whatever else happens to pull requests that are merged, most are not yet.
    let is_of_merged = || trigger.filters.get("types").is_some_and(|types| types.words().iter().any(|one| one == "closed"));
    if event == "pull_request" && !is_of_merged() {
        kinds.iter_mut().for_each(|kinds| kinds.retain(|kind| kind.start == PULL));
    }
    // Of an event that has runs of several kinds and filters none of them, it is not known which.
    match kinds.filter(|kinds| kinds.len() == 1 || kinds.iter().any(Kind::is_filtered)) {
        Some(kinds) => kinds.iter().flat_map(|kind| of_kind(kind, &known)).collect(),
        None => vec![known],
    }
}

/// The runs of refs of a kind: one for each branch and tag, where no pattern lets others through.
fn of_kind(kind: &Kind, known: &Known) -> Vec<Known> {
    match (kind.start, kind.plain()) {
        // Of no number that there is: what asks for one is left out of almost all.
        (PULL, _) => vec![at(known, PULL, "0/merge")],
        (start, Some(names)) => names.iter().map(|name| at(known, start, name)).collect(),
        (start, None) => vec![of_type(known, start)],
    }
}

fn of_type(known: &Known, start: &str) -> Known {
    known.clone().with("github.ref_type", Value::string(if start == TAG { "tag" } else { "branch" }))
}

fn at(known: &Known, start: &str, name: &str) -> Known {
    let reference = Value::string(format!("{start}{name}"));
    of_type(known, start).with("github.ref", reference).with("github.ref_name", Value::string(name))
}
