//! What is published rests on what was reviewed.

use crate::catalog::caching::Off;
use crate::catalog::index_tokens::Given;
use crate::catalog::{actions, caching, index_tokens};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0731_cache_in_release::cache_in_release;
use crate::diagnostics::codes::r0733_token_for_index::token_for_index;
use crate::expr::text::holes;
use crate::hir::runs::Runs;
use crate::hir::{Job, Map, Pipeline, Step, StepKind, Value};
use crate::source::Span;

/// Looks at the actions of every job: what they restore, and how they publish. The cache layers of the spec are the pass's.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let runs = Runs::of(pipeline);
    for job in pipeline.jobs.values().filter(|job| job.call.is_none()) {
        job.each_step().for_each(|step| look(&runs, job, step, diags));
    }
}

fn look(runs: &Runs, job: &Job, step: &Step, diags: &mut Vec<Diag>) {
    let (action, with) = match &step.kind {
        StepKind::Uses { action, with, .. } => (action, with),
        StepKind::Run(script) => {
            if let Some((option, line)) = caching::restoring_command(script)
                && let Some(why) = runs.untrusted_in_some(job)
            {
                let at = script.find(line).map_or(script.span(), |start| script.source(start..start + line.len()));
                let said = cache_in_release(&format!("{option} type=gha"), &why, Off::Without(option), at);
                diags.push(step.origin.explain(said));
            }
            let found = index_tokens::with_a_token(script, &[&step.env, &job.env].map(|env| given_secrets(env)));
            let place = |given| match given {
                Given::Variable(at) => at,
                Given::Script(range) => script.source(range),
            };
            diags.extend(found.map(|(command, given)| step.origin.explain(token_for_index(command, place(given)))));
            return;
        }
        _ => return,
    };
    let name = actions::name(action);
    let input = |key: &str| with.get(key).map(|value| value.words().join("\n")).unwrap_or_default();
    if let Some(off) = caching::restores(action, input)
        && let Some(why) = runs.untrusted_with(job, step, off)
    {
        diags.push(step.origin.explain(cache_in_release(name, &why, off, action.span())));
    }
    let elsewhere = ["repository-url", "repository_url"].iter().any(|key| with.contains_key(*key));
    if let Some(password) = with.get("password").filter(|_| index_tokens::trusts_workflows(action) && !elsewhere) {
        diags.push(step.origin.explain(token_for_index(name, password.origin.span)));
    }
}

/// The variables that have the value of a secret.
fn given_secrets(env: &Map) -> Vec<(&str, Span)> {
    // The token of the job is for indexes of GitHub.
    let is_secret = |path: &[String]| path[0] == "secrets" && path.get(1).is_none_or(|name| name != "github_token");
    let of_secret =
        |value: &Value| holes(&value.spelled()).iter().flat_map(|(_, expr)| expr.paths()).any(|path| is_secret(&path));
    env.iter().filter(|(_, value)| of_secret(value)).map(|(name, value)| (name.as_str(), value.origin.span)).collect()
}
