//! Plan to workflow. Nothing is decided here: each part of the plan has one form in GitHub's words.

mod alternatives;
mod job;
mod matrix;
mod rows;
mod step;
mod triggers;
mod values;

pub(super) use job::Made;

use super::header;
use super::model::{Concurrency as Group, ConcurrencyRecord, Defaults, Jobs, Or, Permissions, RunDefaults, Workflow};
use crate::diagnostics::{Diag, Outcome};
use crate::hir::{self, Concurrency};
use crate::map::IndexMap;
use crate::plan::Plan;
use crate::text::Text;

/// The workflow that a plan becomes. Both are large: each work is freed when its job is made.
pub fn lower(mut plan: Plan) -> Outcome<Workflow> {
    let mut diags = Vec::new();
    let owned = |needs: Vec<&str>| needs.into_iter().map(str::to_owned).collect();
    let needs: Vec<Vec<String>> = plan.needs().into_iter().map(owned).collect();
    let works = std::mem::take(&mut plan.works).into_iter().zip(needs);
    let mut jobs: Vec<_> = works
        .map(|((id, work), needs)| {
            let job = job::lower(&plan, &work, needs, &mut diags);
            (work.place.unwrap_or(usize::MAX), id, job)
        })
        .collect();
    // Where nothing may be changed, the author's order is not either.
    if plan.pipeline.optimize.objective == hir::Objective::Off {
        jobs.sort_by_key(|(place, ..)| *place);
    }
    let jobs: IndexMap<_, _> = jobs.into_iter().map(|(_, id, job)| (id, job)).collect();
    let pipeline = &plan.pipeline;
    let value = Workflow {
        header: header::header_lines(&pipeline.path),
        name: pipeline.name.as_ref().map(values::text),
        description: pipeline.description.as_ref().map(values::text),
        run_name: pipeline.run_name.as_ref().map(values::text),
        on: Some(triggers::lower(&pipeline.triggers)),
        permissions: plan.permissions.as_ref().map(permissions),
        env: dict(&pipeline.defaults.env),
        defaults: defaults(pipeline.defaults.shell.as_ref(), pipeline.defaults.dir.as_ref()),
        concurrency: plan.concurrency.written().map(concurrency),
        jobs: Some(Jobs(jobs)),
        extra: values::raw(&pipeline.raw),
        ..Workflow::default()
    };
    Outcome { value, diags }
}

fn permissions(written: &hir::Permissions) -> Permissions {
    match written {
        hir::Permissions::None => Permissions::Scopes(IndexMap::default()),
        hir::Permissions::ReadAll => Permissions::ReadAll,
        hir::Permissions::WriteAll => Permissions::WriteAll,
        hir::Permissions::Scopes(scopes) => {
            let level = |level: &hir::Value| match level.spelled().as_str() {
                "write" => super::model::Level::Write,
                "none" => super::model::Level::None,
                _ => super::model::Level::Read,
            };
            Permissions::Scopes(scopes.iter().map(|(scope, value)| (scope.clone(), level(value).into())).collect())
        }
    }
}

fn concurrency(written: &Concurrency) -> Group {
    if written.cancel.is_none() && written.queue.is_none() {
        return Group::Group(values::scalar(&written.group));
    }
    Group::Full(ConcurrencyRecord {
        group: Some(values::scalar(&written.group)),
        cancel_in_progress: written.cancel.as_ref().map(values::scalar),
        queue: written.queue.as_ref().map(values::scalar),
        ..ConcurrencyRecord::default()
    })
}

fn defaults(shell: Option<&Text>, dir: Option<&Text>) -> Option<Defaults> {
    (shell.is_some() || dir.is_some()).then(|| {
        let run =
            RunDefaults { shell: shell.map(values::text), working_directory: dir.map(values::text), ..RunDefaults::default() };
        Defaults { run: Some(Or::Is(run)), ..Defaults::default() }
    })
}

fn dict(map: &hir::Map) -> Option<Or<super::model::Dict>> {
    (!map.is_empty()).then(|| Or::Is(map.iter().map(|(key, value)| (key.clone(), values::scalar(value))).collect()))
}

/// What could not be put into GitHub's words.
type Diags<'d> = &'d mut Vec<Diag>;
