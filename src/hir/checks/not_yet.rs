//! What the language has and no pass acts on yet: said, so that no spec is silently misread.

use super::resources;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0701_not_acted_on::not_acted_on;
use crate::expr::macros;
use crate::expr::text::holes;
use crate::hir::visit::{self, Asks};
use crate::hir::{Job, Pipeline, Runner, Step, StepKind, Switch, Value, ValueKind};
use crate::source::Span;

/// Says what is left without effect.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut say = |what: &str, instead: &str, at: Span| diags.push(not_acted_on(what, instead, at));
    if let Some(server) = &pipeline.target.server {
        say("target ghes", "the output is the one for github.com", server.span());
    }
    if let Some(monitor) = &pipeline.monitor {
        say("monitor", "the run reports nothing about itself", monitor.origin.span);
    }
    let optimize = &pipeline.optimize;
    let passes = crate::passes::ALL.iter().map(|pass| pass.name);
    let known: Vec<&str> = passes.chain(crate::passes::place::SETTINGS.iter().copied()).collect();
    for (name, value) in optimize.settings.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        say(&format!("optimize {{ {name} }}"), "without effect", value.origin.span);
    }
    let off = optimize.is_off("place");
    if let Some(by) = optimize.by.as_ref().filter(|_| off) {
        say("optimize by", "one plan is made", by.origin.span);
    }
    if let Some(Runner::Auto(_)) = pipeline.defaults.runner.as_ref().filter(|_| off) {
        say("runner auto", "the first machine that fits is taken", pipeline.defaults.runner_at.span);
    }
    for job in pipeline.jobs.values() {
        job_check(pipeline, job, off, &mut say);
        visit::job(job, &mut |site| {
            let mut changed = |at: Span| say("changed", "everything counts as changed", at);
            match site.asks {
                Asks::When(when) => macros::changed(&when.expr).iter().for_each(|(_, at)| changed(*at)),
                Asks::Text(text) | Asks::Whole(text) | Asks::If(text) if text.contains("changed(") => {
                    for (_, at) in holes(text).iter().flat_map(|(_, expr)| macros::changed(expr)) {
                        changed(text.source(at.start as usize..at.end as usize));
                    }
                }
                _ => {}
            }
        });
    }
}

fn retries(step: &Step, say: &mut dyn FnMut(&str, &str, Span)) {
    if let Some(retry) = &step.retry {
        say("retry", "the step runs once", retry.origin.span);
    }
    if let StepKind::Parallel(steps) = &step.kind {
        steps.iter().for_each(|step| retries(step, say));
    }
}

/// Whether a row describes a server in another way than the job or a row before it; they share all but the image.
fn differs(job: &Job, row: &Job) -> bool {
    let (_, rows) = job.written_rows();
    row.services.iter().any(|(name, service)| {
        let first = job.services.get(name).or_else(|| rows.iter().find_map(|row| row.job.services.get(name)));
        let same =
            |key: &String, value: &Value| first.and_then(|first| first.keys.get(key)).is_some_and(|other| alike(other, value));
        first.is_some_and(|first| first.keys.len() != service.keys.len())
            || service.keys.iter().any(|(key, value)| key != "image" && !same(key, value))
    })
}

/// Whether two values say the same, wherever they are written.
fn alike(one: &Value, other: &Value) -> bool {
    match (&one.kind, &other.kind) {
        (ValueKind::List(a), ValueKind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (ValueKind::Map(a), ValueKind::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| alike(value, other)))
        }
        _ => one.spelled() == other.spelled(),
    }
}

fn job_check(pipeline: &Pipeline, job: &Job, off: bool, say: &mut dyn FnMut(&str, &str, Span)) {
    let at = job.origin.span;
    if matches!(job.memo, Switch::Written(())) {
        say("memo", "the job runs every time", at);
    }
    let auto = matches!(job.runner, Some(Runner::Auto(_)));
    if let Some((_, first)) = job.resources.first().filter(|_| resources::is_unknown(pipeline, job)) {
        say("resources", "nothing is known of what that machine has", first.origin.span);
    }
    if let Some(priority) = &job.priority {
        say("priority", "jobs start as they come", priority.origin.span);
    }
    if auto && off {
        say("runner auto", "the first machine that fits is taken", at);
    }
    if let Some(shards) = job.shards.as_ref().filter(|shards| off && shards.count.spelled() == "auto") {
        say("shards auto", "the job is not split", shards.origin.span);
    }
    let derived = job.toolchains.values().flat_map(|toolchain| toolchain.steps());
    derived.chain(&job.steps).for_each(|step| retries(step, say));
    for row in job.written_rows().1 {
        let at = row.value.origin.span;
        let row = &row.job;
        let asks_status = row.when.as_ref().is_some_and(|when| when.expr.asks_status());
        for (there, what, instead) in [
            (!row.reads.is_empty(), "reads of a row", "the row runs every time"),
            (asks_status, "a status in `when` of a row", "the row runs every time"),
            (differs(job, row), "service of a row", "only its image may differ between rows"),
            (row.priority.is_some(), "priority", "rows start as they come"),
        ] {
            if there {
                say(what, instead, at);
            }
        }
    }
}
