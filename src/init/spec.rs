//! The text of the spec.

use super::project::{Job, Project, is_plain};
use crate::catalog::events;
use crate::source::Sources;
use crate::syntax;

/// Where nothing says what to do.
const NOTHING: &str = "\
# Nothing that git tracks here says how it is built or tested: its own commands go into the place of this one.
job test: git ls-files
";

/// Writes the spec of some projects.
pub(super) fn write(projects: &[Project], branch: Option<&str>) -> String {
    let mut text = "workflow \"CI\"\n\n".to_owned();
    match branch.filter(|branch| is_plain(branch)) {
        // In quotes, what is also the name of an event is surely a branch.
        Some(branch) if events::find(branch).is_some() => text.extend(["on push to \"", branch, "\"\non pull_request\n\n"]),
        Some(branch) => text.extend(["on push to ", branch, "\non pull_request\n\n"]),
        None => text.push_str("on push, pull_request\n\n"),
    }
    // What all jobs need stands once, at file level.
    let commands = |project: &Project| project.jobs.iter().any(|job| job.statements.iter().any(|it| it.starts_with("run ")));
    let mut working = projects.iter().filter(|project| commands(project));
    let shared = working.next().filter(|_| working.next().is_none()).and_then(|only| only.toolchain.as_deref());
    text.extend(shared.iter().flat_map(|toolchain| ["toolchain ", toolchain, "\n\n"]));
    if projects.is_empty() {
        text.push_str(NOTHING);
    }
    for project in projects {
        text.extend(project.jobs.iter().map(|job| written(job, project.toolchain.as_deref(), shared)));
    }
    formatted(text)
}

/// A job of a project with that toolchain. What the file says for all commands is not said again.
fn written(job: &Job, toolchain: Option<&str>, shared: Option<&str>) -> String {
    let tool = |toolchain: &str| toolchain.split(' ').next().unwrap_or_default().to_owned();
    let replaced = |toolchain: &&str| job.toolchains.iter().any(|own| tool(own) == tool(toolchain));
    let commands = job.statements.iter().any(|statement| statement.starts_with("run "));
    let all = toolchain.into_iter().filter(|it| !replaced(it)).chain(job.toolchains.iter().map(String::as_str));
    let mut lines: Vec<String> = all.filter(|it| shared != Some(*it) || !commands).map(|it| format!("toolchain {it}")).collect();
    lines.extend(job.services.iter().map(|(name, rest)| format!("service {name} {rest}").trim_end().to_owned()));
    lines.extend(job.statements.iter().cloned());
    match lines.as_slice() {
        [only] if only.starts_with("run ") => format!("job {}: {}\n\n", job.id, &only["run ".len()..]),
        lines => format!("job {} {{\n{}\n}}\n\n", job.id, lines.join("\n")),
    }
}

/// As the formatter leaves it.
fn formatted(text: String) -> String {
    let mut sources = Sources::new();
    let index = sources.add("ci.pipe", text.as_str());
    syntax::format(sources.get(index)).value.unwrap_or(text)
}
