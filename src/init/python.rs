//! Python with uv, Poetry or pip: the tools that an install brings, and what they have to work on.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Survey;
use super::project::{Job, Project, is_plain, listed};
use super::repository::{Repository, folder, name};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

/// Files of pip that list what development needs.
const DEVELOPMENT: [&str; 10] = [
    "requirements-dev.txt",
    "requirements_dev.txt",
    "requirements-test.txt",
    "requirements_test.txt",
    "requirements-tests.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
    "requirements/tests.txt",
];

/// Extras and groups with these names are for development.
const GROUPS: [&str; 6] = ["dev", "test", "tests", "testing", "lint", "develop"];

fn reads(path: &str) -> bool {
    let ours = [
        "pyproject.toml",
        "requirements.txt",
        "tox.ini",
        "noxfile.py",
        "mypy.ini",
        ".mypy.ini",
        ".pre-commit-config.yaml",
        "manage.py",
    ];
    ours.contains(&path) || DEVELOPMENT.contains(&path) || is_test(path)
}

fn is_test(path: &str) -> bool {
    let name = name(path);
    let python = path.strip_suffix(".py").is_some_and(|stem| name.starts_with("test") || stem.ends_with("_test"));
    python && path.split('/').count() <= 3
}

/// What installs the packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    Uv,
    Poetry,
    Pip,
}

impl Tool {
    /// The command that runs a tool of the project.
    fn run(self, command: &str) -> String {
        match self {
            Self::Uv => format!("uv run {command}"),
            Self::Poetry => format!("poetry run {command}"),
            Self::Pip => format!("python -m {command}"),
        }
    }
}

