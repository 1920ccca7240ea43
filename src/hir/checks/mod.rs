//! Checks over the resolved pipeline, one per file. A new one is a file here and two lines below.

pub mod actions;
pub mod almost;
pub mod artifacts;
pub mod axes;
pub mod background;
pub mod calls;
pub mod components;
pub mod concurrency;
pub mod containers;
pub mod expressions;
pub mod files;
pub mod filters;
pub mod gate;
pub mod ids;
pub mod images;
pub mod inherited;
pub mod injection;
pub mod installs;
pub mod items;
pub mod jobs;
pub mod limits;
pub mod matrix;
pub mod not_yet;
pub mod paths;
pub mod patterns;
pub mod privileged;
pub mod references;
pub mod registries;
pub mod releases;
pub mod resources;
pub mod results;
pub mod rights;
pub mod runners;
pub mod secrets;
pub mod shards;
pub mod shells;
pub mod sizes;
pub mod times;
pub mod tokens;
pub mod variables;

use super::Pipeline;
use crate::diagnostics::Diag;

/// A check. `broken`: parts of the spec were lost to syntax errors, so that a name which nothing defines may have been there.
pub type Check = fn(pipeline: &Pipeline, broken: bool, diags: &mut Vec<Diag>);

/// Every check.
#[rustfmt::skip] // one line each
pub static ALL: &[Check] = &[
    actions::check,
    almost::check,
    artifacts::check,
    axes::check,
    background::check,
    calls::check,
    components::check,
    concurrency::check,
    containers::check,
    expressions::check,
    files::check,
    filters::check,
    gate::check,
    ids::check,
    images::check,
    inherited::check,
    injection::check,
    installs::check,
    items::check,
    jobs::check,
    limits::check,
    matrix::check,
    not_yet::check,
    paths::check,
    patterns::check,
    privileged::check,
    references::check,
    registries::check,
    releases::check,
    resources::check,
    results::check,
    rights::check,
    runners::check,
    secrets::check,
    shards::check,
    shells::check,
    sizes::check,
    times::check,
    tokens::check,
    variables::check,
];
