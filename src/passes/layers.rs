//! The cache layers that a job could have, with their keys.

use super::moved::places;
use super::systems::Systems;
use crate::catalog::{actions, caching};
use crate::expr::Expr;
use crate::expr::text::{has_hole, holes};
use crate::facts::Facts;
use crate::hir::hashed::{hashed, not_empty, patterns_of};
use crate::hir::{
    CacheLayer, Condition, Job, Map, Matrix, MatrixRow, Pipeline, Runner, Step, StepKind, Toolchain, Value, ValueKind,
};
use crate::map::IndexMap;
use crate::pattern::{Pattern, any};
use crate::plan::{Layer, Role, Saved, Work, toolchains};

/// Of what the keys are: changed when a release of the compiler keeps something else under the same names.
const SCHEMA: &str = "v1";

/// A layer that a job could have.
pub(super) struct Candidate<'a> {
    /// As it is written.
    pub(super) written: &'a CacheLayer,
    /// Of which toolchain; the author's own have none.
    pub(super) toolchain: Option<&'a Toolchain>,
    /// The rows that have it.
    pub(super) rows: Option<Condition>,
    /// The runs in which its key hashes files, where it may be that there are none.
    pub(super) hashes: Option<Condition>,
    /// The variable by which a part of it is where only the run knows.
    pub(super) moved: Option<&'static str>,
    /// As it will be, as long as nobody else saves it.
    pub(super) layer: Layer,
}

/// The layers of a job and its toolchains, the author's first.
pub(super) fn candidates<'a>(pipeline: &Pipeline, job: &'a Job, salt: Option<&str>, systems: Systems) -> Vec<Candidate<'a>> {
    let container = job.container.as_ref().map(|container| segment(&container.name));
    let container = container.as_deref();
    let own = job.caches.iter().map(move |written| Candidate {
        written,
        toolchain: None,
        rows: None,
        hashes: None,
        moved: None,
        layer: layer(
            (pipeline, job),
            written,
            None,
            written.paths.iter().map(|path| path.as_str().to_owned()).collect(),
            (None, [salt, container]),
        ),
    });
    let derived = toolchains(job).into_iter().flat_map(move |(toolchain, rows)| {
        // Without a version there is a word in its place, so that all keys have the same parts.
        let version = toolchain.version.as_ref().map_or_else(|| "default".to_owned(), |version| segment(version));
        toolchain.caches.iter().map(move |written| {
            let (paths, moved) = places((pipeline, job), toolchain, written, systems);
            Candidate {
                written,
                toolchain: Some(toolchain),
                rows: rows.clone(),
                hashes: None,
                moved,
                layer: layer((pipeline, job), written, Some(toolchain), paths, (Some(&version), [salt, container])),
            }
        })
    });
    // A layer may have places on other systems alone.
    own.chain(derived).filter(|candidate| !candidate.layer.paths.is_empty() || candidate.moved.is_some()).collect()
}

fn layer(
    (pipeline, job): (&Pipeline, &Job),
    written: &CacheLayer,
    toolchain: Option<&Toolchain>,
    paths: Vec<String>,
    (version, parts): (Option<&str>, [Option<&str>; 2]),
) -> Layer {
    let name = segment(&written.name);
    let mut before = String::new();
    // A folder of one's own may have an install in it somewhere, and is not made by one.
    let is_installed = match toolchain {
        Some(_) => is_installed(job, &paths),
        None => paths.iter().any(|path| caching::is_installed(path)),
    };
    let is_of_job = toolchain.is_some() && written.key.contains(OF_JOB);
    let built = if is_installed || is_of_job { where_built(pipeline, job) } else { None };
    // Jobs of other workflows may have the same name, and rows of one may build other things.
    let workflow = is_of_job.then(|| segment(pipeline.stem()));
    let row = (is_of_job && differs_by_row(job)).then(|| row_of(job));
    // What not every key has stands before the name: so none is the beginning of another's.
    let told = toolchain.map(|toolchain| installed_as(pipeline, job, toolchain, is_installed)).unwrap_or_default();
    let always = [Some(SCHEMA), Some("${{ runner.os }}"), Some("${{ runner.arch }}"), built.as_deref()];
    let own = [workflow.as_deref(), row.as_deref(), Some(name.as_str()), version];
    for part in always.into_iter().chain(told.iter().map(|part| Some(part.as_str()))).chain(parts).chain(own).flatten() {
        before.push_str(part);
        before.push('/');
    }
    let beginnings = match written.keys.get("restore-keys") {
        Some(Value { kind: ValueKind::List(items), .. }) => items.iter().map(Value::spelled).collect(),
        Some(one) => vec![one.spelled()],
        None if is_installed => Vec::new(),
        None => before_what_changes(&written.key).map(str::to_owned).into_iter().collect(),
    };
    Layer {
        name: written.name.clone(),
        toolchain: toolchain.map(|toolchain| toolchain.name.clone()),
        paths,
        key: format!("{before}{}", written.key.as_str()),
        prefixes: beginnings.into_iter().map(|beginning| format!("{before}{beginning}")).collect(),
        restored: None,
        saved: Saved::Here { for_all: true },
    }
}

