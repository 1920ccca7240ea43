//! The plan as text, for `--emit plan` and tests.

use std::fmt;

use super::{EdgeKind, Plan};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, work) in &self.works {
            writeln!(f, "work {id}")?;
            for edge in self.edges.iter().filter(|edge| edge.to == *id) {
                match &edge.kind {
                    EdgeKind::Order => writeln!(f, "  after {}", edge.from)?,
                    EdgeKind::Outputs => writeln!(f, "  after {}, whose outputs it asks for", edge.from)?,
                    EdgeKind::Data { path } => writeln!(f, "  after {}, for {path}", edge.from)?,
                }
            }
            if let Some(when) = &work.job.when {
                writeln!(f, "  when {}", when.expr)?;
            }
            if let Some(guard) = &work.guard {
                writeln!(f, "  each step when {}", guard.expr)?;
            }
            let (lead, steps) = work.job.steps.split_at(work.lead());
            for step in lead {
                writeln!(f, "  {}", brief(step))?;
            }
            for derived in &work.prologue {
                writeln!(f, "  first {:?}: {}", derived.role, brief(&derived.step))?;
            }
            for step in steps {
                writeln!(f, "  {}", brief(step))?;
            }
            for derived in &work.epilogue {
                writeln!(f, "  last {:?}: {}", derived.role, brief(&derived.step))?;
            }
        }
        for machine in &self.machines {
            let tasks: Vec<&str> = machine.tasks.iter().map(|&task| self.tasks[task].id.as_str()).collect();
            writeln!(f, "machine {}", tasks.join(", "))?;
        }
        Ok(())
    }
}

fn brief(step: &crate::hir::Step) -> String {
    use crate::hir::StepKind;
    match &step.kind {
        StepKind::Run(command) => format!("run {}", command.lines().next().unwrap_or_default()),
        StepKind::Uses { action, .. } => format!("uses {}", action.as_str()),
        StepKind::Checkout(_) => "checkout".to_owned(),
        StepKind::Parallel(steps) => format!("parallel {}", steps.iter().map(brief).collect::<Vec<_>>().join(" | ")),
        StepKind::Wait(_) => "wait".to_owned(),
        StepKind::Cancel(_) => "cancel".to_owned(),
    }
}
