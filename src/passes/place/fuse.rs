//! Jobs that share a machine: which may, and the one job that they become.
//!
//! What must be equal is what a job could notice: the machine, the rights, the servers, the tools, the variables. What could reach from one to the next is
//! kept out: a job that sets variables for later steps, looks at the whole tree, or leaves something running shares with none. (LANGUAGE.md, section 5.)

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::alike;
use super::effects::leaves_unsaid;
use crate::catalog::{left_running, whole_tree};
use crate::cost::auto;
use crate::expr::{CompareOp, Expr, ExprKind};
use crate::hir::checks::expressions::{naming, naming_in_steps};
use crate::hir::lower::bare_step;
use crate::hir::runs::Runs;
use crate::hir::{Checkout, Condition, Duration, Job, Keep, Map, Permissions, Runner, Step, StepKind, Switch};
use crate::map::IndexMap;
use crate::passes::{archive, handover};
use crate::plan::order::Order;
use crate::plan::{EdgeKind, Member, Plan};
use crate::source::Span;
use crate::text::Text;

/// Words in a script that reach beyond its step: variables for later steps, and what is said of the job.
const REACHING: &[&str] = &["GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "set-env", "add-path", "GITHUB_JOB"];

/// Actions that do nothing to later steps, and say which files they look at.
const HARMLESS: &[&str] = &["actions/upload-artifact@", "actions/upload-pages-artifact@"];

/// What a job has that others must have too to share its machine, as a text; none where it shares with nobody, with the reason.
pub(super) fn kind(plan: &Plan, job: &Job) -> Result<String, &'static str> {
    let defaults = &plan.pipeline.defaults;
    let refused = [
        (job.isolated, "it is `isolated`"),
        (job.call.is_some(), "it calls a workflow"),
        (job.has_rows() && !may_be_whole(plan, job), "it has rows"),
        (job.container.is_some(), "it has a container"),
        (job.environment.is_some(), "it deploys to an environment"),
        (job.group().is_some(), "others may not run beside it"),
        (job.may_fail.is_some(), "it may fail"),
        (job.snapshot.is_some() || !job.raw.is_empty(), "it has keys that nothing is known of"),
        (!job.outputs.is_empty(), "it has outputs"),
        // What one leaves in a database, the next would find.
        (!job.services.is_empty(), "it has servers of its own"),
        (!job.caches.is_empty(), "it has a cache of its own"),
        (job.cancel_timeout.is_some(), "it has a time to end in"),
        (job.keeps.iter().any(|keep| keep.when.is_some()), "what it keeps depends on how it ends"),
        (job.when.as_ref().is_some_and(|when| when.expr.asks_status() || names(&when.expr, "needs")), "it asks how others ended"),
    ];
    let cheap = refused.into_iter().find(|(is_so, _)| *is_so).map(|(_, why)| why);
    // What its commands do takes longer to find out.
    let is_command = |step: &Step| matches!(step.kind, StepKind::Run(_));
    let why = cheap
        .or_else(|| (!job.steps.iter().any(is_command)).then_some("it has no command"))
        .or_else(|| leaves_unsaid(plan, job).then_some("it does not say what files it writes"))
        .or_else(|| sees_others(job).then_some("it would see others on its machine"))
        .or_else(|| job.steps.iter().any(|step| !is_plain(step)).then_some("its steps are not all plain commands"));
    if let Some(why) = why {
        return Err(why);
    }
    let mut text = String::new();
    let runner = job.runner.as_ref().or(defaults.runner.as_ref());
    match runner {
        Some(Runner::Label(label)) if label.contains("${{") => return Err("its machine is known only when it runs"),
        Some(Runner::Label(label)) => drop(write!(text, "{:?}", label.as_str())),
        Some(Runner::Data(value)) => alike::value(value, &mut text),
        // It may be on any that all of them may be on; where none is chosen, each must mean the same.
        Some(Runner::Auto(wishes)) => drop(write!(text, "{:?}", auto::usual(&plan.pipeline, job, wishes))),
        None => text.push_str("\"ubuntu-latest\""),
    }
    match job.permissions.as_ref() {
        None => {}
        Some(Permissions::None) => text.push_str("\nnone"),
        Some(Permissions::ReadAll) => text.push_str("\nread-all"),
        Some(Permissions::WriteAll) => text.push_str("\nwrite-all"),
        Some(Permissions::Scopes(scopes)) => alike::map(scopes, &mut text),
    }
    text.push('\n');
    // Where nothing is installed, the variables of a job are those of its commands; an expression that asks for one must find it at the job.
    if !job.toolchains.is_empty() || asks_for(job, "env") {
        alike::map(&job.env, &mut text);
    }
    job.toolchains.values().for_each(|toolchain| alike::toolchain(toolchain, &mut text));
    let _ = write!(text, "\ncheckout {}", matches!(job.checkout, Checkout::Off));
    let _ = write!(text, "\nsecrets {:?}", secrets(job));
    let _ = write!(text, "\ntimeout {}", timeout(plan, job).is_some());
    let _ = write!(text, "\ntrust {}", Runs::of(&plan.pipeline).untrusted(job).is_some());
    let except = plan.pipeline.gate.iter().flat_map(|gate| &gate.except).any(|(name, _)| *name == job.id);
    let _ = write!(text, "\nexcept {except}");
    Ok(text)
}

