//! What `runner auto` may mean for a job: the machines that it may run on, and the one that it runs on where nothing else is chosen.
//!
//! Anybody has GitHub's standard machines. Larger ones and those of others need an account: of these only what the spec names in `runners` is meant, where
//! its price is known.

use super::machine::{Machine, Resources, Visibility, of_name, visibility_of};
use crate::catalog::{runners, slim};
use crate::hir::{Job, Map, Pipeline, Runner, Step, StepKind, Value};
use crate::text::Text;

/// What a job with `runner auto` says of its machine, itself or by the file; none where it names one.
pub(crate) fn wishes<'a>(pipeline: &'a Pipeline, job: &'a Job) -> Option<&'a Map> {
    match job.runner.as_ref().or(pipeline.defaults.runner.as_ref()) {
        Some(Runner::Auto(wishes)) if job.call.is_none() => Some(wishes),
        _ => None,
    }
}

/// The system that is asked for.
pub(crate) fn os(wishes: &Map) -> String {
    wishes.get("os").map_or_else(|| "linux".to_owned(), Value::spelled)
}

/// All machines of the system that it asks for, whether it may run there or not: the usual one first.
pub(crate) fn machines(pipeline: &Pipeline, wishes: &Map, visibility: Visibility) -> Vec<Machine> {
    let os = os(wishes);
    let named = pipeline.runners.iter().map(|(name, named)| of_name(name, named, visibility));
    let named: Vec<Machine> =
        named.filter(|machine| machine.os == os || os == "linux" && may_be_linux(pipeline, machine)).collect();
    // What the spec has a name for goes by that.
    let has_name = |label: &str| pipeline.runners.values().any(|named| named.label.spelled() == label);
    let standard = runners::offered(&os).enumerate().filter(|(place, runner)| *place == 0 || !has_name(runner.label));
    let all = standard.map(|(_, runner)| Machine::of(runner, visibility)).chain(named);
    all.filter(|machine| machine.price.is_some()).collect()
}

/// Whether a machine of which nobody says its system is taken for one with Linux, as most are: none that is called like another.
fn may_be_linux(pipeline: &Pipeline, machine: &Machine) -> bool {
    let labels = pipeline.runners.get(&machine.label).map(|named| named.label.words()).unwrap_or_default();
    let is_other = |name: &String| {
        let mut parts = name.split(|char: char| !char.is_ascii_alphabetic());
        parts.any(|part| ["darwin", "mac", "macos", "osx", "win", "windows"].contains(&part.to_ascii_lowercase().as_str()))
    };
    machine.os.is_empty() && !labels.iter().chain([&machine.label]).any(is_other)
}

/// Whether a job may run on one of these machines: it is of the processor that is asked for, or of the usual one; it is known to have the resources; and the
/// job's commands are known to work there.
pub(crate) fn may_run(pipeline: &Pipeline, job: &Job, wishes: &Map, machine: &Machine) -> bool {
    let is_large = machine.has.hold(Resources::of(job)) == Some(true);
    is_of_arch(wishes, machine) && is_large && (!machine.slim || not_on_slim(pipeline, job, wishes).is_none())
}

/// Whether a machine is of the processor that is asked for, or of the usual one.
pub(crate) fn is_of_arch(wishes: &Map, machine: &Machine) -> bool {
    match wishes.get("arch").map(Value::spelled).as_deref() {
        Some("any") => true,
        Some(arch) => machine.arch == arch,
        None => runners::offered(&os(wishes)).next().is_some_and(|usual| usual.arch == machine.arch),
    }
}

/// The machine of a job for which nothing else is chosen: GitHub's usual one of the system, or the cheapest on which it may run where it may not run there.
/// Where it may run nowhere it is the usual one all the same, and an error says so (E0348). It is the label, or the name that the spec gives to the machine, and
/// rests on what the spec alone says: it is the same wherever it is asked for, and whoever is to pay.
pub(crate) fn usual(pipeline: &Pipeline, job: &Job, wishes: &Map) -> String {
    let mut all = machines(pipeline, wishes, visibility_of(pipeline));
    let price = |machine: &Machine| machine.price.unwrap_or(f64::INFINITY);
    let fitting = |(place, machine): &(usize, &Machine)| may_run(pipeline, job, wishes, machine).then_some(*place);
    let place = match all.iter().enumerate().find_map(|each| fitting(&each)) {
        Some(0) | None => 0,
        Some(first) => (first..all.len())
            .filter(|&place| may_run(pipeline, job, wishes, &all[place]))
            .min_by(|&one, &other| price(&all[one]).total_cmp(&price(&all[other])))
            .unwrap_or(first),
    };
    if all.is_empty() { String::new() } else { all.swap_remove(place).label }
}

