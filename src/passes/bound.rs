//! Bounds: a job that hangs ends long before GitHub's six hours, and a newer push to a pull request cancels the run of the older one, unless a job in it is
//! not to be cancelled; nothing else is ever cancelled.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Context, Pass, Subject, never};
use crate::cost::event::Event;
use crate::cost::in_shard;
use crate::expr::text::holes;
use crate::hir::machines::limits;
use crate::hir::{Concurrency, Duration, Job, Local, Origin, Pipeline, Shards, Step, StepKind, Switch, Value, ValueKind};
use crate::plan::{Member, Plan, Work, text};

pub(super) static PASS: Pass = Pass {
    name: "bound",
    summary: "ends jobs that hang, and cancels superseded runs of pull requests",
    required: false,
    asked: never,
    run,
};

/// Where nothing is known of a job's duration: twice the longest of 9,224 jobs of linkerd's own CI (3,653 s, 2020). What a job that
/// hangs costs is a third of what it would.
const MINUTES: u64 = 120;

/// A declared duration may be this many times as long, and at least [`LEAST`] minutes: slow machines and cold caches are no faults.
const TIMES: u64 = 3;
const LEAST: u64 = 10;

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    timeouts(plan, context);
    concurrency(plan, context);
}

/// Gives each job on GitHub's machines a time that it surely does not need. Machines of one's own may have work for days.
fn timeouts(plan: &mut Plan, context: &mut Context<'_>) {
    if !matches!(plan.pipeline.defaults.timeout, Switch::Derived) {
        return;
    }
    for (id, work) in &mut plan.works {
        let slowest = |job: &str, shards: u32| context.profile.slowest(job, shards).unwrap_or_default();
        let members = members(work, &|member| slowest(member, 1));
        let ids: Vec<&str> = std::iter::once(id.as_str()).chain(work.members.iter().map(|member| member.id.as_str())).collect();
        let measured = |job: &Job| ids.iter().map(|id| slowest(id, pieces(job))).sum();
        let alone = members.iter().map(|member| member.alone).sum();
        let of = |job: &Job| allowed_job(&plan.pipeline, job, measured(job), alone);
        let Some(Allowed { minutes, pieces, declared, by_measure }) = of(&work.job) else { continue };
        for difference in work.differences.values_mut() {
            let own = of(&difference.of(&work.job)).map(|allowed| allowed.minutes);
            difference.timeout = own.filter(|own| *own != minutes);
        }
        let job = &work.job;
        let value = |minutes: u64| Value { kind: ValueKind::Number(minutes.to_string()), origin: job.origin.clone() };
        let whole = Switch::Written(value(minutes));
        let each: Vec<(usize, Value)> =
            members.iter().filter_map(|member| Some((member.step?, value(member.in_company)))).collect();
        let job = Arc::make_mut(&mut work.job);
        job.timeout = whole;
        for (step, own) in each {
            if let Some(step) = job.steps.get_mut(step).filter(|step| step.timeout.is_none()) {
                step.timeout = Some(Box::new(own));
            }
        }
        let why = match declared {
            _ if !members.is_empty() => "what its jobs may take, one after the other".to_owned(),
            _ if by_measure => format!("{TIMES} times what the slowest tenth of its runs took"),
            _ if declared && pieces > 1 => {
                format!("{TIMES} times what `takes` says of all {pieces} shards together, for each of them")
            }
            _ if declared && minutes == LEAST => format!("{TIMES} times what `takes` says, and no less than {LEAST} minutes"),
            _ if declared => format!("{TIMES} times what `takes` says"),
            _ => "nothing says how long it takes; GitHub's own limit is 6 hours".to_owned(),
        };
        context.ledger.note(PASS.name, Some(id), format!("ends it after {minutes} minutes"), why).about(Subject::Timeout);
    }
}

/// How long a job may take.
struct Allowed {
    minutes: u64,
    /// Into how many shards its work is split.
    pieces: u64,
    /// Whether `takes` says how long its work takes.
    declared: bool,
    /// Whether what was measured says more.
    by_measure: bool,
}

/// Into how many shards the work of a job is split.
fn pieces(job: &Job) -> u32 {
    job.shards.as_ref().and_then(Shards::number).filter(|_| job.asks_for_shard()).unwrap_or(1).max(1)
}

