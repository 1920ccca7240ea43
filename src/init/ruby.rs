//! Ruby with Bundler: gems, Rakefile, Rails.

use super::Survey;
use super::project::{Job, Project, listed};
use super::repository::{Repository, folder};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn reads(path: &str) -> bool {
    ["Gemfile", "Gemfile.lock", "Rakefile", "config/database.yml"].contains(&path)
        || folder(path).is_empty() && path.ends_with(".gemspec")
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if !repository.has("Gemfile") {
        let other = repository.elsewhere("Gemfile");
        return other.map(|path| Project::left(format!("`{path}`: Ruby in a folder of its own"))).into_iter().collect();
    }
    let mut texts: Vec<&str> =
        repository.files().filter(|path| path.ends_with(".gemspec")).filter_map(|path| repository.text(path)).collect();
    texts.extend(["Gemfile", "Gemfile.lock"].iter().filter_map(|path| repository.text(path)));
    let has = |gem: &str| {
        let written = [format!("\"{gem}\""), format!("'{gem}'"), format!("\n    {gem} (")];
        texts.iter().any(|text| written.iter().any(|it| text.contains(it)))
    };
    let rails = repository.has("bin/rails");
    let lock = if repository.has("Gemfile.lock") { " and `Gemfile.lock`" } else { " without a lockfile" };
    let mut project = Project::new("ruby", format!("`Gemfile`{lock}: Ruby{}", if rails { " on Rails" } else { "" }));
    project.toolchain = Some("ruby".to_owned());

    let linters = [
        ("rubocop", "rubocop"),
        ("standard", "standardrb"),
        ("brakeman", "brakeman --no-pager"),
        ("erb_lint", "erb_lint --lint-all"),
    ];
    let found: Vec<(&str, &str)> = linters.into_iter().filter(|(gem, _)| has(gem)).collect();
    // Standard is RuboCop with its mind made up.
    let both = found.iter().any(|(gem, _)| *gem == "standard");
    let found: Vec<_> =
        found.into_iter().filter(|(gem, _)| !(both && *gem == "rubocop" && !repository.has(".rubocop.yml"))).collect();
    let names: Vec<&str> = found.iter().map(|(gem, _)| *gem).collect();
    let run = |command: &str| {
        let bin = format!("bin/{}", command.split(' ').next().unwrap_or_default());
        if repository.has(&bin) { format!("bin/{command}") } else { format!("bundle exec {command}") }
    };
    project.job(
        Job::new("lint", format!("{} of the bundle", listed(&names))).run_all(found.iter().map(|(_, command)| run(command))),
    );

    let test = if has("rspec") || has("rspec-rails") || has("rspec-core") {
        repository.has_folder("spec").then(|| ("`spec/`, with RSpec", run("rspec")))
    } else {
        None
    };
    let test =
        test.or_else(|| (rails && repository.has_folder("test")).then(|| ("`test/` of Rails", "bin/rails test".to_owned())));
    let rake = ["Rake::TestTask", "Minitest::TestTask", "task :test", "task \"test\"", "task test:"]
        .iter()
        .any(|it| repository.says("Rakefile", it));
    let test = test.or_else(|| rake.then(|| ("task `test` of the `Rakefile`", "bundle exec rake test".to_owned())));
    if let Some((why, command)) = test {
        let mut job = Job::tests("test", why);
        if rails {
            (job, project.saw) = database(repository, job, project.saw);
            let command = if command == "bin/rails test" { "bin/rails db:test:prepare test".to_owned() } else { command };
            let prepare = (repository.has_folder("db") && command != "bin/rails db:test:prepare test")
                .then_some("bin/rails db:test:prepare");
            job = job.run_all(prepare).run(command);
        } else {
            job = job.run(command);
        }
        project.job(job);
    }
    vec![project]
}

/// With the database that Rails is configured for.
fn database(repository: &Repository<'_>, mut job: Job, mut saw: Vec<String>) -> (Job, Vec<String>) {
    let text = repository.text("config/database.yml").unwrap_or_default();
    let mut url = None;
    let adapter = text.lines().find_map(|line| line.trim().strip_prefix("adapter:")).map(str::trim);
    match adapter {
        Some("postgresql") => {
            job = job.service("postgres", "");
            url = Some("postgres://postgres:postgres@localhost:5432/test");
        }
        Some(adapter @ ("mysql2" | "trilogy")) => {
            job = job.service("mysql", "");
            url = Some(if adapter == "mysql2" {
                "mysql2://root:mysql@127.0.0.1:3306/test"
            } else {
                "trilogy://root:mysql@127.0.0.1:3306/test"
            });
        }
        _ => {}
    }
    if let (Some(url), Some(adapter)) = (url, adapter) {
        saw.push(format!("`config/database.yml` asks for {adapter}: tests get a server"));
        return (job.says(format!("env {{ RAILS_ENV: test, DATABASE_URL: {url} }}")), saw);
    }
    (job.says("env { RAILS_ENV: test }"), saw)
}