/// What is in the key of a layer that is of one job.
const OF_JOB: &str = "github.job";

/// What tells rows of a job apart.
const BY_ROW: &str = "${{ strategy.job-index }}";

/// Beginnings of the names of variables that package managers read (docs.npmjs.com/cli/using-npm/config, yarnpkg.com/configuration, bundler.io/man/bundle-config,
/// pip.pypa.io/en/stable/topics/configuration, docs.astral.sh/uv/reference/environment, getcomposer.org/doc/03-cli.md).
const READ_BY_INSTALLS: &[&str] =
    &["BUNDLE_", "BUN_", "COMPOSER_", "NODE_ENV", "NPM_CONFIG_", "PIP_", "PNPM_", "POETRY_", "UV_", "YARN_"];

/// What the use of a toolchain says of its install, and for what that makes (`is_installed`) the variables of the job that it reads: another makes another tree.
fn installed_as(pipeline: &Pipeline, job: &Job, toolchain: &Toolchain, is_installed: bool) -> Vec<String> {
    let is_read = |name: &str| READ_BY_INSTALLS.iter().any(|begin| name.to_ascii_uppercase().starts_with(begin));
    let envs: IndexMap<&String, &Value> = pipeline.defaults.env.iter().chain(&job.env).collect();
    let variables = envs.into_iter().filter(|(name, _)| is_installed && is_read(name));
    let variables = variables.map(|(name, value)| format!("{name}={}", value.spelled()));
    let (_, rows) = job.written_rows();
    let by_row = is_installed && rows.iter().any(|row| row.job.env.keys().any(|name| is_read(name)));
    // Keys are there for all to see.
    let parts = toolchain.told.iter().cloned().chain(variables).filter(|part| !part.contains("secrets"));
    // Not every value of a matrix can be in a key.
    let (of_matrix, plain): (Vec<String>, Vec<String>) = parts.partition(|part| part.contains("matrix."));
    let by_row = by_row || !of_matrix.is_empty() && row_of(job) == BY_ROW;
    let of_matrix = of_matrix.iter().filter(|_| !by_row);
    plain.iter().chain(of_matrix).map(|part| segment(part)).chain(by_row.then(|| BY_ROW.to_owned())).collect()
}

/// On which image what is built was built, where the label of the machine says more than the system does: what is linked with the libraries of a newer one does
/// not run on an older one.
fn where_built(pipeline: &Pipeline, job: &Job) -> Option<String> {
    let usual = job.runner.as_ref().or(pipeline.defaults.runner.as_ref());
    let (axis, rows) = job.written_rows();
    if rows.iter().all(|row| row.job.runner.is_none()) {
        return image(pipeline, usual?);
    }
    // By what the row is called, wherever it stands.
    let image_of = |row: &MatrixRow| row.job.runner.as_ref().or(usual).and_then(|runner| image(pipeline, runner));
    let mut images: IndexMap<String, Vec<String>> = IndexMap::default();
    for row in rows {
        let name = image_of(row).unwrap_or_else(|| "latest".to_owned());
        if name.contains("${{") || row.value.spelled().contains("${{") {
            return Some(BY_ROW.to_owned());
        }
        images.entry(name).or_default().push(format!("'{}'", row.value.spelled().replace('\'', "''")));
    }
    let (last, _) = images.pop()?;
    let is_one_of =
        |values: &[String]| values.iter().map(|value| format!("matrix.{axis} == {value}")).collect::<Vec<_>>().join(" || ");
    let chosen = |(image, values): (&String, &Vec<String>)| {
        let asked = is_one_of(values);
        let asked = if values.len() > 1 { format!("({asked})") } else { asked };
        format!("{asked} && '{}' || ", image.replace('\'', "''"))
    };
    let chosen: String = images.iter().map(chosen).collect();
    Some(if chosen.is_empty() { last } else { format!("${{{{ {chosen}'{}' }}}}", last.replace('\'', "''")) })
}

