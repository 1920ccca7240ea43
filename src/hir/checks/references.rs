//! Names of images and actions that do not say what they are.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0722_image_without_version::image_without_version;
use crate::diagnostics::codes::w0732_roundabout_reference::roundabout_reference;
use crate::hir::{Pipeline, Service, StepKind, Value};
use crate::text::Text;

/// Looks at every image, and at every action.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let container = job.container.iter().map(|container| (&container.origin, container.name.clone()));
        let image = |service: &Service| service.keys.get("image").and_then(Value::text);
        let services = job.services.values().filter_map(|service| Some((&service.origin, image(service)?)));
        for (origin, image) in container.chain(services).filter(|(_, image)| is_any_version(image)) {
            diags.push(origin.explain(image_without_version(&image, image.span())));
        }
        for step in job.each_step() {
            if let StepKind::Uses { action, .. } = &step.kind {
                diags.extend(reference(action).map(|diag| step.origin.explain(diag)));
            }
        }
    }
}

fn reference(action: &Text) -> Option<Diag> {
    if let Some(image) = action.strip_prefix("docker://") {
        return is_any_version(image).then(|| image_without_version(image, action.span()));
    }
    let (path, reference) = action.split_once('@')?;
    let mut plain: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    let plain = plain.join("/");
    // What names no action at all is said elsewhere.
    let names = !path.contains(':') && !path.ends_with(['/', '.']);
    (names && plain != path && !action.starts_with('.'))
        .then(|| roundabout_reference(action, &format!("{plain}@{reference}"), action.span()))
}

/// Whether an image is whatever was pushed last.
fn is_any_version(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    let any = match name.split_once(':') {
        Some((_, tag)) => tag == "latest",
        None => !name.is_empty(),
    };
    any && !image.contains('@') && !image.contains("${{")
}
