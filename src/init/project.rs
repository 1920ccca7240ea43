//! What surveys find: projects, and the jobs that follow.

use std::collections::BTreeMap;

/// All that follows from one manifest.
#[derive(Debug, Clone, Default)]
pub(super) struct Project {
    /// What tells its jobs apart from those of other projects, `rust` or `web`.
    pub(super) name: String,
    /// What its jobs need installed, `node { pnpm: 10 }`.
    pub(super) toolchain: Option<String>,
    /// What was seen.
    pub(super) saw: Vec<String>,
    /// What looks like work and is in no job.
    pub(super) left: Vec<String>,
    /// The jobs.
    pub(super) jobs: Vec<Job>,
}

/// A job.
#[derive(Debug, Clone, Default)]
pub(super) struct Job {
    /// Its id.
    pub(super) id: String,
    /// Why it is there.
    pub(super) why: String,
    /// What it needs installed in place of what its project does.
    pub(super) toolchains: Vec<String>,
    /// Servers beside it, by the name of the library.
    pub(super) services: BTreeMap<String, String>,
    /// Its other statements.
    pub(super) statements: Vec<String>,
    /// Whether it runs tests, which may want a server.
    pub(super) tests: bool,
}

impl Project {
    /// A project without jobs as yet.
    pub(super) fn new(name: &str, saw: impl Into<String>) -> Self {
        Self { name: name.to_owned(), saw: vec![saw.into()], ..Self::default() }
    }

    /// One that was seen, and of which nothing is made.
    pub(super) fn left(why: impl Into<String>) -> Self {
        Self { left: vec![why.into()], ..Self::default() }
    }

    /// With a job, unless that runs nothing.
    pub(super) fn job(&mut self, job: Job) {
        if job.statements.iter().any(|statement| statement.starts_with("run ") || statement.starts_with("uses ")) {
            self.jobs.push(job);
        }
    }
}

impl Job {
    /// A job that does nothing as yet.
    pub(super) fn new(id: &str, why: impl Into<String>) -> Self {
        Self { id: id.to_owned(), why: why.into(), ..Self::default() }
    }

    /// The same for tests.
    pub(super) fn tests(id: &str, why: impl Into<String>) -> Self {
        Self { tests: true, ..Self::new(id, why) }
    }

    /// With a command.
    pub(super) fn run(self, command: impl AsRef<str>) -> Self {
        self.says(format!("run {}", command.as_ref()))
    }

    /// With commands.
    pub(super) fn run_all(self, commands: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        commands.into_iter().fold(self, Self::run)
    }

    /// With any statement.
    pub(super) fn says(mut self, statement: impl Into<String>) -> Self {
        self.statements.push(statement.into());
        self
    }

    /// With a toolchain of its own.
    pub(super) fn with(mut self, toolchain: impl Into<String>) -> Self {
        self.toolchains.push(toolchain.into());
        self
    }

    /// With a service, `16 { env: { POSTGRES_DB: app } }` behind its name.
    pub(super) fn service(mut self, name: &str, rest: impl Into<String>) -> Self {
        self.services.insert(name.to_owned(), rest.into());
        self
    }
}

/// Gives jobs of the same id the names of their projects, and a number where that is not enough.
pub(super) fn tell_apart(projects: &mut [Project]) {
    let letters =
        |id: &str| id.chars().map(|it| if it.is_ascii_alphanumeric() || it == '_' { it } else { '-' }).collect::<String>();
    projects.iter_mut().flat_map(|project| &mut project.jobs).for_each(|job| job.id = letters(&job.id));
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    projects.iter().flat_map(|project| &project.jobs).for_each(|job| *count.entry(job.id.clone()).or_default() += 1);
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for project in projects {
        for job in &mut project.jobs {
            if count.get(&job.id).is_some_and(|&count| count > 1) {
                job.id = letters(&format!("{}-{}", job.id, project.name));
            }
            let times = taken.entry(job.id.clone()).or_default();
            *times += 1;
            if *times > 1 {
                job.id = format!("{}-{times}", job.id);
            }
        }
    }
}

/// Names in a sentence: `a`, `b` and `c`.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// Whether a text may stand in a spec as it is, as a path, a version or part of a command: it is nothing to the language and nothing to a shell.
pub(super) fn is_plain(text: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(harmless)
}
