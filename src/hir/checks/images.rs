//! Names of images that Docker refuses.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0349_no_image::no_image;
use crate::hir::{Job, Pipeline, Service, StepKind};
use crate::pins::image::{DOCKER, Image};
use crate::text::Text;

/// Looks at the images of containers, services and steps, those of rows included.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let rows = job.written_rows().1;
        let jobs = std::iter::once(&**job).chain(rows.iter().map(|row| &row.job));
        jobs.for_each(|it| look(it, diags));
    }
}

fn look(job: &Job, diags: &mut Vec<Diag>) {
    let mut see = |written: &str, text: &Text| {
        if !(written.is_empty() || Image::is_one(written)) {
            let lower = Some(written.to_lowercase()).filter(|lower| Image::is_one(lower));
            diags.push(job.origin.explain(no_image(written, lower.as_deref(), text.span())));
        }
    };
    if let Some(container) = &job.container {
        see(&container.name, &container.name);
    }
    let image = |service: &Service| service.keys.get("image")?.text();
    job.services.values().filter_map(image).for_each(|image| see(&image, &image));
    for step in job.each_step() {
        if let StepKind::Uses { action, .. } = &step.kind
            && let Some(image) = action.strip_prefix(DOCKER)
        {
            see(image, action);
        }
    }
}
