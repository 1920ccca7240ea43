//! Elixir with Mix.

use super::Survey;
use super::project::{Job, Project};
use super::repository::Repository;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn reads(path: &str) -> bool {
    ["mix.exs", "config/test.exs"].contains(&path)
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if !repository.has("mix.exs") {
        let other = repository.elsewhere("mix.exs");
        return other.map(|path| Project::left(format!("`{path}`: Elixir in a folder of its own"))).into_iter().collect();
    }
    let lock = if repository.has("mix.lock") { " and `mix.lock`" } else { " without a lockfile" };
    let mut project = Project::new("elixir", format!("`mix.exs`{lock}: Elixir"));
    project.toolchain = Some("elixir".to_owned());
    let formatted = repository.has(".formatter.exs").then_some("mix format --check-formatted");
    let credo = repository.says("mix.exs", "{:credo,").then_some("mix credo");
    let why = [formatted.map(|_| "`.formatter.exs`"), credo.map(|_| "Credo, which `mix.exs` lists")];
    let why: Vec<&str> = why.into_iter().flatten().collect();
    project.job(Job::new("lint", why.join(", and ")).run_all(formatted.into_iter().chain(credo)));
    if repository.files().any(|path| path.ends_with("_test.exs")) {
        let mut job = Job::tests("test", "there are `*_test.exs`");
        // What Phoenix generates: the server of the library has the same user and password.
        let local = repository.says("config/test.exs", "hostname: \"localhost\"")
            && repository.says("config/test.exs", "password: \"postgres\"");
        if repository.says("mix.exs", "{:postgrex,") && local {
            project.saw.push("`config/test.exs` asks for PostgreSQL: tests get a server".to_owned());
            job = job.service("postgres", "");
        }
        project.job(job.run("mix test"));
    } else {
        project.job(Job::new("build", "there are no tests").run("mix compile"));
    }
    vec![project]
}
