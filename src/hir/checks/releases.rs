//! What is published rests on what was reviewed.

use crate::catalog::{actions, publishing};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0731_cache_in_release::cache_in_release;
use crate::diagnostics::codes::r0733_token_for_index::token_for_index;
use crate::hir::runs::Runs;
use crate::hir::{Job, Map, Pipeline, Step, StepKind};

/// Looks at the actions of every job: what they restore, and how they publish. The cache layers of the spec are the pass's.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let runs = Runs::of(pipeline);
    for job in pipeline.jobs.values().filter(|job| job.call.is_none()) {
        job.each_step().for_each(|step| look(&runs, job, step, diags));
    }
}

fn look(runs: &Runs, job: &Job, step: &Step, diags: &mut Vec<Diag>) {
    let StepKind::Uses { action, with, .. } = &step.kind else { return };
    let name = actions::name(action);
    if restores(name, with)
        && let Some(why) = runs.untrusted(job)
    {
        diags.push(step.origin.explain(cache_in_release(name, &why, action.span())));
    }
    let elsewhere = ["repository-url", "repository_url"].iter().any(|key| with.contains_key(*key));
    if let Some(password) = with.get("password").filter(|_| publishing::trusts_workflows(action) && !elsewhere) {
        diags.push(step.origin.explain(token_for_index(name, password.origin.span)));
    }
}

/// Whether an action restores a cache. Those that set up a tool do so where they are told to.
fn restores(name: &str, with: &Map) -> bool {
    let told = with.get("cache").map(crate::hir::Value::spelled).is_some_and(|cache| !cache.is_empty() && cache != "false");
    actions::restores(name) || name.eq_ignore_ascii_case("swatinem/rust-cache") || actions::sets_up(name) && told
}