/// Whether a job in shards is one without rows where their number is one, which holds in all runs.
fn may_be_whole(plan: &Plan, job: &Job) -> bool {
    job.may_be_whole() && plan.pipeline.optimize.by.is_none() && !asks_for(job, "matrix")
}

/// How long a job may take, where that is written.
fn timeout(plan: &Plan, job: &Job) -> Option<Duration> {
    match (&job.timeout, &plan.pipeline.defaults.timeout) {
        (Switch::Written(value), _) | (Switch::Derived, Switch::Written(value)) => Duration::parse(&value.spelled()),
        _ => None,
    }
}

/// Whether a step runs whatever came before it, and leaves nothing for later ones.
fn is_plain(step: &Step) -> bool {
    let text = match &step.kind {
        StepKind::Run(script) => script.as_str(),
        StepKind::Uses { action, .. } => return HARMLESS.iter().any(|known| action.starts_with(known)) && step.when.is_none(),
        _ => return false,
    };
    let reaches = REACHING.iter().any(|word| text.contains(word)) || whole_tree::is_looked_at(text);
    step.when.is_none()
        && step.may_fail.is_none()
        && step.retry.is_none()
        && !step.background
        && step.raw.is_empty()
        && !reaches
        && !left_running::is_any(text)
}

fn names(expr: &Expr, context: &str) -> bool {
    expr.paths().iter().any(|path| path.first().is_some_and(|first| first.eq_ignore_ascii_case(context)))
}

/// Whether an expression of a job asks for a context.
pub(super) fn asks_for(job: &Job, context: &str) -> bool {
    let mut asks = false;
    naming(context, job, &mut |expr, _| asks |= names(expr, context));
    asks
}

/// Whether an expression of its steps has another value where other jobs share its machine: how all steps before it ended, all of them, or which files there are.
fn sees_others(job: &Job) -> bool {
    let mut sees = false;
    let mut look = |word: &str, is_seen: &dyn Fn(&Expr) -> bool| naming_in_steps(word, job, &mut |expr, _| sees |= is_seen(expr));
    for context in ["job", "steps"] {
        look(context, &|expr| is_whole(expr, context));
    }
    look("job", &|expr| expr.paths().iter().any(|path| path.iter().eq(&["job", "status"])));
    // Files that say something to later steps, whatever they are called by.
    let of_github = ["job", "env", "path", "state"];
    look("github", &|expr| {
        let names = |path: &Vec<String>| {
            path[0].eq_ignore_ascii_case("github")
                && path.get(1).is_some_and(|name| of_github.iter().any(|own| name.eq_ignore_ascii_case(own)))
        };
        is_whole(expr, "github") || expr.paths().iter().any(names)
    });
    look("hashFiles", &|expr| {
        let mut calls = false;
        expr.walk(&mut |part| calls |= matches!(&part.kind, ExprKind::Call(name, _) if name.eq_ignore_ascii_case("hashFiles")));
        calls
    });
    sees
}

