//! Go: modules, and workspaces of them.

use super::Survey;
use super::project::{Job, Project, is_plain};
use super::repository::{Repository, folder, name};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

/// Where golangci-lint looks for what it is to find.
const LINTER: [&str; 4] = [".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"];

fn reads(path: &str) -> bool {
    LINTER.contains(&path) || path == "go.work" || name(path) == "go.mod"
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if repository.has("go.work") {
        let modules = used(repository.text("go.work").unwrap_or_default());
        let packages: Vec<String> =
            modules.iter().map(|module| if module == "." { "./...".into() } else { format!("./{module}/...") }).collect();
        let saw = format!("`go.work`: modules of Go: {}", modules.len());
        return vec![one(repository, "", "go", saw, &packages)];
    }
    if repository.has("go.mod") {
        return vec![one(repository, "", "go", "`go.mod`: a module of Go".to_owned(), &["./...".to_owned()])];
    }
    let modules = repository.named("go.mod").filter(|path| is_plain(path));
    let module = |path: &'_ str| {
        // The toolchain looks for the version in the root.
        let version = repository.text(path).unwrap_or_default().lines().find_map(|line| line.trim().strip_prefix("go "));
        let version = version.filter(|version| is_plain(version)).map(|version| format!(" {version}")).unwrap_or_default();
        one(repository, folder(path), &format!("go{version}"), format!("`{path}`: a module of Go"), &["./...".to_owned()])
    };
    modules.map(module).collect()
}

/// The modules that a workspace uses, by their folders.
fn used(text: &str) -> Vec<String> {
    let words = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let (mut inside, mut found) = (false, Vec::new());
    for line in words.map(str::trim) {
        let path = match line.strip_prefix("use ") {
            Some(rest) if rest.trim() == "(" => {
                inside = true;
                continue;
            }
            Some(rest) => rest,
            None if line == ")" => {
                inside = false;
                continue;
            }
            None if inside => line,
            None => continue,
        };
        let path = path.trim().trim_matches('"');
        let path = if path == "." { path } else { path.trim_start_matches("./").trim_end_matches('/') };
        if is_plain(path) && !path.contains("..") {
            found.push(path.to_owned());
        }
    }
    found
}

fn one(repository: &Repository<'_>, folder: &str, toolchain: &str, saw: String, packages: &[String]) -> Project {
    let kind = if folder.is_empty() { "go".to_owned() } else { folder.replace(['/', '.'], "-") };
    let mut project = Project::new(&kind, saw);
    project.toolchain = Some(toolchain.to_owned());
    let elsewhere = format!("allow R0209 \"its go.mod is in {folder}\"");
    let job = |job: Job| if folder.is_empty() { job } else { job.says(&elsewhere).says(format!("in {folder}")) };
    let packages = packages.join(" ");
    // The action runs version 2, which refuses a configuration of version 1.
    let linter = LINTER.iter().find(|path| {
        repository.text(path).is_some_and(|text| {
            text.lines().any(|line| {
                ["version: \"2\"", "version: '2'", "version: 2", "version = \"2\"", "version = '2'"].contains(&line.trim())
            })
        })
    });
    match linter.filter(|_| folder.is_empty()) {
        Some(path) => {
            project.job(Job::new("lint", format!("`{path}`")).with(toolchain).says("uses golangci/golangci-lint-action@v9"));
        }
        None => project.job(job(Job::new("lint", "`go vet`, which comes with Go")).run(format!("go vet {packages}"))),
    }
    let tests = repository.files().any(|path| path.ends_with("_test.go") && path.starts_with(folder));
    let test = job(Job {
        tests,
        ..Job::new(if tests { "test" } else { "build" }, if tests { "there are `*_test.go`" } else { "there are no tests" })
    });
    let test = test.run(format!("go build {packages}"));
    project.job(if tests { test.run(format!("go test {packages}")) } else { test });
    project
}
