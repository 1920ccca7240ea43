//! Commands of Cargo that come as components of Rust, where a toolchain without them was installed.

use crate::catalog::rust;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0753_missing_component::missing_component;
use crate::hir::local::each_step;
use crate::hir::machines::values;
use crate::hir::{Job, Pipeline, StepKind, Value};

/// Looks at the first of each job.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    diags.extend(pipeline.jobs.values().filter_map(|job| missing(job)));
}

fn missing(job: &Job) -> Option<Diag> {
    // The toolchain that has nothing but the compiler, and what was added to it.
    let mut minimal: Option<String> = None;
    let mut texts = Vec::new();
    let mut found = None;
    each_step(job, &mut |step| match &step.kind {
        StepKind::Run(script) if found.is_none() => {
            let version = |version: &str| names(job, version).into_iter().find(|name| !rust::is_on_images(name));
            minimal = rust::minimal(script).and_then(version).or(minimal.take());
            texts.push(script.to_string());
            let Some(version) = &minimal else { return };
            let has = |component: &str| texts.iter().any(|text| rust::adds(text, component));
            let asked = rust::asked(script).find(|(_, component)| !has(component));
            found = asked.map(|(at, component)| step.origin.explain(missing_component(component, version, script.source(at))));
        }
        StepKind::Uses { action, with, .. } if rust::installs(action) => {
            let input = |key: &str| with.get(key).map(Value::spelled).unwrap_or_default();
            let named = input("toolchain");
            let version = if named.is_empty() { rust::version_of(action).to_owned() } else { named };
            minimal = names(job, &version).into_iter().find(|name| !rust::is_on_images(name));
            texts.push(format!("rustup component add {}", input("components")));
        }
        _ => {}
    });
    found
}

/// What a version may be, by the rows of its job; nothing where that is not known.
fn names(job: &Job, version: &str) -> Vec<String> {
    let Some(asked) = version.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) else {
        return vec![version.to_owned()];
    };
    let axis = asked.trim().strip_prefix("matrix.").unwrap_or_default();
    values(job, axis).unwrap_or_default().into_iter().map(Value::spelled).collect()
}
