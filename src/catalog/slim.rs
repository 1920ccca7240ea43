//! What works on `ubuntu-slim`, GitHub's container with fewer tools, as `slim.txt` has it with its sources.

use std::sync::LazyLock;

use super::commands;

/// A line of the table.
#[derive(Debug)]
enum Row {
    /// A program, and the toolchain that brings it; none where it is there.
    Program(&'static str, Option<&'static str>),
    /// What the name of an action begins with.
    Action(&'static str),
    /// What no word may have in it, and why.
    Not(&'static str, &'static str),
}

static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| include_str!("slim.txt").lines().filter_map(row).collect());

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split_whitespace();
    let (kind, name, from) = (columns.next()?, columns.next()?, columns.next()?);
    match kind {
        "program" => Some(Row::Program(name, Some(from).filter(|from| *from != "image"))),
        "action" => Some(Row::Action(name)),
        "not" => line.split_once(name).map(|(_, why)| Row::Not(name, why.trim())),
        _ => None,
    }
}

/// Whether a script is known to work there, in a job with some toolchains: its commands are known, and so is where each is from.
pub fn runs(script: &str, toolchains: &[&str]) -> bool {
    let is_there = |program: &&str| {
        let fits = |row: &Row| match row {
            Row::Program(name, from) => name == program && from.is_none_or(|from| toolchains.contains(&from)),
            _ => false,
        };
        ALL.iter().any(fits)
    };
    commands::words(script).is_some_and(|all| all.iter().all(|words| words.first().is_some_and(is_there)))
        && refused(script).is_none()
}

/// Whether an action is known to work there.
pub fn takes(action: &str) -> bool {
    ALL.iter().any(|row| matches!(row, Row::Action(begin) if action.starts_with(begin)))
}

/// Why something that a text has a word of does not work there, of a command or a variable; none where nothing is known against it.
pub fn refused(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase().replace('_', "-");
    ALL.iter().find_map(|row| match row {
        Row::Not(word, why) if text.contains(word) => Some(*why),
        _ => None,
    })
}

/// Whether a script or an action needs a Docker daemon, which is not there, whatever else is said of it.
pub fn needs_docker(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["docker", "podman", "testcontainers"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{ALL, needs_docker, runs, takes};

    #[test]
    fn what_works_in_the_container_is_told_by_its_programs() {
        for (script, toolchains, works) in [
            ("npm run lint", &[][..], true),
            ("npm ci && npm test", &["node"], true),
            ("npx eslint src", &["node"], true),
            ("yarn lint", &["node"], false),
            ("npm run test:e2e", &["node"], false),
            ("npx playwright test", &["node"], false),
            ("npm run test:browser", &["node"], false),
            ("npm run test -- --browsers=ChromeHeadless", &["node"], false),
            ("npm run lint:docker", &["node"], false),
            ("cargo fmt --check", &["rust"], false),
            ("go vet ./...", &["go"], true),
            ("go vet ./...", &[], false),
            ("ruff check .", &["python"], true),
            ("uv run pytest -q", &["python"], true),
            ("make lint", &[], false),
            ("npm test | tee log", &[], false),
            ("docker build .", &[], false),
        ] {
            assert_eq!(runs(script, toolchains), works, "{script} {toolchains:?}");
        }
        assert!(
            takes("actions/setup-node@v7")
                && !takes("actions/setup-foo@v1")
                && !takes("docker/build-push-action@v7")
                && !takes("docker://alpine")
        );
        assert!(needs_docker("sudo podman run x") && needs_docker("docker/login-action@v3") && !needs_docker("npm test"));
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("slim.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(ALL.len(), lines.count());
    }
}
