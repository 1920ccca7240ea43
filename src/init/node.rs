//! Node.js and Bun: what the scripts of `package.json` do.

use serde_json::Value;

use super::project::{Job, Project, is_plain, listed};
use super::repository::{Repository, folder, name};
use super::scripts::Purpose;
use super::{Survey, workspaces};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

/// What a bundler writes, unless its configuration says otherwise: the command, the folder, how the names of its configuration begin, and the setting.
const OUTPUTS: [(&str, &str, &str, &str); 4] = [
    ("vite build", "dist/", "vite.config.", "outDir"),
    ("astro build", "dist/", "astro.config.", "outDir"),
    ("next build", ".next/", "next.config.", "distDir"),
    ("react-scripts build", "build/", "\0", ""),
];

fn reads(path: &str) -> bool {
    let name = name(path);
    let configuration =
        OUTPUTS.iter().any(|(_, _, config, _)| name.starts_with(config)) || name.starts_with("playwright.config.");
    matches!(name, "package.json" | "pnpm-workspace.yaml" | "pnpm-lock.yaml" | ".tool-versions")
        || name == "tsconfig.json"
        || configuration
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let root = repository.has("package.json").then(|| one(repository, ""));
    let members = workspaces::members(repository);
    // A folder with a lockfile of its own stands for itself, as does the only package that there is.
    let others: Vec<&str> = repository.named("package.json").map(folder).filter(|folder| !folder.is_empty()).collect();
    let locked =
        |folder: &&str| lockfile(repository, folder).is_some() && !members.contains(&format!("{folder}/package.json").as_str());
    let mut apart: Vec<&str> = others.iter().copied().filter(locked).collect();
    if let ([only], None, []) = (others.as_slice(), &root, apart.as_slice()) {
        apart.push(only);
    }
    let (plain, odd): (Vec<&str>, Vec<&str>) = apart.into_iter().partition(|folder| is_plain(folder));
    let odd = odd
        .into_iter()
        .map(|folder| Project::left(format!("a package of Node.js, whose folder has a name that is no plain word: {folder:?}")));
    root.into_iter().chain(plain.into_iter().map(|folder| one(repository, folder))).chain(odd).collect()
}

/// A package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manager {
    Npm,
    Pnpm,
    /// Whether it is Yarn 2 or later.
    Yarn(bool),
    Bun,
}

/// The lockfile of a folder, which decides the manager, in the order of `src/catalog/std/node.pipe`.
fn lockfile(repository: &Repository<'_>, folder: &str) -> Option<(&'static str, Manager)> {
    let berry = repository.has(&at(folder, ".yarnrc.yml"));
    let all = [
        ("pnpm-lock.yaml", Manager::Pnpm),
        ("yarn.lock", Manager::Yarn(berry)),
        ("bun.lock", Manager::Bun),
        ("bun.lockb", Manager::Bun),
        ("package-lock.json", Manager::Npm),
        ("npm-shrinkwrap.json", Manager::Npm),
    ];
    all.into_iter().find(|(name, _)| repository.has(&at(folder, name)))
}

fn at(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Manager {
    fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::Yarn(_) => "Yarn",
            Self::Bun => "Bun",
        }
    }

    /// The command that runs a script.
    fn run(self, script: &str) -> String {
        match (self, script) {
            (Self::Npm, "test") => "npm test".to_owned(),
            (Self::Pnpm, "test") => "pnpm test".to_owned(),
            (Self::Yarn(_), "test") => "yarn test".to_owned(),
            (Self::Npm, _) => format!("npm run {script}"),
            (Self::Pnpm, _) => format!("pnpm run {script}"),
            (Self::Yarn(_), _) => format!("yarn run {script}"),
            // `bun test` is Bun's own runner.
            (Self::Bun, _) => format!("bun run {script}"),
        }
    }

    /// The command that runs a script in each package of a workspace that has it. Yarn 1 stops at one that has it not.
    fn run_in_all(self, script: &str) -> Option<String> {
        match self {
            Self::Npm => Some(format!("npm run {script} --workspaces --if-present")),
            Self::Pnpm => Some(format!("pnpm --recursive run {script}")),
            Self::Yarn(true) => Some(format!("yarn workspaces foreach --all run {script}")),
            Self::Yarn(false) => None,
            Self::Bun => Some(format!("bun run --filter '*' {script}")),
        }
    }
}

