//! Timeouts below the time that something takes, as it says itself.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0408_ended_every_time::ended_every_time;
use crate::hir::{Duration, Job, Pipeline, Shards, Step, Switch, Value};

/// Looks at each job, and at each of its steps.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let timeout = match (&job.timeout, &pipeline.defaults.timeout) {
            (Switch::Written(own), _) | (Switch::Derived, Switch::Written(own)) => Some(own),
            _ => None,
        };
        let of_job = (job.takes.as_ref(), timeout, pieces(job, None));
        // What may fail may be ended.
        let steps = job.each_step().filter(|step| step.may_fail.is_none());
        let of_steps = steps.map(|step| {
            let what = format!("a step of `{}`", job.id);
            (what, (step.takes.as_deref(), step.timeout.as_deref(), pieces(job, Some(step))))
        });
        let all = std::iter::once((format!("`{}`", job.id), of_job)).chain(of_steps);
        diags.extend(all.filter_map(|(what, of_it)| ended(&what, of_it)).map(|said| job.origin.explain(said)));
    }
}

/// Of how many machines each does a part of a step, or of all that the job takes; none where that is not known yet.
fn pieces(job: &Job, step: Option<&Step>) -> Option<u64> {
    let Some(shards) = &job.shards else { return Some(1) };
    if step.is_some_and(|step| !job.is_dealt_out(step)) || step.is_none() && !job.asks_for_shard() {
        return Some(1);
    }
    Shards::number(shards).map(u64::from)
}

fn ended(what: &str, (takes, timeout, pieces): (Option<&Value>, Option<&Value>, Option<u64>)) -> Option<Diag> {
    let (takes, timeout, pieces) = (takes?, timeout?, pieces?.max(1));
    // GitHub takes whole minutes.
    let limit = Duration::in_minutes(&timeout.spelled())? * 60;
    let seconds = Duration::parse(&takes.spelled())?.0.div_ceil(pieces);
    let said = if pieces > 1 { format!("{} in {pieces} shards", takes.spelled()) } else { takes.spelled() };
    let enough = format!("{}m", (2 * seconds).div_ceil(60));
    (limit <= seconds).then(|| {
        let (takes, timeout) = ((said.as_str(), takes.origin.span), (timeout.spelled(), timeout.origin.span));
        ended_every_time(what, takes, (&timeout.0, timeout.1), &enough)
    })
}