/// What an install brings, and the arguments that make it bring that.
struct Installed {
    names: BTreeSet<String>,
    arguments: Option<String>,
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let Some(manifest) =
        repository.first(&["pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "tox.ini", "noxfile.py"])
    else {
        let other = repository.elsewhere("pyproject.toml").or_else(|| repository.elsewhere("requirements.txt"));
        return other.map(|path| Project::left(format!("`{path}`: Python in a folder of its own"))).into_iter().collect();
    };
    let pyproject = repository.toml("pyproject.toml");
    let (tool, with) = match repository.first(&["uv.lock", "poetry.lock"]) {
        Some("uv.lock") => (Tool::Uv, " and `uv.lock`: Python with uv"),
        Some(_) => (Tool::Poetry, " and `poetry.lock`: Python with Poetry"),
        None => (Tool::Pip, ": Python with pip"),
    };
    let installed = match tool {
        Tool::Uv => of_uv(&pyproject),
        Tool::Poetry => of_poetry(&pyproject),
        Tool::Pip => of_pip(repository, &pyproject),
    };
    let has = |tool: &str| installed.names.contains(tool);
    let mut project = Project::new("python", format!("`{manifest}`{with}"));
    let version = if tool == Tool::Uv { None } else { version(repository, &pyproject) };
    let version = version.map(|version| format!(" {version}")).unwrap_or_default();

    let mut checks = Vec::new();
    if has("ruff") {
        checks.push("ruff check");
        if pyproject.pointer("/tool/ruff/format").is_some() || repository.says(".pre-commit-config.yaml", "ruff-format") {
            checks.push("ruff format --check");
        }
    }
    checks.extend(
        [("black", "black --check ."), ("isort", "isort --check ."), ("flake8", "flake8")]
            .iter()
            .filter(|(tool, _)| has(tool))
            .map(|(_, command)| command),
    );
    if has("mypy") {
        let names = ["files", "packages", "modules"];
        let configured = names.iter().any(|name| pyproject.pointer(&format!("/tool/mypy/{name}")).is_some())
            || ["mypy.ini", ".mypy.ini"].iter().any(|path| names.iter().any(|name| repository.says(path, name)));
        if configured { checks.push("mypy") } else { project.left.push("mypy, whose configuration names no files".to_owned()) }
    }
    let linters: Vec<&str> =
        checks.iter().filter_map(|check| check.split(' ').next()).collect::<BTreeSet<_>>().into_iter().collect();
    project.job(
        Job::new("lint", format!("{}, which the install brings", listed(&linters)))
            .run_all(checks.iter().map(|check| tool.run(check))),
    );

    let tests: Vec<&str> = repository.files().filter(|path| is_test(path)).collect();
    let (mut install, mut arguments) = (true, installed.arguments.clone());
    if has("pytest") && !tests.is_empty() {
        project.job(Job::tests("test", "`pytest`, which the install brings, and tests for it").run(tool.run("pytest")));
    } else if repository.says("manage.py", "django") {
        let run = if tool == Tool::Pip { "python manage.py test".to_owned() } else { tool.run("python manage.py test") };
        project.job(Job::tests("test", "`manage.py` of Django").run(run));
    } else if let Some((why, commands)) = runner(repository, &pyproject, tool) {
        install = !project.jobs.is_empty();
        project.job(Job::tests("test", why).run_all(commands));
    } else if let Some(test) = tests.iter().find(|path| repository.says(path, "unittest")) {
        let test_folder = folder(test);
        let start = if test_folder.is_empty() || repository.has(&format!("{test_folder}/__init__.py")) {
            String::new()
        } else {
            format!(" discover -s {test_folder}")
        };
        let run = if tool == Tool::Pip {
            format!("python -m unittest{start}")
        } else {
            tool.run(&format!("python -m unittest{start}"))
        };
        if is_plain(test) {
            project.job(Job::tests("test", format!("`{test}` and the like, which use `unittest`")).run(run));
        }
    } else if !tests.is_empty() {
        project.left.push(format!("`{}` and the like: nothing that is installed runs them", tests.first().unwrap_or(&"")));
    }
    if !install {
        arguments = Some("off".to_owned());
    }
    let settings = match arguments.as_deref() {
        Some("off") => " { install: off }".to_owned(),
        Some(arguments) => format!(" {{ install: \"{arguments}\" }}"),
        None => String::new(),
    };
    project.toolchain = Some(format!("python{version}{settings}"));
    vec![project]
}

/// What runs the tests in environments of its own.
fn runner(repository: &Repository<'_>, pyproject: &Value, tool: Tool) -> Option<(String, Vec<String>)> {
    let run = if tool == Tool::Uv { "uvx" } else { "pipx run" };
    if let Some(text) = repository.text("noxfile.py") {
        let sessions: Vec<&str> =
            text.split("session").filter_map(|rest| rest.split("\ndef ").nth(1)?.split('(').next()).collect();
        let session = ["tests", "test"].into_iter().find(|name| sessions.contains(name))?;
        return Some((
            format!("session `{session}` of `noxfile.py`"),
            vec![format!("{run} nox --no-error-on-missing-interpreters --session {session}")],
        ));
    }
    let tox = repository.says("tox.ini", "[testenv]") || pyproject.pointer("/tool/tox/env_run_base").is_some();
    let legacy =
        pyproject.pointer("/tool/tox/legacy_tox_ini").and_then(Value::as_str).is_some_and(|text| text.contains("[testenv]"));
    let file = if repository.has("tox.ini") { "tox.ini" } else { "pyproject.toml" };
    (tox || legacy).then(|| (format!("tox, of `{file}`"), vec![format!("{run} tox -e py")]))
}

fn of_uv(pyproject: &Value) -> Installed {
    let mut names = requirements(pyproject.pointer("/project/dependencies"));
    names.extend(requirements(pyproject.pointer("/tool/uv/dev-dependencies")));
    let mut arguments = vec!["--locked".to_owned()];
    let groups = pyproject.get("dependency-groups").and_then(Value::as_object).into_iter().flatten();
    for (group, list) in groups {
        if group == "dev" {
            names.extend(requirements(Some(list)));
        } else if GROUPS.contains(&group.as_str()) {
            names.extend(requirements(Some(list)));
            arguments.push(format!("--group {group}"));
        }
    }
    for (extra, list) in extras(pyproject) {
        names.extend(requirements(Some(list)));
        arguments.push(format!("--extra {extra}"));
    }
    Installed { names, arguments: (arguments.len() > 1).then(|| arguments.join(" ")) }
}

fn of_poetry(pyproject: &Value) -> Installed {
    let mut names = requirements(pyproject.pointer("/project/dependencies"));
    let table = |path: &str| {
        pyproject
            .pointer(path)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|table| table.keys())
            .map(|key| normal(key))
            .collect::<Vec<_>>()
    };
    names.extend(table("/tool/poetry/dependencies"));
    names.extend(table("/tool/poetry/dev-dependencies"));
    for (group, it) in pyproject.pointer("/tool/poetry/group").and_then(Value::as_object).into_iter().flatten() {
        if it.get("optional") != Some(&Value::Bool(true)) {
            names.extend(table(&format!("/tool/poetry/group/{group}/dependencies")));
        }
    }
    let groups = pyproject.get("dependency-groups").and_then(Value::as_object).into_iter().flat_map(|it| it.values());
    groups.for_each(|list| names.extend(requirements(Some(list))));
    let mut arguments = vec!["--no-interaction".to_owned()];
    for (extra, list) in extras(pyproject) {
        names.extend(requirements(Some(list)));
        arguments.push(format!("--extras {extra}"));
    }
    Installed { names, arguments: (arguments.len() > 1).then(|| arguments.join(" ")) }
}

fn of_pip(repository: &Repository<'_>, pyproject: &Value) -> Installed {
    let listed =
        |path: &str| repository.text(path).into_iter().flat_map(str::lines).filter_map(requirement).collect::<BTreeSet<_>>();
    let mut names = listed("requirements.txt");
    names.extend(requirements(pyproject.pointer("/project/dependencies")));
    let mut arguments = Vec::new();
    let package = repository.first(&["pyproject.toml", "setup.py", "setup.cfg"]).is_some();
    let extras: Vec<_> = extras(pyproject).collect();
    if !extras.is_empty() {
        extras.iter().for_each(|(_, list)| names.extend(requirements(Some(list))));
        let all: Vec<&str> = extras.iter().map(|(name, _)| *name).collect();
        arguments.push(format!("--editable .[{}]", all.join(",")));
    }
    for path in DEVELOPMENT.iter().filter(|path| repository.has(path)) {
        names.extend(listed(path));
        arguments.push(format!("--requirement {path}"));
    }
    for (group, list) in pyproject.get("dependency-groups").and_then(Value::as_object).into_iter().flatten() {
        if GROUPS.contains(&group.as_str()) {
            names.extend(requirements(Some(list)));
            arguments.push(format!("--group {group}"));
        }
    }
    if !arguments.is_empty() {
        // What would be installed without these arguments still is.
        if repository.has("requirements.txt") {
            arguments.insert(0, "--requirement requirements.txt".to_owned());
        } else if package && extras.is_empty() && pyproject.get("project").is_some() {
            arguments.insert(0, "--editable .".to_owned());
        }
    }
    Installed { names, arguments: (!arguments.is_empty()).then(|| arguments.join(" ")) }
}

/// The extras that are for development.
fn extras(pyproject: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = pyproject.pointer("/project/optional-dependencies").and_then(Value::as_object).into_iter().flatten();
    all.map(|(name, list)| (name.as_str(), list)).filter(|(name, _)| GROUPS.contains(name))
}

/// The names of a list of requirements.
fn requirements(list: Option<&Value>) -> BTreeSet<String> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).filter_map(requirement).collect()
}