/// The same of a job: by the slowest tenth of its runs, in seconds, and by what its members may take, in minutes. None where it is not to be ended.
fn allowed_job(pipeline: &Pipeline, job: &Job, measured: f64, members: u64) -> Option<Allowed> {
    let (longest, _) = limits(pipeline, job).filter(|_| matches!(job.timeout, Switch::Derived) && job.call.is_none())?;
    // What is declared is what the job takes in one piece.
    let pieces = u64::from(pieces(job));
    let takes = job.takes.as_ref().map(Value::spelled);
    let declared = if pieces > 1 {
        let all = takes.and_then(|takes| Duration::parse(&takes));
        all.map(|all| (in_shard(job, all.0 as f64, pieces as f64) / 60.0).ceil() as u64)
    } else {
        takes.and_then(|takes| Duration::in_minutes(&takes))
    };
    let (minutes, by_measure) = allowed(declared, measured);
    // What steps may take by themselves, they may take.
    let steps: u64 = job.steps.iter().filter_map(own_minutes).sum();
    let minutes = minutes.max(members).max(steps + LEAST * u64::from(steps > 0)).min(longest);
    Some(Allowed { minutes, pieces, declared: declared.is_some(), by_measure })
}

/// How much of the time that a job gets follows from what it takes, in seconds; none where its time is written.
pub(super) fn allowed_by_takes(plan: &Plan, job: &Job) -> f64 {
    let is_derived = matches!((&job.timeout, &plan.pipeline.defaults.timeout), (Switch::Derived, Switch::Derived));
    let takes = job.takes.as_ref().filter(|_| is_derived).and_then(|takes| Duration::parse(&takes.spelled()));
    takes.map_or(0.0, |takes| (takes.0 * TIMES) as f64)
}

/// How long one of several jobs on a machine may take, in minutes.
struct Bound {
    /// By itself.
    alone: u64,
    /// With what runs beside it: one after the other they might take as long.
    in_company: u64,
    /// The place of its step, where it has one only.
    step: Option<usize>,
}

/// The bounds of the jobs that became one.
fn members(work: &Work, slowest: &dyn Fn(&str) -> f64) -> Vec<Bound> {
    let steps = &work.job.steps;
    let alone = |member: &Member| allowed(member.takes.map(Duration::minutes), slowest(&member.id)).0;
    let is_background = |member: &Member| steps.get(member.steps.start).is_some_and(|step| step.background);
    // What is waited for together runs side by side.
    let block = |member: &Member| {
        let before = steps.get(..member.steps.start).unwrap_or_default();
        before.iter().filter(|step| matches!(step.kind, StepKind::Wait(_))).count()
    };
    let company = |member: &Member| -> u64 {
        // Who was begun and is not in the background has ended.
        let meets = |other: &Member| {
            let earlier = if other.steps.start < member.steps.start { other } else { member };
            other == member || block(other) == block(member) && is_background(earlier)
        };
        work.members.iter().filter(|other| meets(other)).map(alone).sum()
    };
    let bound = |member: &Member| {
        let step = (member.steps.len() == 1).then_some(member.steps.start);
        Bound { alone: alone(member), in_company: company(member), step }
    };
    work.members.iter().map(bound).collect()
}

/// How long something may take, in minutes, by what it says and by the slowest tenth of its runs in seconds; and whether the latter says more.
fn allowed(declared: Option<u64>, slowest: f64) -> (u64, bool) {
    let minutes = declared.map_or(MINUTES, |takes| (takes * TIMES).max(LEAST));
    // What was declared long ago must not end what is known to take longer by now.
    let measured = (slowest / 60.0).ceil() as u64 * TIMES;
    (minutes.max(measured), measured > minutes)
}

/// What a step may take, in minutes, where it says so itself.
fn own_minutes(step: &Step) -> Option<u64> {
    match &step.kind {
        StepKind::Parallel(steps) => steps.iter().filter_map(own_minutes).max(),
        _ => step.timeout.as_ref().and_then(|timeout| Duration::in_minutes(&timeout.spelled())),
    }
}