/// Whether an expression asks for a context as a whole, or for something of it that is worked out.
fn is_whole(expr: &Expr, context: &str) -> bool {
    let is_it = |expr: &Expr| matches!(&expr.kind, ExprKind::Context(name) if name.eq_ignore_ascii_case(context));
    match &expr.kind {
        ExprKind::Property(inner, _) if is_it(inner) => false,
        ExprKind::Index(inner, key) if is_it(inner) && key.as_string().is_some() => false,
        _ => is_it(expr) || expr.children().into_iter().any(|child| is_whole(child, context)),
    }
}

/// Whether an expression of a job's own steps asks for a context.
pub(super) fn asks_in_steps(job: &Job, context: &str) -> bool {
    let mut asks = false;
    naming_in_steps(context, job, &mut |expr, _| asks |= names(expr, context));
    asks
}

/// The secrets that a job asks for.
fn secrets(job: &Job) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    naming("secrets", job, &mut |expr, _| {
        all.extend(expr.paths().into_iter().filter(|path| path[0].eq_ignore_ascii_case("secrets")).map(|path| path.join(".")));
    });
    all
}

/// The one job that several become, in their order; and of each its steps in it.
///
/// Without a failure all of them run, one after the other. Where one fails, those that do not come after it still run, as they would have on machines of
/// their own: their steps ask whether the machine is ready, and for the ends of those that they come after.
///
/// Where they have levels, those of one level that may run side by side do, and who comes next waits for all of them. A step that runs in the background fails
/// its job where that waits for it, and who waits does so whatever failed before (github/docs workflow-syntax.md at 0abac3ea; seen in kaeawc/auto-mobile#3779).
pub(super) fn fused((plan, order): (&Plan, &Order), members: &[(Arc<Job>, Level)], id: &str) -> (Job, Vec<Member>) {
    let levels: Vec<Level> = members.iter().map(|(_, level)| *level).collect();
    let members: Vec<&Arc<Job>> = members.iter().map(|(job, _)| job).collect();
    let members = members.as_slice();
    let first = members[0];
    let origin = first.origin.clone();
    let span = origin.span;
    let common = members.iter().all(|job| same_condition(job, first)).then(|| first.when.clone()).flatten();
    let print = |env: &Map| {
        let mut text = String::new();
        alike::map(env, &mut text);
        text
    };
    let same_env = members.iter().all(|job| print(&job.env) == print(&first.env));
    let mut steps: Vec<Step> = Vec::new();
    let mut parts: Vec<Member> = Vec::new();
    let mut keeps: Vec<Keep> = Vec::new();
    // GitHub takes ids of other cases for the same.
    let ids = members.iter().flat_map(|job| &job.steps).filter_map(|step| step.id.as_ref());
    let reserved: BTreeSet<String> = ids.map(|(id, _)| id.as_str().to_ascii_lowercase()).collect();
    let takes = |job: &Job| Duration::parse(&job.takes.as_ref()?.spelled());
    for (place, &job) in members.iter().enumerate() {
        let level = levels[place];
        // Of those in the background, and of what runs beside them, nothing is known yet.
        let before: Vec<usize> =
            (0..place).filter(|&other| level.number.is_none() || levels[other].number < level.number).collect();
        if place > 0 && levels[place - 1].number < level.number && is_waited_for(&steps) {
            steps.push(wait(job));
        }
        let begin = steps.len();
        let after: Vec<usize> = before.iter().copied().filter(|&other| order.comes_before(&parts[other].id, &job.id)).collect();
        let own = job.when.clone().filter(|_| common.is_none());
        let check = check(plan, job, &members[..place]);
        let checks = usize::from(check.is_some());
        let steps_of_it = check.into_iter().chain(job.steps.iter().cloned());
        for (place, mut step) in steps_of_it.enumerate() {
            // GitHub takes neither of an action.
            if matches!(step.kind, StepKind::Run(_)) {
                step.dir = step.dir.or_else(|| job.dir.clone());
                step.shell = step.shell.or_else(|| job.shell.clone());
            }
            let is_own = place >= checks;
            if !same_env && is_own {
                step.env = job.env.clone().into_iter().chain(std::mem::take(&mut step.env)).collect();
            }
            step.background = level.background && is_own;
            if is_own && job.steps.len() == 1 && !level.background && step.timeout.is_none() {
                step.timeout = timeout(plan, job).map(|own| Box::new(own.value(&job.origin)));
            }
            let mut all = Vec::new();
            let apart = after.len() < before.len();
            if apart {
                // Something that it does not come after may have failed.
                all.push(Expr::call("cancelled", Vec::new(), span).negated());
            }
            if apart && place > 0 {
                all.push(ended_well((&mut steps, &reserved), begin + place - 1, span));
            } else if apart && after.is_empty() {
                all.push(was_begun((&mut steps, &reserved), 0, span));
            } else {
                // What comes after something that is left out is left out as well.
                let asked = after.iter().filter(|&&other| apart || common.is_none() && skips(order, members, other));
                all.extend(
                    asked
                        .copied()
                        .collect::<Vec<_>>()
                        .into_iter()
                        .map(|other| ended_well((&mut steps, &reserved), parts[other].steps.end - 1, span)),
                );
            }
            let when = (!all.is_empty()).then(|| Condition::derived(Expr::and(all), origin.clone()));
            step.when = Condition::both(when, own.clone());
            steps.push(step);
        }
        // Who is left out keeps nothing.
        let may_be_left_out = own.is_some() || !after.is_empty();
        for keep in &job.keeps {
            let ran = (may_be_left_out && keep.when.is_none()).then(|| {
                let is_on = Expr::call("cancelled", Vec::new(), span).negated();
                Condition::derived(
                    Expr::and(vec![is_on, was_begun((&mut steps, &reserved), begin + checks, span)]),
                    origin.clone(),
                )
            });
            keeps.push(Keep { when: keep.when.clone().or(ran), ..keep.clone() });
        }
        let conditions = after.iter().map(|&other| members[other]).chain([job]).filter_map(|job| job.when.as_ref());
        let guards: IndexMap<String, ()> =
            conditions.filter(|_| common.is_none()).map(|when| (when.expr.to_string(), ())).collect();
        let guards = guards.into_keys().collect();
        parts.push(Member { guards, ..Member::of(job, begin + checks..steps.len()) });
    }
    if is_waited_for(&steps) {
        steps.push(wait(first));
    }
    let all = |each: &dyn Fn(&Job) -> Option<u64>| members.iter().map(|job| each(job)).sum::<Option<u64>>();
    let seconds = |total: u64| Duration(total).value(&origin);
    let titles = members.iter().map(|job| job.title.as_ref().map_or(job.id.as_str(), |title| title.as_str()));
    let job = Job {
        id: id.to_owned(),
        title: Some(Text::verbatim(titles.collect::<Vec<_>>().join(", "), span)),
        when: common,
        steps,
        reads: members.iter().flat_map(|job| job.reads.clone()).collect(),
        reads_from: members.iter().flat_map(|job| job.reads_from.clone()).collect(),
        writes: members.iter().flat_map(|job| job.writes.clone()).collect(),
        keeps,
        needs: Vec::new(),
        dir: None,
        shell: None,
        env: if same_env { first.env.clone() } else { Map::default() },
        timeout: all(&|job| timeout(plan, job).map(|time| time.0))
            .map_or(Switch::Derived, |total| Switch::Written(seconds(total))),
        takes: all(&|job| takes(job).map(|time| time.0)).map(seconds),
        ..Job::clone(first)
    };
    (job, parts)
}