/// Whether a job runs on GitHub's usual machine with Linux, by name or without one: `runner auto` may mean that.
pub(crate) fn is_usual(pipeline: &Pipeline, job: &Job) -> bool {
    let usual = runners::offered("linux").next().map(|runner| runner.label);
    match job.runner.as_ref().or(pipeline.defaults.runner.as_ref()) {
        None => true,
        Some(Runner::Label(label)) => usual == Some(label.as_str()),
        Some(_) => false,
    }
}

/// Why a job may not run on a container with fewer tools; none where it works there. It is known that nothing does that needs a Docker daemon; of the rest
/// either each command is known to work, or the author says that it does.
pub(crate) fn not_on_slim(pipeline: &Pipeline, job: &Job, wishes: &Map) -> Option<String> {
    let has_services = |job: &Job| !job.services.is_empty();
    if job.container.is_some() {
        return Some("it has a container".to_owned());
    }
    if has_services(job) || job.written_rows().1.iter().any(|row| has_services(&row.job)) {
        return Some("it has services".to_owned());
    }
    let usual = job.shell.as_ref().or(pipeline.defaults.shell.as_ref());
    // Rows may have tools of their own.
    let of_rows = job.written_rows().1.iter().flat_map(|row| &row.job.toolchains);
    let all: Vec<_> = job.toolchains.iter().chain(of_rows).collect();
    let toolchains: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let steps = || all.iter().flat_map(|(_, toolchain)| toolchain.steps()).chain(&job.steps);
    match wishes.get("slim").map(Value::spelled).as_deref() {
        Some("on" | "true") => {
            let of_docker = find(steps(), &mut |step| text(step).is_some_and(slim::needs_docker));
            of_docker.map(|step| format!("{} needs Docker", named(step)))
        }
        Some(_) => Some("`slim: off` says so".to_owned()),
        None => {
            // Tools look at variables as they do at what they are told.
            let of_rows = job.written_rows().1.iter().map(|row| &row.job.env);
            let asks = [&pipeline.defaults.env, &job.env].into_iter().chain(of_rows).find_map(asks_for_more);
            let of_env = asks.map(|(name, why)| format!("`{name}`: {why}"));
            of_env.or_else(|| {
                let step = find(steps(), &mut |step| !works(step, usual, &toolchains))?;
                let of_step = asks_for_more(&step.env).map(|(_, why)| why).or_else(|| slim::refused(text(step)?));
                let why = of_step.map_or_else(|| " is not known to work there".to_owned(), |why| format!(": {why}"));
                Some(format!("{}{why}; `runner auto {{ slim: on }}` would say that it works", named(step)))
            })
        }
    }
}

/// The first of some steps, or of those side by side in one, of which something is so.
fn find<'s>(steps: impl Iterator<Item = &'s Step>, is_so: &mut dyn FnMut(&Step) -> bool) -> Option<&'s Step> {
    for step in steps {
        let found = match &step.kind {
            StepKind::Parallel(steps) => find(steps.iter(), is_so),
            _ => is_so(step).then_some(step),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A step by what it runs: the first line of that.
fn named(step: &Step) -> String {
    format!("`{}`", text(step).unwrap_or_default().trim().lines().next().unwrap_or_default())
}

fn text(step: &Step) -> Option<&str> {
    match &step.kind {
        StepKind::Run(script) => Some(script.as_str()),
        StepKind::Uses { action, .. } => Some(action.as_str()),
        _ => None,
    }
}

/// The variable that asks for something that does not work there, and why that does not, where one does.
fn asks_for_more(env: &Map) -> Option<(&str, &'static str)> {
    env.iter().find_map(|(name, value)| Some((name.as_str(), slim::refused(&format!("{name}={}", value.spelled()))?)))
}

fn works(step: &Step, usual: Option<&Text>, toolchains: &[&str]) -> bool {
    let shell = step.shell.as_ref().or(usual).map(Text::as_str);
    match &step.kind {
        _ if asks_for_more(&step.env).is_some() => false,
        StepKind::Run(script) => matches!(shell, None | Some("bash" | "sh")) && slim::runs(script, toolchains),
        StepKind::Uses { action, .. } => slim::takes(action),
        _ => true,
    }
}
