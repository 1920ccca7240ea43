//! The actions and workflows of the repository that a spec uses, as their own files declare them.
//!
//! A workflow that a spec compiles to is asked of the spec, since the file may be older. What a file was not given for, though git tracks
//! it, is not known; what git does not track is missing.

use std::collections::BTreeSet;

use super::foreign::{named, paths};
use super::lower::actions::is_workflow;
use super::scripts::expressions;
use super::strangers::flowing;
use super::{Job, Permissions, Pipeline, Step, StepKind, Value};
use crate::catalog::interface::{Input, Interface, Takes};
use crate::facts::Facts;
use crate::map::IndexMap;
use crate::pattern::Pattern;
use crate::workflow::interface::{Action, of_action, of_workflow};
use crate::{Spec, import_path, is_spec};

/// An action or workflow of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Local {
    /// It is there.
    Declares(Box<Interface>),
    /// A workflow that nobody can call.
    NotCalled,
    /// Git does not track it.
    Missing,
}

impl Local {
    /// What it takes and gives, where that is known.
    pub fn interface(&self) -> Option<&Interface> {
        match self {
            Self::Declares(interface) => Some(interface),
            _ => None,
        }
    }
}

/// The files of the repository that may say what `uses` names, from its root, the best first. None where it names nothing of it.
pub(crate) fn files(uses: &str) -> Vec<String> {
    let own = uses.starts_with("./") || uses.starts_with("../") || uses.starts_with("$/");
    let refused = is_workflow(uses) && uses.contains('@');
    if !own || refused || uses.contains("${{") || uses.contains("%{") {
        return Vec::new();
    }
    let Some(path) = import_path("", uses.trim_start_matches("$/")) else { return Vec::new() };
    if !is_workflow(uses) {
        let inside = |name: &&str| if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") };
        return ["action.yml", "action.yaml", "Dockerfile", "dockerfile"].iter().map(inside).collect();
    }
    match path.rsplit_once('.') {
        Some((stem, end)) if end != "pipe" => vec![format!("{stem}.pipe"), path],
        _ => vec![path],
    }
}

/// All that the jobs of a pipeline use of the repository.
pub(crate) fn locals(pipeline: &Pipeline, facts: &Facts) -> IndexMap<String, Local> {
    let mut found = IndexMap::default();
    let mut see = |uses: &str| {
        if !found.contains_key(uses) && !files(uses).is_empty() {
            found.insert(uses.to_owned(), local(uses, &pipeline.path, facts));
        }
    };
    for job in pipeline.jobs.values() {
        job.call.iter().for_each(|call| see(&call.workflow));
        each_step(job, &mut |step| {
            if let StepKind::Uses { action, .. } = &step.kind {
                see(action);
            }
        });
    }
    found
}

/// Calls `see` with every step of a job, those of its toolchains first.
pub(crate) fn each_step<'j>(job: &'j Job, see: &mut dyn FnMut(&'j Step)) {
    fn inside<'j>(step: &'j Step, see: &mut dyn FnMut(&'j Step)) {
        see(step);
        if let StepKind::Parallel(steps) = &step.kind {
            steps.iter().for_each(|step| inside(step, see));
        }
    }
    let rows = job.written_rows().1.iter().flat_map(|row| row.job.toolchains.values());
    for toolchain in job.toolchains.values().chain(rows) {
        toolchain.setup.iter().chain(&toolchain.install).for_each(|step| inside(step, see));
    }
    job.steps.iter().for_each(|step| inside(step, see));
}

fn local(uses: &str, own: &str, facts: &Facts) -> Local {
    let files = files(uses);
    if let Some((file, text)) = files.iter().find_map(|file| facts.texts.get_key_value(file)) {
        let called = match file.rsplit('.').next() {
            Some("pipe") => of_spec(file, text, facts),
            Some("yml" | "yaml") if is_workflow(uses) => of_workflow(text),
            Some("yml" | "yaml") => Some(of_action_here(text)),
            _ => Some(Interface::default()),
        };
        return called.map_or(Local::NotCalled, |interface| Local::Declares(Box::new(interface)));
    }
    // A workflow is also made of a spec elsewhere.
    let made = |tracked: &str| is_workflow(uses) && is_spec(tracked) && stem(tracked) == stem(uses);
    let here = |tracked: &String| files.contains(tracked) || made(tracked);
    let missing = facts.tracked.as_ref().is_some_and(|tracked| !tracked.iter().any(here));
    if missing && !files.iter().any(|file| file == own) { Local::Missing } else { Local::Declares(Box::default()) }
}

/// What an action takes and gives. Only one that is made of steps gives nothing but what it declares.
fn of_action_here(text: &str) -> Interface {
    let Action { interface, using, .. } = of_action(text);
    let outputs = interface.outputs.filter(|_| using == "composite");
    Interface { outputs, ..interface }
}

