//! Containers on machines that have none, and images without what the compiler's own steps need.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::runners::SLIM;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0333_container_without_linux::container_without_linux;
use crate::diagnostics::codes::w0748_image_without_bash::image_without_bash;
use crate::hir::machines::machines;
use crate::hir::{Job, Pipeline, Runner, Toolchain};
use crate::source::Span;

/// Looks at every container and service, and the machines that are written for it.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut seen = HashSet::new();
    for job in pipeline.jobs.values().filter(|job| job.call.is_none()) {
        without_bash(job, diags);
        let runner = job.runner.as_ref().or(pipeline.defaults.runner.as_ref());
        let rows = job.written_rows().1;
        // Every row has what the job has.
        let own: Vec<(String, Span)> = containers(job);
        let machines = rows.iter().filter_map(|row| row.job.runner.as_ref());
        let whole = runner.filter(|_| rows.is_empty() || rows.iter().any(|row| row.job.runner.is_none())).into_iter();
        let everywhere = whole.chain(machines).map(|runner| (runner, own.clone()));
        let by_row = rows.iter().filter_map(|row| Some((row.job.runner.as_ref().or(runner)?, containers(&row.job))));
        for (runner, found) in everywhere.chain(by_row) {
            let Some((label, machine)) = other_system(pipeline, job, runner) else { continue };
            for (what, at) in found.into_iter().filter(|(_, at)| seen.insert(*at)) {
                diags.push(job.origin.explain(container_without_linux(&what, at, &label, machine)));
            }
        }
    }
}

/// Official images of Alpine that have bash all the same: their `Dockerfile`s install it (from memory).
const WITH_BASH: [&str; 2] = ["gradle", "maven"];

/// Whether an image is one of Docker's official ones of Alpine, which mostly have neither bash nor git (docker-library/docs, `.template-helpers/variant-alpine.md`).
fn is_alpine(image: &str) -> bool {
    let name = image.split(':').next().unwrap_or_default();
    image.contains("alpine") && !image.contains(['/', '$']) && !WITH_BASH.contains(&name)
}

fn without_bash(job: &Job, diags: &mut Vec<Diag>) {
    let Some(container) = job.container.as_ref().filter(|container| is_alpine(&container.name)) else { return };
    let asks = |toolchain: &&Arc<Toolchain>| {
        toolchain.steps().any(|step| step.shell.as_ref().is_some_and(|shell| shell.as_str() == "bash"))
    };
    let toolchains = job.toolchains.values().filter(asks);
    let toolchains = toolchains.map(|it| (format!("`toolchain {}`", it.name), "bash", it.origin.span));
    let shards = job.shards.iter().filter(|shards| !shards.files.is_empty());
    let shards = shards.map(|shards| ("the choice of the files of a shard".to_owned(), "bash and git", shards.origin.span));
    for (what, needs, at) in toolchains.chain(shards) {
        let image = container.name.as_str();
        diags.push(job.origin.explain(image_without_bash(&what, needs, at, image, container.origin.span)));
    }
}

fn containers(job: &Job) -> Vec<(String, Span)> {
    let container = job.container.as_ref().filter(|container| !container.name.contains("${{"));
    let container = container.map(|container| (format!("the container `{}`", container.name.as_str()), container.origin.span));
    let services = job.services.iter().map(|(name, service)| (format!("the service `{name}`"), service.origin.span));
    container.into_iter().chain(services).collect()
}

/// A label of a machine without containers that the job runs on, and where it is written; of a matrix, one among its values.
fn other_system(pipeline: &Pipeline, job: &Job, runner: &Runner) -> Option<(String, Span)> {
    machines(pipeline, job, runner).into_iter().flatten().find(|(label, _)| is_other(label))
}

fn is_other(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    label.starts_with("macos") || label.starts_with("windows") || label == SLIM
}
