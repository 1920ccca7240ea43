//! Names of variables that GitHub refuses.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::hir::{Map, Origin, Pipeline};

/// Looks at the variables of the file, of every job and row, and of every step.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    // GitHub's parser: "Unexpected value ''".
    let mut look = |env: &Map, origin: Option<&Origin>| {
        if let Some(value) = env.get("") {
            let said = bad_value("a variable without a name", "a name", "env { NAME: value }", value.origin.span);
            diags.push(match origin {
                Some(origin) => origin.explain(said),
                None => said,
            });
        }
    };
    look(&pipeline.defaults.env, None);
    for job in pipeline.jobs.values() {
        look(&job.env, Some(&job.origin));
        job.written_rows().1.iter().for_each(|row| look(&row.job.env, Some(&row.job.origin)));
        job.each_step().for_each(|step| look(&step.env, Some(&step.origin)));
    }
}