/// A step that looks whether there is what a job reads of those before it on the machine: from machine to machine, packing it would fail.
fn check(plan: &Plan, job: &Job, before: &[&Arc<Job>]) -> Option<Step> {
    let read = plan.edges.iter().filter_map(|edge| match &edge.kind {
        EdgeKind::Data { path } if edge.to == job.id && before.iter().any(|before| before.id == edge.from) => Some(path.as_str()),
        _ => None,
    });
    let paths: BTreeSet<&str> = read.collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let text = |text: &str| Text::verbatim(text, job.origin.span);
    let is_moved = job.dir.is_some() || plan.pipeline.defaults.dir.is_some();
    (!paths.is_empty()).then(|| Step {
        shell: handover::shell(plan, job).map(text),
        dir: is_moved.then(|| text("${{ github.workspace }}")),
        // What that takes is nothing beside a command.
        takes: Some(Box::new(Duration(0).value(&job.origin))),
        ..archive::check(&paths, &job.origin)
    })
}

/// Where a job stands among those that it shares its machine with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Level {
    /// How many of them come before it, one after the other; none where all run in sequence.
    pub(super) number: Option<usize>,
    /// Whether it runs beside the others of its level.
    pub(super) background: bool,
}

/// Whether something runs in the background.
fn is_waited_for(steps: &[Step]) -> bool {
    let waits = |step: &Step| matches!(step.kind, StepKind::Wait(_));
    steps.iter().rev().take_while(|step| !waits(step)).any(|step| step.background)
}