/// The name of a requirement, `ruff` of `Ruff>=0.4 ; python_version > "3.8"`.
fn requirement(text: &str) -> Option<String> {
    let name: &str = text.trim().split(|it: char| !(it.is_ascii_alphanumeric() || "-_.".contains(it))).next()?;
    (!name.is_empty() && !name.starts_with('-')).then(|| normal(name))
}

/// Names are the same whatever the case and the sign between their words.
fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// The newest Python that the project takes, where the default is none of it.
fn version(repository: &Repository<'_>, pyproject: &Value) -> Option<String> {
    const DEFAULT: u32 = 13;
    if repository.has(".python-version") {
        return None;
    }
    let poetry = pyproject.pointer("/tool/poetry/dependencies/python");
    let wanted = pyproject.pointer("/project/requires-python").or(poetry)?.as_str()?;
    let (mut least, mut most) = (0, u32::MAX);
    for part in wanted.split(',').map(str::trim) {
        let sign = part.find(|it: char| it.is_ascii_digit())?;
        let (sign, number) = part.split_at(sign);
        let mut numbers = number.split('.');
        let (major, minor) = (numbers.next()?, numbers.next().and_then(|minor| minor.parse::<u32>().ok()));
        let patch = numbers.next();
        match (sign.trim(), major, minor) {
            ("~=", "3", Some(minor)) if patch.is_some() => (least, most) = (minor, minor),
            (">=" | "^" | "~=", "3", Some(minor)) => least = minor,
            (">", "3", Some(minor)) => least = minor + u32::from(patch.is_none()),
            ("<", "3", Some(minor)) => {
                most = if patch.is_some_and(|patch| patch != "0") { minor } else { minor.checked_sub(1)? }
            }
            ("<=", "3", Some(minor)) => most = minor,
            ("==" | "~", "3", Some(minor)) => (least, most) = (minor, minor),
            ("<", "4", _) => {}
            _ => return None,
        }
    }
    match (least, most) {
        _ if least > most || least > 99 => None,
        (least, most) if least <= DEFAULT && DEFAULT <= most => None,
        (least, _) if least > DEFAULT => Some(format!("3.{least}")),
        (_, most) => Some(format!("3.{most}")),
    }
}
