//! Deno: its own tools, and the tasks of `deno.json`.

use serde_json::Value;

use super::Survey;
use super::project::{Job, Project, listed};
use super::repository::Repository;
use super::scripts::Purpose;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

const FILES: [&str; 2] = ["deno.json", "deno.jsonc"];

fn reads(path: &str) -> bool {
    FILES.contains(&path)
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let Some(path) = repository.first(&FILES) else { return Vec::new() };
    let manifest = repository.json(path);
    let tasks: Vec<&str> =
        manifest.get("tasks").and_then(Value::as_object).into_iter().flat_map(|tasks| tasks.keys().map(String::as_str)).collect();
    let tested = repository.files().any(|path| {
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
        let code = [".ts", ".tsx", ".js", ".mjs"].iter().any(|end| path.ends_with(end));
        code && (stem == "test" || stem.ends_with("_test") || path.contains(".test."))
    });
    let mut project = Project::new("deno", format!("`{path}`: Deno"));
    project.toolchain = Some("deno".to_owned());
    for purpose in Purpose::ALL {
        let own = purpose.of(&tasks);
        let job = Job { tests: purpose == Purpose::Test, ..Job::new(purpose.id(), "") };
        let linted = own.iter().any(|task| task.contains("lint"));
        let job = match purpose {
            _ if !own.is_empty() && (purpose != Purpose::Lint || linted) => {
                let why = format!("{} {} of `{path}`", if own.len() == 1 { "task" } else { "tasks" }, listed(&own));
                Job { why, ..job }.run_all(own.iter().map(|task| format!("deno task {task}")))
            }
            Purpose::Lint => {
                let job = Job { why: "`deno lint`, which comes with Deno".to_owned(), ..job }.run("deno lint");
                job.run_all(own.iter().map(|task| format!("deno task {task}")))
            }
            Purpose::Test if tested => Job { why: "there are tests, and Deno runs them".to_owned(), ..job }.run("deno test"),
            _ => job,
        };
        project.job(job);
    }
    vec![project]
}
