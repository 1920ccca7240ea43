//! PHP with Composer: its scripts, and the tools that it installs.

use serde_json::Value;

use super::Survey;
use super::project::{Job, Project, is_plain, listed};
use super::repository::Repository;
use super::scripts::Purpose;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

/// A tool: its package, the files that say that it is set up, what it is for, and its command.
const TOOLS: [(&str, &[&str], Purpose, &str); 6] = [
    (
        "phpstan/phpstan",
        &["phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"],
        Purpose::Lint,
        "vendor/bin/phpstan analyse --no-progress",
    ),
    ("vimeo/psalm", &["psalm.xml", "psalm.xml.dist"], Purpose::Lint, "vendor/bin/psalm --no-progress"),
    (
        "friendsofphp/php-cs-fixer",
        &[".php-cs-fixer.dist.php", ".php-cs-fixer.php"],
        Purpose::Lint,
        "vendor/bin/php-cs-fixer fix --dry-run --diff",
    ),
    ("squizlabs/php_codesniffer", &["phpcs.xml", "phpcs.xml.dist", ".phpcs.xml.dist"], Purpose::Lint, "vendor/bin/phpcs"),
    ("pestphp/pest", &["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"], Purpose::Test, "vendor/bin/pest"),
    ("phpunit/phpunit", &["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"], Purpose::Test, "vendor/bin/phpunit"),
];

fn reads(path: &str) -> bool {
    path == "composer.json"
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if !repository.has("composer.json") {
        let other = repository.elsewhere("composer.json");
        return other.map(|path| Project::left(format!("`{path}`: PHP in a folder of its own"))).into_iter().collect();
    }
    let manifest = repository.json("composer.json");
    let lock = if repository.has("composer.lock") { " and `composer.lock`" } else { " without a lockfile" };
    let mut project = Project::new("php", format!("`composer.json`{lock}: PHP with Composer"));
    let platform = manifest.pointer("/config/platform/php").and_then(Value::as_str);
    let narrow = manifest.pointer("/require/php").and_then(Value::as_str).and_then(|range| {
        let version = range.strip_prefix('~').filter(|it| it.matches('.').count() == 2).or_else(|| range.strip_suffix(".*"))?;
        (!range.contains(' ') && !range.contains('|')).then_some(version)
    });
    let minor = platform.or(narrow).map(|version| version.split('.').take(2).collect::<Vec<_>>().join("."));
    let minor = minor.filter(|minor| is_plain(minor) && !repository.has(".php-version")).map(|minor| format!(" {minor}"));
    project.toolchain = Some(format!("php{}", minor.unwrap_or_default()));
    let scripts: Vec<&str> =
        manifest.get("scripts").and_then(Value::as_object).into_iter().flat_map(|it| it.keys().map(String::as_str)).collect();
    let installed = |package: &str| {
        ["require-dev", "require"].iter().any(|list| manifest.get(list).is_some_and(|list| list.get(package).is_some()))
    };
    for purpose in Purpose::ALL {
        let own = purpose.of(&scripts);
        let mut tools: Vec<_> = TOOLS
            .iter()
            .filter(|(package, files, of, _)| *of == purpose && installed(package) && repository.first(files).is_some())
            .collect();
        // Pest brings PHPUnit.
        if purpose == Purpose::Test {
            tools.truncate(1);
        }
        let mut job = Job { tests: purpose == Purpose::Test, ..Job::new(purpose.id(), "") };
        // Laravel's own first steps: without a key nothing starts.
        if purpose == Purpose::Test
            && repository.has("artisan")
            && repository.has(".env.example")
            && (!own.is_empty() || !tools.is_empty())
        {
            job = job.run("cp .env.example .env").run("php artisan key:generate");
        }
        if own.is_empty() {
            let names: Vec<&str> = tools.iter().map(|(package, ..)| *package).collect();
            job.why = format!("{} and its configuration", listed(&names));
            job = job.run_all(tools.iter().map(|(.., command)| command));
        } else {
            job.why = format!("{} {} of `composer.json`", if own.len() == 1 { "script" } else { "scripts" }, listed(&own));
            job = job.run_all(own.iter().map(|script| format!("composer run-script {script}")));
        }
        project.job(job);
    }
    vec![project]
}
