//! Work on the repository's files, where nothing fetches them.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0336_without_checkout::without_checkout;
use crate::hir::{Checkout, Job, Objective, Pipeline, Step, StepKind};
use crate::source::Span;

/// Commands that build or test what lies in their directory, by how they begin.
const OF_THE_REPOSITORY: [&str; 21] = [
    "make",
    "npm ci",
    "npm run",
    "npm test",
    "pnpm run",
    "pnpm test",
    "yarn run",
    "yarn test",
    "cargo build",
    "cargo test",
    "cargo check",
    "cargo clippy",
    "cargo fmt",
    "go build",
    "go test",
    "go vet",
    "go mod",
    "mvn",
    "pytest",
    "bundle exec",
    "composer install",
];

/// Looks at every job with `checkout off` that gets no files in another way.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    // An import says `checkout off` wherever a workflow has no checkout, and breaks nothing by it.
    if pipeline.optimize.objective == Objective::Off {
        return;
    }
    for job in pipeline.jobs.values().filter(|job| matches!(job.checkout, Checkout::Off)) {
        // Another job's files, and what a cache or a container holds, may be all that it needs.
        if job.reads.is_empty() && job.caches.is_empty() && job.container.is_none() {
            diags.extend(first(job).map(|(what, at)| job.origin.explain(without_checkout(&what, at, job.origin.span))));
        }
    }
}

/// What needs files from the first step on; a step before it of another kind may make or fetch anything.
fn first(job: &Job) -> Option<(String, Span)> {
    let installs = job.toolchains.values().find(|toolchain| !toolchain.install.is_empty() && !toolchain.reads.is_empty());
    if let Some(toolchain) = installs
        && !job.steps.iter().any(Step::fetches)
    {
        return Some((format!("toolchain {}", toolchain.name), toolchain.origin.span));
    }
    match &job.steps.first()?.kind {
        StepKind::Uses { action, .. } if action.starts_with("./") => Some((action.as_str().to_owned(), action.span())),
        StepKind::Run(command) if !command.trim_end().contains('\n') => {
            let begins = |with: &&&str| command.strip_prefix(**with).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
            let known = OF_THE_REPOSITORY.iter().find(begins)?;
            Some(((*known).to_owned(), command.source(0..known.len())))
        }
        _ => None,
    }
}
