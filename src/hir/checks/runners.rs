//! Labels that are almost those of GitHub's machines.

use crate::catalog::runners;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0307_unknown_runner::unknown_runner;
use crate::hir::{Origin, Pipeline, Runner};

/// Looks at every runner that is one plain label. Lists, groups and expressions choose among an organisation's own machines.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut look = |runner: Option<&Runner>, origin: &Origin| {
        if let Some(Runner::Label(label)) = runner
            && let Some(near) = meant(label, pipeline)
        {
            diags.push(origin.explain(unknown_runner(label, near, label.span())));
        }
    };
    look(pipeline.defaults.runner.as_ref(), &Origin::default());
    for job in pipeline.jobs.values() {
        look(job.runner.as_ref(), &job.origin);
        job.written_rows().1.iter().for_each(|row| look(row.job.runner.as_ref(), &row.job.origin));
    }
}

/// The label that was perhaps meant by one that nobody knows.
fn meant<'p>(label: &str, pipeline: &'p Pipeline) -> Option<&'p str> {
    let own = || pipeline.runners.iter().flat_map(|(name, runner)| [Some(name.as_str()), runner.label.kind.as_text()]).flatten();
    let known = runners::is_known(label) && !runners::is_system(label);
    if label.contains("${{") || known || own().any(|known| known.eq_ignore_ascii_case(label)) {
        return None;
    }
    runners::near(label, own())
}
