//! Make, just and Task: targets whose names leave no doubt.

use super::Survey;
use super::project::{Job, Project, listed};
use super::repository::Repository;
use super::scripts::Purpose;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: true };

/// A file with targets, and the command that makes one.
const FILES: [(&str, &str); 6] = [
    ("GNUmakefile", "make"),
    ("makefile", "make"),
    ("Makefile", "make"),
    ("justfile", "just"),
    ("Justfile", "just"),
    (".justfile", "just"),
];

fn reads(path: &str) -> bool {
    FILES.iter().any(|(name, _)| *name == path)
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let Some((path, command)) = FILES.iter().find(|(path, _)| repository.has(path)) else { return Vec::new() };
    let targets = targets(repository.text(path).unwrap_or_default());
    let mut project = Project::new(command, format!("`{path}`"));
    for purpose in Purpose::ALL {
        // `make check` is what tests are called by GNU.
        let check = targets.iter().copied().find(|target| *target == "check");
        let mut own = purpose.of(&targets);
        own.retain(|target| Some(*target) != check);
        if purpose == Purpose::Test && own.is_empty() {
            own.extend(check);
        }
        let why = format!("{} {} of `{path}`", if own.len() == 1 { "target" } else { "targets" }, listed(&own));
        let mut job = Job { tests: purpose == Purpose::Test, ..Job::new(purpose.id(), why) };
        if *command == "just" && !own.is_empty() {
            // It is not on the images.
            job = job.says("uses taiki-e/install-action@v2 { tool: just }");
        }
        project.job(job.run_all(own.iter().map(|target| format!("{command} {target}"))));
    }
    if project.jobs.is_empty() && *command == "make" && !targets.is_empty() {
        project.job(Job::new("build", format!("the first target of `{path}`")).run("make"));
    }
    vec![project]
}

/// The names in front of a colon, at the start of a line. A recipe of just may take arguments; one that must be given some is none of ours.
fn targets<'t>(text: &'t str) -> Vec<&'t str> {
    let target = |line: &'t str| {
        let (head, rest) = line.split_once(':')?;
        let is_rule = !line.starts_with([' ', '\t', '#', '.']) && !rest.starts_with('=') && !head.contains(['=', '$', '%', '"']);
        let mut words = head.split_whitespace();
        let name = words.next().filter(|_| is_rule)?;
        words.next().is_none().then_some(name.trim_start_matches('@'))
    };
    text.lines().filter_map(target).collect()
}