/// What the label of a machine says of its image; none where it is the newest of its system, whichever that is.
fn image(pipeline: &Pipeline, runner: &Runner) -> Option<String> {
    match runner {
        Runner::Label(label) => match pipeline.runners.get(label.as_str()) {
            Some(named) => Some(segment(&named.label.words().join("-"))),
            None => (!label.ends_with("-latest")).then(|| segment(label)),
        },
        Runner::Data(value) => Some(segment(&value.words().join("-"))),
        Runner::Auto(_) => None,
    }
}

/// What tells the row of a job from others, wherever it stands: its values, where all can be in a key.
fn row_of(job: &Job) -> String {
    let is_plain = |value: &Value| match &value.kind {
        ValueKind::List(_) | ValueKind::Map(_) => false,
        _ => !value.spelled().contains(['/', ',', '\n']) && !has_hole(&value.spelled()),
    };
    let of = |axis: &str| format!("${{{{ matrix.{axis} }}}}");
    match &job.matrix {
        Some(Matrix::Rows { axis, rows, .. }) if rows.iter().all(|row| is_plain(&row.value)) => of(axis),
        Some(Matrix::Axes { axes, include, .. }) if include.is_empty() => {
            let is_plain = |value: &Value| matches!(&value.kind, ValueKind::List(items) if items.iter().all(is_plain));
            if !axes.values().all(is_plain) {
                return BY_ROW.to_owned();
            }
            axes.keys().map(|axis| of(axis)).collect::<Vec<_>>().join("+")
        }
        _ => BY_ROW.to_owned(),
    }
}

/// Whether rows of a matrix do other work, beside their machine and the version of their tools; shards have all of it together.
fn differs_by_row(job: &Job) -> bool {
    let of_row = |value: &Value| value.spelled().contains("matrix.");
    match &job.matrix {
        None => false,
        Some(Matrix::Rows { .. }) => true,
        Some(_) => {
            let folders = job.each_step().filter_map(|step| step.dir.as_ref());
            let mut texts = [&job.dir, &job.shell].into_iter().flatten().chain(folders);
            let services = job.services.values().flat_map(|service| service.keys.values());
            job.each_step().any(|step| step.names("matrix."))
                || job.env.values().chain(services).any(of_row)
                || texts.any(|text| text.contains("matrix."))
        }
    }
}

/// Whether a path of a layer is one that an install makes: that is right only if nothing has changed.
fn is_installed(job: &Job, paths: &[String]) -> bool {
    let made: Vec<Pattern> = toolchains(job).iter().flat_map(|(it, _)| &it.writes).map(|path| Pattern::new(path)).collect();
    let is_inside = |path: &&String| !path.starts_with(['~', '/']);
    paths.iter().filter(is_inside).any(|path| made.iter().any(|made| made.meets(&Pattern::new(path), [])))
}

/// What of a key is anew with files, or in each run.
const CHANGES: &[&str] = &["hashFiles(", "github.sha", "github.run_id", "github.run_number", "github.run_attempt"];

/// What stands in a key before the part that changes with files or runs; none where no part does: such a key says itself when it is anew.
fn before_what_changes(key: &str) -> Option<&str> {
    let holes = CHANGES.iter().filter_map(|what| key.find(what).and_then(|at| key[..at].rfind("${{")));
    holes.min().map(|hole| &key[..hole])
}

/// A text as a part of a key; what ends parts is not in it.
pub(super) fn segment(text: &str) -> String {
    let mut parts = text.split("${{");
    let mut segment = parts.next().unwrap_or_default().replace(['/', ',', '\n'], "_");
    for part in parts {
        let (hole, rest) = part.split_once("}}").unwrap_or((part, ""));
        segment.extend(["${{", hole, "}}"]);
        segment.push_str(&rest.replace(['/', ',', '\n'], "_"));
    }
    segment
}

