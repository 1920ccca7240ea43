//! Images: each `Dockerfile` whose context is known.

use serde_json::Value;

use super::project::{Job, Project, is_plain};
use super::repository::{Repository, name};
use super::{Survey, compose};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn reads(_: &str) -> bool {
    false
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let mut contexts: Vec<String> = Vec::new();
    let mut why = Vec::new();
    if repository.has("Dockerfile") {
        contexts.push(String::new());
        why.push("`Dockerfile`".to_owned());
    }
    for (path, context) in
        compose::file(repository).into_iter().flat_map(|(path, it)| built(&it).into_iter().map(move |it| (path, it)))
    {
        if repository.has(&format!("{context}/Dockerfile")) && !contexts.contains(&context) {
            why.push(format!("`{context}/Dockerfile`, which `{path}` builds"));
            contexts.push(context);
        }
    }
    let Some(first) = why.first() else {
        let other = repository.elsewhere("Dockerfile");
        return other
            .map(|path| Project::left(format!("`{path}`: which folder it is built in is written nowhere")))
            .into_iter()
            .collect();
    };
    let mut project =
        Project::new("docker", if why.len() == 1 { format!("{first}: an image") } else { format!("images: {}", why.len()) });
    for (context, why) in contexts.iter().zip(why) {
        let id = if context.is_empty() || contexts.len() == 1 { "image".to_owned() } else { format!("image-{}", name(context)) };
        let context = if context.is_empty() { String::new() } else { format!("context: {context}\n") };
        let build = format!(
            "uses docker/build-push-action@v7 {{\n{context}push: false\ncache-from: type=gha\ncache-to: type=gha,mode=max\n}}"
        );
        project.job(Job::new(&id, format!("{why}: built, and pushed nowhere")).with("docker { layers: off }").says(build));
    }
    vec![project]
}

/// The folders that Compose builds images of, from the root.
fn built(compose: &Value) -> Vec<String> {
    let services = compose.get("services").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values);
    let context = |service: &Value| {
        let build = service.get("build")?;
        // With a file of another name, an image is not what its folder says.
        if build.get("dockerfile").is_some() || build.get("target").is_some() {
            return None;
        }
        let context = build.as_str().or_else(|| build.get("context")?.as_str())?;
        let context = context.trim_start_matches("./").trim_end_matches('/');
        (is_plain(context) && !context.starts_with(['.', '/'])).then(|| context.to_owned())
    };
    services.filter_map(context).collect()
}