/// The package of a folder.
fn one(repository: &Repository<'_>, folder: &str) -> Project {
    let package = at(folder, "package.json");
    let manifest = repository.json(&package);
    let locked = lockfile(repository, folder);
    let manager = locked.map_or(Manager::Npm, |(_, manager)| manager);
    let lock = locked.map_or_else(|| " without a lockfile".to_owned(), |(lock, _)| format!(" and `{}`", at(folder, lock)));
    let name = if folder.is_empty() { "node".to_owned() } else { folder.replace(['/', '.'], "-") };
    let mut project = Project::new(&name, format!("`{package}`{lock}: Node.js with {}", manager.name()));
    project.toolchain = Some(toolchain(repository, folder, &manifest, manager));
    let members = if folder.is_empty() { workspaces::members(repository) } else { Vec::new() };
    if !members.is_empty() {
        project.saw.push(format!("a workspace of packages: {}", members.len()));
    }

    let scripts = Scripts::of(&manifest);
    for (script, fault) in &scripts.faulty {
        project.left.push(format!("script `{script}` of `{package}`, which {fault}"));
    }
    for purpose in Purpose::ALL {
        let mut job = Job { tests: purpose == Purpose::Test, ..Job::new(purpose.id(), "") };
        if !folder.is_empty() {
            job = job.says(format!("in {folder}"));
        }
        let (own, script) = (scripts.chosen(purpose), purpose.id());
        if own.is_empty() && !scripts.has_any(purpose) {
            // The root says nothing of it: its packages may.
            let having =
                members.iter().filter(|path| Scripts::of(&repository.json(path)).usable.iter().any(|(name, _)| *name == script));
            let (count, command) = (having.count(), manager.run_in_all(script));
            job.why = format!("script `{script}` of packages of the workspace: {count}");
            project.job(job.run_all(command.filter(|_| count > 0)));
            continue;
        }
        job.why = format!("{} of `{package}`", scripts_called(&own));
        if let [only] = own.as_slice() {
            let folder = output(repository, folder, scripts.text(only)).filter(|_| purpose == Purpose::Build);
            job.statements.extend(folder.map(|folder| format!("writes {folder}")));
        }
        project.job(job.run_all(own.iter().map(|script| manager.run(script))));
    }
    if project.jobs.is_empty() {
        project.left.push(format!("`{package}`: no script of it lints, tests or builds"));
    }
    project.jobs.extend(browsers(repository, folder, &scripts, manager, &project));
    project
}

fn scripts_called(names: &[&str]) -> String {
    format!("{} {}", if names.len() == 1 { "script" } else { "scripts" }, listed(names))
}

/// The statement that installs what scripts need.
fn toolchain(repository: &Repository<'_>, folder: &str, manifest: &Value, manager: Manager) -> String {
    if manager == Manager::Bun && folder.is_empty() {
        return "bun".to_owned();
    }
    let mut settings = Vec::new();
    if !folder.is_empty() {
        settings.push(format!("directory: {folder}"));
    }
    let declared = manifest.get("packageManager").or_else(|| manifest.pointer("/devEngines/packageManager"));
    if manager == Manager::Pnpm && declared.is_none() {
        settings.extend(pnpm(repository.text(&at(folder, "pnpm-lock.yaml"))).map(|version| format!("pnpm: {version}")));
    }
    let version = version(repository, folder, manifest).map(|version| format!(" {version}")).unwrap_or_default();
    let settings = if settings.is_empty() { String::new() } else { format!(" {{ {} }}", settings.join(", ")) };
    format!("node{version}{settings}")
}

/// The newest major of pnpm that takes a lockfile as it is: <https://github.com/pnpm/spec/issues/7>.
fn pnpm(lock: Option<&str>) -> Option<&'static str> {
    let line = lock?.lines().find_map(|line| line.strip_prefix("lockfileVersion:"))?;
    match line.trim().trim_matches(['\'', '"']).split('.').next()? {
        "9" => Some("10"),
        "6" => Some("8"),
        "5" => Some("7"),
        _ => None,
    }
}

/// The version of Node.js, where the project says it in a place that the toolchain does not look at.
fn version(repository: &Repository<'_>, folder: &str, manifest: &Value) -> Option<String> {
    if repository.first(&[".nvmrc", ".node-version"]).is_some_and(|_| folder.is_empty()) {
        return None;
    }
    let tools = repository.text(&at(folder, ".tool-versions")).unwrap_or_default();
    let asdf = tools.lines().find_map(|line| line.strip_prefix("nodejs ").map(str::trim));
    let volta = manifest.pointer("/volta/node").and_then(Value::as_str);
    // `^20.1` and `20.x` name one major; what has no upper end is content with the default.
    let engine = manifest.pointer("/engines/node").and_then(Value::as_str).and_then(|range| {
        let major = range.trim().trim_start_matches(['^', '~', '=', 'v']).split('.').next()?;
        let one = !range.contains([' ', '|', '>', '<']) && major.bytes().all(|byte| byte.is_ascii_digit());
        one.then_some(major)
    });
    asdf.or(volta)
        .or(engine)
        .filter(|version| is_plain(version) && version.starts_with(|it: char| it.is_ascii_digit()))
        .map(str::to_owned)
}