fn concurrency(plan: &mut Plan, context: &mut Context<'_>) {
    let pull_request = |event: &str| matches!(event, "pull_request" | "pull_request_target");
    let Some(trigger) = plan.pipeline.triggers.iter().find(|trigger| pull_request(&trigger.event)) else { return };
    // A called workflow would share the group of its caller.
    let called = plan.pipeline.triggers.iter().any(|trigger| trigger.event == "workflow_call");
    if called || !matches!(plan.concurrency, Switch::Derived) {
        return;
    }
    // The end of a run ends all of its jobs, whatever they say of themselves.
    if let Some(why) = Event::of(&plan.pipeline, &trigger.event).and_then(|event| not_cancelled(plan, &event)) {
        let what = "cancels no older run when a pull request is pushed to again";
        context.ledger.note(PASS.name, None, what, why).about(Subject::Concurrency);
        return;
    }
    let origin = Origin { span: trigger.origin.span, frame: None };
    // Other events of a pull request carry its number too, and no run of theirs is superseded by a push.
    let others =
        plan.pipeline.triggers.iter().any(|other| other.event != trigger.event && other.event.starts_with("pull_request"));
    let is_it = format!("github.event_name == '{}'", trigger.event);
    // A label that is set supersedes nothing: only these change what is tested.
    let pushes = ["opened", "reopened", "synchronize"];
    let other_types = match trigger.filters.get("types").map(|types| &types.kind) {
        Some(ValueKind::List(types)) => types.iter().any(|each| !pushes.contains(&each.spelled().as_str())),
        Some(_) => true,
        None => false,
    };
    let changes = r#"contains(fromJSON('["opened", "reopened", "synchronize"]'), github.event.action)"#;
    let mut conditions = Vec::new();
    conditions.extend(others.then_some(is_it.as_str()));
    conditions.extend(other_types.then_some(changes));
    let only: String = conditions.iter().flat_map(|condition| [condition, " && "]).collect();
    // Groups are the repository's, and two workflows may have one name, but not one file.
    let stem = plan.pipeline.stem();
    let group = format!("{stem}-${{{{ {only}github.event.pull_request.number || github.run_id }}}}");
    plan.concurrency = Switch::Written(Concurrency {
        group: text(group, &origin),
        cancel: Some(text(format!("${{{{ {is_it} }}}}"), &origin)),
        queue: None,
    });
    let what = "cancels the older run when a pull request is pushed to again";
    context.ledger.note(PASS.name, None, what, "its result is of no use any more").about(Subject::Concurrency);
}

/// Why no run of an event is to be cancelled: a job that may be in it waits for others of its name or group, and what holds that is to end by itself.
fn not_cancelled(plan: &Plan, event: &Event) -> Option<String> {
    let mut out: BTreeSet<&str> = BTreeSet::new();
    for (work, needs) in plan.works.values().zip(plan.needs()) {
        let job = &work.job;
        let when = job.when.as_ref();
        let is_skipped = || {
            let asks_status = when.is_some_and(|when| when.expr.asks_status());
            !asks_status && needs.iter().any(|need| out.contains(need))
        };
        if when.is_some_and(|when| event.decides(&when.expr) == Some(false)) || is_skipped() {
            out.insert(&job.id);
            continue;
        }
        let cancels = |concurrency: &Concurrency| match &concurrency.cancel {
            Some(cancel) => match &holes(&cancel.spelled())[..] {
                [] => cancel.spelled() == "true",
                [(_, expr)] => event.decides(expr) == Some(true),
                _ => false,
            },
            None => false,
        };
        let called = job.call.as_ref().and_then(|call| plan.pipeline.locals.get(call.workflow.as_str()));
        if called.and_then(Local::interface).is_some_and(|called| called.has_group) {
            return Some(format!(
                "that would end what `{}` calls as well, which has a `concurrency` that does not cancel it",
                job.id
            ));
        }
        if let Some(lock) = &job.locks {
            return Some(format!("that would end `{}` as well, which holds the lock `{}`", job.id, lock.spelled()));
        }
        if job.concurrency.written().is_some_and(|concurrency| !cancels(concurrency)) {
            return Some(format!("that would end `{}` as well, whose `concurrency` does not cancel it", job.id));
        }
    }
    None
}
