//! .NET: what `dotnet` builds and tests.

use std::collections::BTreeSet;

use super::Survey;
use super::project::{Job, Project, is_plain};
use super::repository::{Repository, extension, folder};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn is_project(path: &str) -> bool {
    matches!(extension(path), "csproj" | "fsproj" | "vbproj")
}

fn reads(path: &str) -> bool {
    is_project(path) || path == "Directory.Build.props"
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let all: Vec<&str> = repository.files().filter(|path| is_project(path)).collect();
    let is_solution = |path: &&str| matches!(extension(path), "sln" | "slnx");
    let in_root: Vec<&str> =
        repository.files().filter(|path| folder(path).is_empty() && (is_solution(path) || is_project(path))).collect();
    let solutions: Vec<&str> = repository.files().filter(is_solution).collect();
    // `dotnet` takes what is in the root, where that is one; else it must be told.
    let argument = match (in_root.as_slice(), solutions.as_slice(), all.as_slice()) {
        (_, _, []) => return Vec::new(),
        ([_], ..) => "",
        (_, [only], _) | ([], [], [only]) if is_plain(only) => only,
        _ => return vec![Project::left(format!("projects of .NET: {}; no solution says which belong together", all.len()))],
    };
    let what = in_root.first().copied().filter(|_| argument.is_empty()).unwrap_or(argument);
    let mut project = Project::new("dotnet", format!("`{what}`: .NET"));
    let texts: Vec<&str> = all.iter().chain(&["Directory.Build.props"]).filter_map(|path| repository.text(path)).collect();
    let frameworks: BTreeSet<&str> = texts.iter().flat_map(|text| frameworks(text)).collect();
    let install = if argument.is_empty() { String::new() } else { format!("install: {argument}") };
    project.toolchain = Some(toolchain(repository, &frameworks, install));
    let behind = if argument.is_empty() { String::new() } else { format!(" {argument}") };
    let tested = texts.iter().any(|text| text.contains("Microsoft.NET.Test.Sdk"));
    let why = if tested { "a project has `Microsoft.NET.Test.Sdk`" } else { "there is no project of tests" };
    let mut job = Job { tests: tested, ..Job::new(if tested { "test" } else { "build" }, why) };
    if frameworks.iter().any(|it| it.contains("-windows") || it.starts_with("net4")) {
        job = job.says("runner windows-2025");
        job.tests = false;
        project.saw.push("frameworks that are there on Windows alone".to_owned());
    }
    job = job.run(format!("dotnet build{behind} --no-restore"));
    project.job(if tested { job.run(format!("dotnet test{behind} --no-build")) } else { job });
    vec![project]
}

/// The SDKs of all frameworks: tests need the runtime of theirs.
fn toolchain(repository: &Repository<'_>, frameworks: &BTreeSet<&str>, install: String) -> String {
    let number = |framework: &&str| {
        let version = framework.strip_prefix("net")?.split('-').next()?;
        let (major, minor) = version.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let versions: BTreeSet<(u32, u32)> =
        frameworks.iter().filter_map(number).filter(|_| !repository.has("global.json")).collect();
    let versions: Vec<String> = versions.iter().map(|(major, minor)| format!("{major}.{minor}.x")).collect();
    let (version, list) = match versions.as_slice() {
        [] => (String::new(), String::new()),
        [only] => (format!(" {only}"), String::new()),
        all => (String::new(), format!("version: [{}]", all.join(", "))),
    };
    let settings = [list, install].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ");
    if settings.is_empty() { format!("dotnet{version}") } else { format!("dotnet{version} {{ {settings} }}") }
}

/// The frameworks that a project is built for.
fn frameworks(text: &str) -> Vec<&str> {
    let inside = |tag: &str| {
        text.split(tag)
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .flat_map(|list| list.split(';'))
            .map(str::trim)
            .collect::<Vec<_>>()
    };
    let mut found = inside("<TargetFramework>");
    found.extend(inside("<TargetFrameworks>"));
    found.retain(|framework| is_plain(framework));
    found
}
