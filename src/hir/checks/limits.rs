//! Jobs that say they take longer than GitHub lets them run.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0744_longer_than_allowed::longer_than_allowed;
use crate::hir::machines::limits;
use crate::hir::{Duration, Pipeline, Switch};

/// Looks at what each job on GitHub's machines takes, and at the time that it is given.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values().filter(|job| job.call.is_none()) {
        let Some((least, most)) = limits(pipeline, job) else { continue };
        // Of its work, each shard has a part.
        let takes = job.takes.as_ref().filter(|_| job.shards.is_none()).map(|takes| (takes, "takes", least));
        let timeout = if let Switch::Written(timeout) = &job.timeout { Some((timeout, "timeout", most)) } else { None };
        let longer = takes.into_iter().chain(timeout).find_map(|(value, word, longest)| {
            let minutes = Duration::in_minutes(&value.spelled())?;
            (minutes > longest).then(|| longer_than_allowed(&job.id, word, longest, value.origin.span))
        });
        diags.extend(longer.map(|diag| job.origin.explain(diag)));
    }
}
