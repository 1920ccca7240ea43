//! Shells that the machines of a job do not have.

use std::collections::HashSet;

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0746_toolchain_of_another_system::shell_of_another_system;
use crate::hir::machines::systems;
use crate::hir::{Job, Pipeline, StepKind};

/// Windows' own. (GitHub's documentation, "Workflow syntax", `jobs.<job_id>.steps[*].shell`.)
const OF_WINDOWS: [&str; 2] = ["cmd", "powershell"];

/// Looks at the shell of every script outside of containers.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut told = HashSet::new();
    for job in pipeline.jobs.values().filter(|job| job.call.is_none() && job.container.is_none()) {
        look(pipeline, job, &mut |diag: Diag| {
            if told.insert(diag.span()) {
                diags.push(job.origin.explain(diag));
            }
        });
    }
}

fn look(pipeline: &Pipeline, job: &Job, say: &mut dyn FnMut(Diag)) {
    let of_all = job.shell.as_ref().or(pipeline.defaults.shell.as_ref());
    let scripts = job.each_step().filter(|step| matches!(step.kind, StepKind::Run(_)));
    let windows = scripts.filter_map(|step| {
        let shell = step.shell.as_ref().or(of_all).filter(|shell| OF_WINDOWS.contains(&shell.as_str()))?;
        Some((step, shell))
    });
    for (step, shell) in windows {
        let systems = systems(pipeline, job);
        let other = systems.iter().flatten().find(|system| **system != "Windows");
        // In some rows it may be left out.
        let everywhere = systems.iter().all(|system| system.is_some_and(|system| system != "Windows"));
        if let Some(other) = other.filter(|_| everywhere || step.when.is_none() && job.when.is_none()) {
            say(shell_of_another_system(shell, other, shell.span()));
        }
    }
}
