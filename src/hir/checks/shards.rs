//! Shards that split nothing.

use crate::diagnostics::codes::r0352_shards_do_the_same::shards_do_the_same;
use crate::diagnostics::codes::w0353_shards_of_rows::shards_of_rows;
use crate::diagnostics::{Diag, has_errors};
use crate::hir::Pipeline;

/// Looks at the shards of every job.
pub fn check(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>) {
    let is_whole = !broken && !has_errors(diags);
    for job in pipeline.jobs.values() {
        let Some(shards) = &job.shards else { continue };
        if job.matrix.is_some() && shards.number().is_none() {
            diags.push(job.origin.explain(shards_of_rows(&job.id, shards.origin.span)));
        } else if is_whole && job.call.is_none() && job.raw.is_empty() && !job.asks_for_shard() {
            // What was lost or refused may have asked for it.
            diags.push(job.origin.explain(shards_do_the_same(&job.id, shards.origin.span)));
        }
    }
}