/// The name of a file, without its folder and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What a workflow takes and gives that is written as a spec; none where nobody can call it.
fn of_spec(path: &str, text: &str, facts: &Facts) -> Option<Interface> {
    let spec = Spec { path: path.to_owned(), text: text.to_owned() };
    let known = |pipeline: &Pipeline| !pipeline.raw.contains_key("on") && !pipeline.is_library();
    let Some(pipeline) = crate::resolved(&spec, facts).filter(known) else { return Some(Interface::default()) };
    let (artifacts, fetched, code) = (artifacts(&pipeline), fetched(&pipeline), code(&pipeline));
    let all = pipeline.jobs.values().filter_map(|job| job.permissions.as_ref()).chain(&pipeline.defaults.permissions);
    let scopes = all.filter_map(|rights| if let Permissions::Scopes(scopes) = rights { Some(scopes.clone()) } else { None });
    let rights: Vec<(String, Value)> = scopes.flatten().collect();
    let asked =
        pipeline.jobs.values().filter_map(|job| match job.permissions.as_ref().or(pipeline.defaults.permissions.as_ref())? {
            Permissions::Scopes(scopes) if !job.raw.contains_key("permissions") => {
                Some((job.id.clone(), scopes.iter().map(|(scope, level)| (scope.clone(), level.spelled())).collect()))
            }
            _ => None,
        });
    let asked = asked.collect();
    let group = |job: &std::sync::Arc<Job>| job.locks.is_some() || job.concurrency.written().is_some_and(|it| !it.cancels());
    let has_group = pipeline.jobs.values().any(group) || pipeline.defaults.concurrency.written().is_some_and(|it| !it.cancels());
    let trigger = pipeline.triggers.into_iter().find(|trigger| trigger.event == "workflow_call")?;
    let inputs = trigger.inputs.into_iter().map(|(name, input)| {
        let takes = match input.of_type.as_str() {
            "boolean" => Takes::Bool,
            "number" => Takes::Number,
            _ => Takes::Text,
        };
        (name, Input { required: input.required, takes })
    });
    let secrets = trigger.secrets.into_iter().map(|(name, secret)| (name, secret.required));
    let outputs = trigger.outputs.into_keys();
    let (inputs, secrets) = (Some(inputs.collect()), Some(secrets.collect()));
    let mut interface = Interface {
        inputs,
        secrets,
        outputs: Some(outputs.collect()),
        artifacts,
        asked,
        fetched,
        code,
        has_group,
        ..Interface::default()
    };
    rights.iter().for_each(|(scope, level)| interface.ask(scope, &level.spelled()));
    Some(interface)
}

/// The inputs that are code of its scripts: those that hardening leaves there.
fn code(pipeline: &Pipeline) -> Vec<String> {
    let hardened = !pipeline.optimize.is_off("harden");
    let steps = pipeline.jobs.values().flat_map(|job| job.each_step().map(move |step| (job, step)));
    let found = steps.flat_map(|(job, step)| expressions(pipeline, job, step, None));
    let paths = found.filter(|it| it.edit.is_none() || !hardened).flat_map(|it| flowing(&it.expr));
    let names = paths.filter(|path| path.len() == 2 && path[0] == "inputs").map(|path| path[1].clone());
    names.collect::<BTreeSet<String>>().into_iter().collect()
}

/// What names the commits that its jobs check out.
fn fetched(pipeline: &Pipeline) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for job in pipeline.jobs.values() {
        each_step(job, &mut |step| match &step.kind {
            StepKind::Run(script) => {
                let envs = [&step.env, &job.env, &pipeline.defaults.env];
                let variables = envs.iter().flat_map(|env| env.iter()).map(|(name, value)| (name.clone(), value.spelled()));
                all.extend(named(script, &variables.collect::<Vec<_>>()));
            }
            StepKind::Checkout(with) | StepKind::Uses { with, .. } if step.fetches() => {
                let said = ["ref", "repository"].iter().filter_map(|key| with.get(*key));
                all.extend(said.flat_map(|value| paths(&value.spelled())));
            }
            _ => {}
        });
    }
    all
}

/// What the jobs keep and hand over under names that no input makes differ.
fn artifacts(pipeline: &Pipeline) -> Vec<String> {
    let mut all = Vec::new();
    for job in pipeline.jobs.values() {
        let kept = job.keeps.iter().filter(|keep| keep.name.as_ref().is_none_or(|name| !name.contains("${{")));
        all.extend(
            kept.filter_map(|keep| keep.name.as_ref().or(keep.paths.first()))
                .map(|kept| format!("`keep` of `{}`", kept.as_str())),
        );
        let reads = |path: &Pattern| {
            let others = pipeline.jobs.values().filter(|other| other.id != job.id).flat_map(|other| &other.reads);
            others.filter(|read| !read.starts_with('!')).any(|read| Pattern::new(read).meets(path, []))
        };
        let handed = job.writes.iter().find(|writes| reads(&Pattern::new(&writes.pattern)));
        all.extend(handed.map(|writes| format!("the hand-over of `{}`", writes.pattern.as_str())));
    }
    all
}
