//! On which systems a job may run, as far as its labels say it.

use crate::cost::auto;
use crate::hir::{Job, NamedRunner, Runner, Value, ValueKind};
use crate::plan::Plan;

/// Systems other than Linux on which some job may run. Linux is always among them: what is kept for it does no harm elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Systems {
    pub(super) mac: bool,
    pub(super) windows: bool,
}

impl Systems {
    /// Those of all jobs of a workflow: a layer has the same paths in every job, or the jobs would not share it.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut systems = Self::default();
        plan.works.values().for_each(|work| systems.add_job(plan, &work.job));
        systems
    }

    /// Those of a job and its rows.
    pub(super) fn of_job(plan: &Plan, job: &Job) -> Self {
        let mut systems = Self::default();
        systems.add_job(plan, job);
        systems
    }

    fn add_job(&mut self, plan: &Plan, job: &Job) {
        if job.call.is_some() {
            return;
        }
        let file = plan.pipeline.defaults.runner.as_ref();
        for runner in runners(job).map(|own| own.or(file)) {
            match runner {
                Some(Runner::Label(label)) => self.add(plan.pipeline.runners.get(label.as_str()), label),
                Some(Runner::Data(value)) => self.add_words(&words(value)),
                Some(Runner::Auto(wishes)) => self.add_words(&[auto::os(wishes)]),
                None => {}
            }
        }
    }

    /// Whether a path can exist: below the home directory, macOS and Windows have folders of their own for caches.
    pub(super) fn have(self, path: &str) -> bool {
        (self.mac || !path.starts_with("~/Library/")) && (self.windows || !path.starts_with("~/AppData/"))
    }

    fn add(&mut self, named: Option<&NamedRunner>, label: &str) {
        match named {
            Some(named) => {
                let mut all = words(&named.label);
                all.extend(named.shape.get("os").map(Value::spelled));
                self.add_words(&all);
            }
            None => self.add_words(&[label.to_owned()]),
        }
    }

    /// What labels say together. Where none names a system, it may be any.
    fn add_words(&mut self, labels: &[String]) {
        let says = |system: &str| labels.iter().any(|label| label.to_ascii_lowercase().starts_with(system));
        let known = says("ubuntu") || says("linux") || says("macos") || says("windows");
        self.mac |= !known || says("macos");
        self.windows |= !known || says("windows");
    }
}

/// The runners that a job and its rows name; none for the default one.
fn runners(job: &Job) -> impl Iterator<Item = Option<&Runner>> {
    let (_, rows) = job.written_rows();
    std::iter::once(job.runner.as_ref()).chain(rows.iter().filter_map(|row| row.job.runner.as_ref()).map(Some))
}

fn words(value: &Value) -> Vec<String> {
    match &value.kind {
        ValueKind::List(items) => items.iter().map(Value::spelled).collect(),
        ValueKind::Map(map) => map.get("labels").map(words).unwrap_or_default(),
        _ => vec![value.spelled()],
    }
}