/// Why a key does not say what a layer holds: an empty hash is that of every other repository state as well.
pub(super) fn without_hash(work: &Work, candidate: &Candidate<'_>, facts: &Facts) -> Option<&'static str> {
    let key = candidate.written.key.as_str();
    if !key.contains("hashFiles(") {
        return None;
    }
    if !has_files(work) {
        return Some("the job has no files of the repository to make its key of");
    }
    let tracked = facts.tracked.as_deref()?;
    let mut calls = holes(key).into_iter();
    let missing = calls.any(|(_, expr)| hashed(&expr).iter().any(|(patterns, _)| !any(&patterns_of(patterns), tracked)));
    missing.then_some("git tracks no file that its key is made of")
}

/// In which runs an author's key hashes files, where that is not known of all: a checkout that comes first may bring what git does not track here.
pub(super) fn with_hash(work: &Work, candidate: &Candidate<'_>, facts: &Facts) -> Option<Condition> {
    let written = candidate.written;
    let tracked = if has_files(work) { facts.tracked.as_deref()? } else { &[] };
    let parts: Vec<Expr> = holes(&written.key).iter().flat_map(|(_, expr)| not_empty(expr, tracked)).collect();
    (!parts.is_empty()).then(|| {
        let here = Expr::and(parts).map_spans(&|_| written.key.span());
        Condition::derived(here, written.origin.clone())
    })
}

/// What of the author's keeps the places of a toolchain's layer as well, in every run.
pub(super) fn kept_already(job: &Job, candidate: &Candidate<'_>) -> Option<String> {
    candidate.toolchain?;
    let paths = &candidate.layer.paths;
    let is_in = |path: &str, kept: &str| path.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let plain = |path: &str| path.trim_start_matches("./").trim_end_matches('/').to_owned();
    let covers = |cache: &&CacheLayer| {
        let kept: Vec<String> = cache.paths.iter().map(|path| plain(path)).collect();
        paths.iter().all(|path| kept.iter().any(|kept| is_in(&plain(path), kept)))
    };
    if let Some(cache) = job.caches.iter().find(covers).filter(|_| !paths.is_empty()) {
        return Some(format!("cache `{}` keeps the same", cache.name));
    }
    let keeps = |step: &&Step| match &step.kind {
        StepKind::Uses { action, with, .. } if step.when.is_none() => {
            let input = |key: &str| with.get(key).map(Value::spelled).unwrap_or_default();
            caching::keeps_layer(action, input, &candidate.layer.name)
        }
        _ => false,
    };
    match &job.steps.iter().find(keeps)?.kind {
        StepKind::Uses { action, .. } => Some(format!("`{}` keeps the same", actions::name(action))),
        _ => None,
    }
}

/// Whether the repository's files are at their place when layers are restored.
pub(super) fn has_files(work: &Work) -> bool {
    // A branch or a tag that is named has files of its own.
    let is_own = |reference: &Value| has_hole(&reference.spelled());
    let here = |with: &Map| {
        let elsewhere = ["path", "repository", "sparse-checkout"].iter().any(|key| with.contains_key(*key));
        !elsewhere && with.get("ref").is_none_or(is_own)
    };
    let brings = |step: &&Step| match &step.kind {
        StepKind::Checkout(with) | StepKind::Uses { with, .. } => here(with),
        _ => false,
    };
    let mut found = first_checkouts(work).filter(brings);
    // One with a condition may be left out; of two each is for the runs without the other.
    found.clone().any(|step| step.when.is_none()) || found.nth(1).is_some()
}

/// The checkouts that come before layers are restored.
pub(super) fn first_checkouts(work: &Work) -> impl Iterator<Item = &Step> + Clone {
    let derived = work.prologue.iter().filter(|derived| derived.role == Role::Checkout).map(|derived| &derived.step);
    derived.chain(work.job.steps[..work.lead()].iter().filter(|step| step.fetches()))
}

#[cfg(test)]
mod tests {
    use super::{before_what_changes, segment};

    #[test]
    fn keys_have_a_beginning_that_older_ones_share() {
        for (key, before) in [
            ("${{ hashFiles('a') }}", Some("")),
            ("${{ github.job }}-${{ hashFiles('a') }}-x", Some("${{ github.job }}-")),
            ("all-${{ hashFiles('a') }}", Some("all-")),
            ("${{ github.sha }}", Some("")),
            ("${{ matrix.cc }}-${{ github.sha }}-${{ hashFiles('a') }}", Some("${{ matrix.cc }}-")),
            ("v2", None),
            ("${{ inputs.part }}", None),
        ] {
            assert_eq!(before_what_changes(key), before, "{key}");
        }
    }

    #[test]
    fn parts_of_keys_hold_no_end_of_one() {
        assert_eq!(segment("lts/iron"), "lts_iron");
        assert_eq!(segment("${{ a / b }}/c,d"), "${{ a / b }}_c_d");
    }
}
