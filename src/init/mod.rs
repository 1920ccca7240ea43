//! A first spec for a repository that has none: what is seen in it, the jobs that follow from that, and why.
//!
//! Only what is there becomes a job: a script of `package.json`, a target of a Makefile, a tool that a lockfile lists, tests that git tracks. What looks like work and could not
//! be taken is said. Each kind of project is one file with a `Survey`; a new one is a file and two lines here.

mod cmake;
mod compose;
mod deno;
mod docker;
mod dotnet;
mod elixir;
mod go;
mod java;
mod make;
mod node;
mod php;
mod project;
mod python;
mod repository;
mod ruby;
mod rust;
mod scripts;
mod spec;
mod terraform;
mod workspaces;

use crate::facts::Facts;
use project::Project;
use repository::Repository;

/// One kind of project.
struct Survey {
    /// Whether the text of a file is looked at.
    reads: fn(path: &str) -> bool,
    /// What there is of that kind.
    look: fn(&Repository<'_>) -> Vec<Project>,
    /// It says how anything is built: what it has is taken where no other kind has a job.
    fallback: bool,
}

/// All kinds, in the order in which their jobs stand.
static ALL: [&Survey; 14] = [
    &node::SURVEY,
    &deno::SURVEY,
    &python::SURVEY,
    &rust::SURVEY,
    &go::SURVEY,
    &java::SURVEY,
    &dotnet::SURVEY,
    &ruby::SURVEY,
    &php::SURVEY,
    &elixir::SURVEY,
    &terraform::SURVEY,
    &cmake::SURVEY,
    &make::SURVEY,
    &docker::SURVEY,
];

/// A first spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text, as the formatter leaves it.
    pub spec: String,
    /// What was seen, a line each.
    pub saw: Vec<String>,
    /// Each job, and why it is there.
    pub jobs: Vec<(String, String)>,
    /// What looks like work and is in no job, with the reason.
    pub left: Vec<String>,
}

/// The files whose texts [`draft`] looks at, for the caller to put into [`Facts::texts`].
pub fn looked_at(tracked: &[String]) -> Vec<String> {
    let of_interest = |path: &&String| compose::reads(path) || ALL.iter().any(|survey| (survey.reads)(path));
    repository::own(tracked).filter(of_interest).cloned().collect()
}

/// Looks at a repository, and writes a spec for it. `branch` is the one that work is merged into, where that is known.
pub fn draft(facts: &Facts, branch: Option<&str>) -> Draft {
    let repository = Repository::new(facts);
    let mut projects = Vec::new();
    for survey in ALL {
        let has_jobs = projects.iter().any(|project: &Project| !project.jobs.is_empty());
        if !survey.fallback || !has_jobs {
            projects.extend((survey.look)(&repository));
        }
    }
    let mut saw: Vec<String> = projects.iter().flat_map(|project| project.saw.iter().cloned()).collect();
    let mut left: Vec<String> = repository.unreadable().map(|path| format!("`{path}`, which is not well-formed")).collect();
    left.extend(projects.iter().flat_map(|project| project.left.iter().cloned()));
    projects.retain(|project| !project.jobs.is_empty());
    saw.extend(compose::attach(&repository, &mut projects));
    project::tell_apart(&mut projects);
    let jobs = projects.iter().flat_map(|project| &project.jobs).map(|job| (job.id.clone(), job.why.clone())).collect();
    Draft { spec: spec::write(&projects, branch), saw, jobs, left }
}