/// A step that waits for all that runs in the background, for who comes next.
fn wait(job: &Job) -> Step {
    bare_step(StepKind::Wait(Vec::new()), job.origin.clone())
}

/// Whether a member may be left out: it has a condition, or comes after one that does.
fn skips(order: &Order, members: &[&Arc<Job>], member: usize) -> bool {
    let id = &members[member].id;
    members.iter().any(|job| job.when.is_some() && (job.id == *id || order.comes_before(&job.id, id)))
}

/// Whether two jobs run under the same condition.
pub(super) fn same_condition(one: &Job, other: &Job) -> bool {
    let text = |job: &Job| job.when.as_ref().map(|when| when.expr.to_string());
    text(one) == text(other)
}

/// Asks whether a step ended well.
fn ended_well(steps: Steps<'_>, place: usize, span: Span) -> Expr {
    let id = id_of(steps, place, span);
    Expr::compare(CompareOp::Eq, Expr::path(["steps", &id, "conclusion"], span), Expr::string("success", span))
}

/// Asks whether a step was begun; of the first: whether the machine was ready.
fn was_begun(steps: Steps<'_>, place: usize, span: Span) -> Expr {
    let id = id_of(steps, place, span);
    Expr::compare(CompareOp::Ne, Expr::path(["steps", &id, "conclusion"], span), Expr::string("skipped", span))
}

/// The steps so far, and the ids that steps of the author's have, in small letters.
type Steps<'a> = (&'a mut Vec<Step>, &'a BTreeSet<String>);

/// The id of a step, which gets one where it has none.
fn id_of((steps, taken): Steps<'_>, place: usize, span: Span) -> String {
    if let Some((id, _)) = &steps[place].id {
        return id.clone();
    }
    let is_taken =
        |id: &String| taken.contains(id) || steps.iter().any(|step| step.id.as_ref().is_some_and(|(other, _)| other == id));
    // Of one more than there are ids, one is free.
    let numbers = place + 1..=place + 1 + steps.len() + taken.len();
    let id = numbers.map(|number| format!("part-{number}")).find(|id| !is_taken(id)).unwrap_or_default();
    steps[place].id = Some((id.clone(), span));
    id
}
