//! Where what a cache layer holds is in a job whose variables move it.

use super::systems::Systems;
use crate::catalog::moved_caches::{Moved, moved, of_image};
use crate::hir::machines::{axis, values};
use crate::hir::{CacheLayer, Job, Map, Pipeline, Toolchain, Value, ValueKind};
use crate::text::Text;

/// The value of what depends on the row.
const BY_ROW: &str = "${{ matrix }}";

/// The paths of a toolchain's layer in a job, and the variable by which one of them is where only the run knows.
pub(super) fn places(
    (pipeline, job): (&Pipeline, &Job),
    toolchain: &Toolchain,
    written: &CacheLayer,
    systems: Systems,
) -> (Vec<String>, Option<&'static str>) {
    let has_folder = |dir: &Option<Text>| dir.is_some();
    let is_elsewhere = has_folder(&job.dir)
        || has_folder(&pipeline.defaults.dir)
        || job.each_step().chain(toolchain.steps()).any(|step| has_folder(&step.dir));
    let value_of = |variable: &str| {
        // What an install writes into Bundler's own settings wins.
        if variable == "BUNDLE_PATH" && !toolchain.install.is_empty() { None } else { value(pipeline, job, variable) }
    };
    let (mut paths, mut unknown) = (Vec::new(), None);
    for path in written.paths.iter().filter(|path| systems.have(path)) {
        let path = match moved(path, !is_elsewhere, value_of) {
            None => path.as_str().to_owned(),
            Some(Moved::To(place)) => place,
            Some(Moved::Somewhere(variable)) => {
                unknown = Some(variable);
                continue;
            }
        };
        // What has a place for each system has one for all then.
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    (paths, unknown)
}

/// What a variable says in the steps of a job, as it is written; in rows that have their own it depends on the row.
fn value(pipeline: &Pipeline, job: &Job, variable: &str) -> Option<String> {
    // npm does not look at case.
    let is_it = |name: &str| name == variable || variable.starts_with("NPM_") && name.eq_ignore_ascii_case(variable);
    let of = |env: &Map| env.iter().find(|(name, _)| is_it(name)).map(|(_, value)| value.spelled());
    if job.written_rows().1.iter().any(|row| of(&row.job.env).is_some()) {
        return Some(BY_ROW.to_owned());
    }
    let in_container = || {
        let container = job.container.as_ref()?;
        let env =
            container.keys.get("env").and_then(|env: &Value| if let ValueKind::Map(env) = &env.kind { of(env) } else { None });
        env.or_else(|| by_image(job, &container.name, variable))
    };
    // What the library gives to uv wins over what its container says.
    let of_container = || if variable == "UV_CACHE_DIR" { None } else { in_container() };
    of(&job.env).or_else(|| of(&pipeline.defaults.env)).or_else(of_container)
}

/// What the image of a container sets a variable to; where rows have images that differ in it, it depends on the row.
fn by_image(job: &Job, image: &str, variable: &str) -> Option<String> {
    let Some(images) = axis(image).and_then(|axis| values(job, &axis)) else {
        return of_image(image, variable).map(str::to_owned);
    };
    let mut all = images.iter().map(|image| of_image(&image.spelled(), variable));
    let first = all.next()?;
    if all.all(|other| other == first) { first.map(str::to_owned) } else { Some(BY_ROW.to_owned()) }
}