/// The folder that a build writes, where nothing says otherwise.
fn output(repository: &Repository<'_>, folder: &str, script: &str) -> Option<String> {
    let last = script.rsplit("&&").next()?.trim();
    let here: Vec<&str> = repository.files().filter(|path| super::repository::folder(path) == folder).collect();
    let bundler = OUTPUTS.iter().find(|(command, ..)| *command == last);
    let found = match bundler {
        Some((_, output, config, setting)) => {
            let silent =
                |path: &&str| repository.text(path).is_some_and(|text| !text.contains(setting) && !text.contains("root:"));
            let mut configuration = here.iter().filter(|path| name(path).starts_with(config));
            configuration.all(silent).then(|| (*output).to_owned())
        }
        // It may have comments, and then is no JSON: nothing is said.
        None if matches!(last, "tsc" | "tsc -p ." | "tsc --build" | "tsc -b" | "tsc -p tsconfig.json") => {
            let config = repository.json(&at(folder, "tsconfig.json"));
            let output = config.pointer("/compilerOptions/outDir").and_then(Value::as_str)?;
            Some(format!("{}/", output.trim_start_matches("./").trim_end_matches('/')))
        }
        None => None,
    }?;
    let inside = is_plain(&found) && !found.starts_with(['/', '.']) && !found.contains("..") || found == ".next/";
    inside.then(|| at(folder, &found))
}

/// Tests in browsers, where Playwright starts the application itself.
fn browsers(
    repository: &Repository<'_>,
    folder: &str,
    scripts: &Scripts<'_>,
    manager: Manager,
    project: &Project,
) -> Option<Job> {
    let config = ["ts", "js", "mjs"]
        .map(|end| at(folder, &format!("playwright.config.{end}")))
        .into_iter()
        .find(|path| repository.has(path))?;
    let (script, _) =
        scripts.usable.iter().find(|(name, text)| matches!(*name, "test:e2e" | "e2e") && text.contains("playwright test"))?;
    let server = repository.text(&config)?.split("webServer").nth(1)?;
    let mut job = Job::tests("e2e", format!("script `{script}`, and `{config}`, which starts the application"));
    // It is served as it was built.
    if ["preview", "start", "serve "].iter().any(|word| server.contains(word)) && !server.contains("build") {
        let build = project.jobs.iter().find(|job| job.id == "build")?;
        let made = build.statements.iter().find_map(|statement| statement.strip_prefix("writes "))?;
        job = job.says(format!("reads {made}"));
    }
    // Playwright's toolchain looks for the lockfile in the root.
    folder.is_empty().then(|| job.with("playwright").run(manager.run(script)))
}

/// The scripts of a package.
struct Scripts<'m> {
    usable: Vec<(&'m str, &'m str)>,
    /// Those whose name is known, and what is wrong with them.
    faulty: Vec<(&'m str, &'static str)>,
}

impl<'m> Scripts<'m> {
    fn of(manifest: &'m Value) -> Self {
        let all = manifest.get("scripts").and_then(Value::as_object).into_iter().flatten();
        let (mut usable, mut faulty) = (Vec::new(), Vec::new());
        for (name, text) in all.filter_map(|(name, text)| Some((name.as_str(), text.as_str()?))) {
            // What `npm init` writes.
            if text.contains("no test specified") {
                continue;
            }
            if is_endless(text) && Purpose::ALL.iter().any(|purpose| !purpose.of(&[name]).is_empty()) {
                faulty.push((name, "waits for changes and would not end"));
            } else {
                usable.push((name, text));
            }
        }
        Self { usable, faulty }
    }

    fn text(&self, script: &str) -> &'m str {
        self.usable.iter().find(|(name, _)| *name == script).map_or("", |(_, text)| text)
    }

    fn named(&self, purpose: Purpose) -> Vec<&'m str> {
        purpose.of(&self.usable.iter().map(|(name, _)| *name).collect::<Vec<_>>())
    }

    fn has_any(&self, purpose: Purpose) -> bool {
        !self.named(purpose).is_empty()
    }

    /// Those that a job runs: not what another one runs anyway.
    fn chosen(&self, purpose: Purpose) -> Vec<&'m str> {
        let all: Vec<&str> = Purpose::ALL.iter().flat_map(|purpose| self.named(*purpose)).collect();
        let called = |script: &str| all.iter().any(|other| *other != script && calls(self.text(other), script));
        self.named(purpose).into_iter().filter(|script| !called(script)).collect()
    }
}

/// Whether a script runs another one.
fn calls(text: &str, script: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let runs = |at: usize| match words[at] {
        "npm" | "pnpm" | "yarn" | "bun" => {
            let behind = words.get(at + 1).copied();
            behind == Some(script) || matches!(behind, Some("run" | "run-script")) && words.get(at + 2) == Some(&script)
        }
        "run-s" | "run-p" | "npm-run-all" | "npm-run-all2" => words[at..].contains(&script),
        _ => false,
    };
    (0..words.len()).any(runs)
}

/// Whether a script goes on until somebody stops it.
fn is_endless(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let watches =
        |word: &&str| matches!(*word, "--watch" | "--watchAll" | "--watch=true" | "--watchAll=true" | "nodemon" | "watch");
    // Angular's runner watches unless it is told not to.
    let angular = text.contains("ng test") && !text.contains("watch=false") && !text.contains("--no-watch");
    words.iter().any(watches) || angular
}
