//! Runners of tests that find their files by themselves: what another job made in the tree is run with the rest, if it is named like a test.
//!
//! All below the folder where they run, but what is installed: `vitest` 4 leaves out `node_modules` and `.git` (vitest.dev/config/exclude, read 2026-11-29), `node --test`
//! runs what is named like a test anywhere, "`node_modules` directories are skipped" (nodejs.org/api/test.html, read on the same day), and so do `jest`
//! (`testPathIgnorePatterns`, jestjs.io/docs/configuration), `ava` (avajs/ava docs/05-command-line.md), `deno test` (docs.deno.com/runtime/fundamentals/testing) and `bun test`
//! (bun.com/docs/test). So the compiled copy of a test in `dist/` is run as well. `pytest` leaves out `build`, `dist`, `venv`, `node_modules` and what begins with a dot
//! (`norecursedirs`, docs.pytest.org/en/stable/reference/reference.html; `build` and `dist` since pytest-dev/pytest#1544), `go` what begins with a dot or `_`, `testdata` and
//! `vendor` (`go help packages`); both see what another tool generated elsewhere, as does `python -m unittest` (docs.python.org/3/library/unittest.html). Where no day is
//! named, from memory.
//!
//! Those that look at folders of their own, or as they are configured, are here only where they are told to look everywhere: `mocha` (`./test`), `rspec` (`spec`), `phpunit`
//! (`phpunit.xml`). `playwright test` leaves out what git ignores unless its folder is configured (`respectGitIgnore`, playwright.dev/docs/api/class-testconfig), `cypress
//! run` has `cypress/e2e`; `cargo`, `mix`, `gradle` and `mvn` compile sources of set folders. None of these are here.
//!
//! What a script of the project is that is named after tests may be any of the first, as `walkers` says of linters.

use super::lines;
use super::walkers::is_everywhere;

/// What a runner of tests finds.
#[derive(Debug, PartialEq, Eq)]
pub struct Collector {
    /// The words that it begins with.
    words: &'static [&'static str],
    /// The files that it looks for, as patterns.
    pub files: &'static [&'static str],
    /// Names of folders that it leaves out; with `*` behind them, what begins so.
    leaves_out: &'static [&'static str],
    /// Whether what bundlers and compilers of JavaScript make has such files.
    pub of_builds: bool,
    /// Whether it does so only where it is told to look everywhere.
    if_told: bool,
}

impl Collector {
    /// Whether it looks into none of the folders of a path.
    pub fn is_left_out(&self, path: &str) -> bool {
        let is_one =
            |name: &str, left_out: &&str| left_out.strip_suffix('*').map_or(name == *left_out, |begin| name.starts_with(begin));
        let mut names = path.split('/').filter(|name| !matches!(*name, "" | "." | ".."));
        names.any(|name| self.leaves_out.iter().any(|left_out| is_one(name, left_out)))
    }
}

/// Tests of JavaScript, as most runners know them.
const SCRIPTS: &[&str] = &["**/*.spec.*", "**/*.test.*", "**/__tests__/**", "**/test/**"];

const fn scripts(words: &'static [&'static str]) -> Collector {
    Collector { words, files: SCRIPTS, leaves_out: &["node_modules"], of_builds: true, if_told: false }
}

const fn told(words: &'static [&'static str], files: &'static [&'static str]) -> Collector {
    Collector { words, files, leaves_out: &["node_modules", "vendor"], of_builds: false, if_told: true }
}

const fn packages(words: &'static [&'static str]) -> Collector {
    Collector { leaves_out: &[".*", "_*", "testdata", "vendor"], ..told(words, &["**/*.go"]) }
}

const fn of_python(words: &'static [&'static str]) -> Collector {
    let leaves_out = &[".*", "CVS", "_darcs", "build", "dist", "node_modules", "venv"];
    Collector { words, files: &["**/*.py"], leaves_out, of_builds: false, if_told: false }
}

/// Each by the words that it begins with.
static ALL: &[Collector] = &[
    scripts(&["ava"]),
    scripts(&["bun", "test"]),
    scripts(&["deno", "test"]),
    packages(&["go", "build"]),
    packages(&["go", "test"]),
    packages(&["go", "vet"]),
    packages(&["gotestsum"]),
    scripts(&["jest"]),
    Collector { if_told: true, ..scripts(&["mocha"]) },
    scripts(&["node", "--test"]),
    scripts(&["npm", "t"]),
    told(&["phpunit"], &["**/*.php"]),
    of_python(&["pytest"]),
    told(&["rspec"], &["**/*_spec.rb"]),
    Collector { leaves_out: &[], ..of_python(&["unittest"]) },
    Collector { leaves_out: &[], ..of_python(&["unittest", "discover"]) },
    scripts(&["vitest"]),
    scripts(&["vitest", "run"]),
];

/// A script of the project that runs tests.
static NAMED: Collector = scripts(&[]);

/// Words in the names that projects give to such scripts; and to those that run others than are meant here.
const NAMES: &[&str] = &["ava", "jest", "spec", "specs", "test", "tests", "unit", "vitest"];
const OTHERS: &[&str] = &["build", "cypress", "e2e", "playwright"];

/// Options that say where to look, or what to leave out.
const NARROW: &[&str] = &[
    "--dir",
    "--exclude",
    "--findRelatedTests",
    "--ignore",
    "--ignore-glob",
    "--pyargs",
    "--root",
    "--rootDir",
    "--roots",
    "--runTestsByPath",
    "--start-directory",
    "--testMatch",
    "--testPathIgnorePatterns",
    "--testPathPattern",
    "--testPathPatterns",
];

/// Options by which a package manager runs the script of a package in the folder of that.
const OF_A_PACKAGE: &[&str] = &["--cwd", "--dir", "--filter", "--prefix", "--workspace", "-C", "-F", "-w"];

/// The runners in a script that look everywhere, each with the folder of the package that it is of; empty for that in which the script runs.
pub fn collectors(script: &str) -> Vec<(&'static Collector, String)> {
    let mut all: Vec<(&'static Collector, String)> = Vec::new();
    for line in lines::logical(script) {
        for command in lines::commands(line) {
            let words = lines::words(&command);
            let folder = package(&words).unwrap_or_default();
            for found in (0..words.len()).flat_map(|at| of_command(&words[at..])) {
                let found = (found, folder.to_owned());
                all.extend((!all.contains(&found)).then_some(found));
            }
        }
    }
    all
}

/// The folder of the package that a command is about, where it is told by its path and is one.
fn package<'w>(words: &[&'w str]) -> Option<&'w str> {
    let words = lines::own(words);
    let managers = ["bun", "npm", "pnpm", "yarn"];
    managers.contains(&lines::program(words.first()?)).then_some(())?;
    let value = words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
        Some((option, value)) => OF_A_PACKAGE.contains(&option).then_some(value),
        None => OF_A_PACKAGE.contains(word).then(|| words.get(at + 1).copied())?,
    })?;
    let is_path = value.contains('/') && !value.starts_with(['@', '.']) || value.starts_with("./");
    (is_path && !value.contains(['*', '{', '[', '!', '$']) && !value.contains("...")).then_some(value)
}

/// Those that the command may be that these words begin with.
fn of_command(command: &[&str]) -> Vec<&'static Collector> {
    let rest = &command[1..];
    if lines::runs_named(command, NAMES) && !lines::runs_named(command, OTHERS) {
        let is_name = |word: &&str| lines::runs_named(&[command[0], word], NAMES);
        let behind = rest.iter().position(is_name).map_or(&[][..], |at| &rest[at + 1..]);
        let told: Vec<&str> = behind.iter().copied().filter(|word| *word != "--").collect();
        return if looks_everywhere(&told, &[]) { vec![&NAMED] } else { Vec::new() };
    }
    let is_all = |word: &&str| matches!(*word, "." | "./" | "./...") || word.starts_with("**") || word.starts_with("./**");
    let found = lines::rows(command, ALL, |collector| collector.words);
    let is_one = |collector: &&Collector| {
        if collector.if_told { rest.iter().any(is_all) } else { looks_everywhere(rest, &collector.words[1..]) }
    };
    found.filter(is_one).collect()
}

fn looks_everywhere(told: &[&str], own: &[&str]) -> bool {
    let told: Vec<&str> = told.iter().copied().filter(|word| !own.contains(word)).collect();
    !lines::has_flag(&told, NARROW) && is_everywhere(&told, &[])
}

#[cfg(test)]
mod tests {
    use super::collectors;

    #[test]
    fn who_finds_tests_everywhere_is_known() {
        for (script, files) in [
            ("npx jest", Some("**/*.spec.*")),
            ("npx jest --coverage --ci", Some("**/*.spec.*")),
            ("npx jest src", None),
            ("npx jest --roots src", None),
            ("npx jest --testPathIgnorePatterns=dist", None),
            ("npx vitest run", Some("**/*.spec.*")),
            ("npx vitest run src", None),
            ("npx vitest run --dir src", None),
            ("pnpm exec vitest --run", Some("**/*.spec.*")),
            ("npx c8 ava", Some("**/*.spec.*")),
            ("node --test", Some("**/*.spec.*")),
            ("node --import tsx --test \"**/*.test.ts\"", Some("**/*.spec.*")),
            ("node --test test/", None),
            ("node server.js", None),
            ("deno test -A", Some("**/*.spec.*")),
            ("deno test -A=x tests/", None),
            ("bun test", Some("**/*.spec.*")),
            ("bun test src", None),
            ("npx mocha", None),
            ("npx mocha '**/*.test.js'", Some("**/*.spec.*")),
            ("npx playwright test", None),
            ("npx cypress run", None),
            ("uv run pytest -q", Some("**/*.py")),
            ("coverage run -m pytest", Some("**/*.py")),
            ("pytest tests", None),
            ("pytest --ignore=out", None),
            ("python -m unittest discover", Some("**/*.py")),
            ("python -m unittest discover --start-directory tests", None),
            ("go test ./...", Some("**/*.go")),
            ("go vet ./...", Some("**/*.go")),
            ("go test ./internal/...", None),
            ("bundle exec rspec", None),
            ("vendor/bin/phpunit", None),
            ("npm test", Some("**/*.spec.*")),
            ("npm t", Some("**/*.spec.*")),
            ("npm run test:unit -- --silent", Some("**/*.spec.*")),
            ("npm test -- src", None),
            ("yarn test", Some("**/*.spec.*")),
            ("pnpm --filter ./api test", Some("**/*.spec.*")),
            ("npm run test:e2e", None),
            ("npm run build", None),
            ("npm run build:test", None),
            ("cargo test", None),
        ] {
            assert_eq!(collectors(script).first().map(|(found, _)| found.files[0]), files, "{script}");
        }
        let left_out = |script: &str, path: &str| collectors(script).iter().all(|(found, _)| found.is_left_out(path));
        for (script, path, is_left_out) in [
            ("pytest", "dist/", true),
            ("pytest", "api/build/lib/", true),
            ("pytest", ".cache/x/", true),
            ("pytest", "out/", false),
            ("npx jest", "dist/", false),
            ("npx jest", "./web/node_modules/x", true),
            ("go test ./...", "pkg/testdata/", true),
            ("go test ./...", "_out/", true),
            ("go test ./...", "dist/", false),
        ] {
            assert_eq!(left_out(script, path), is_left_out, "{script} {path}");
        }
    }

    #[test]
    fn the_folder_of_a_package_is_known() {
        for (script, folder) in [
            ("npm test", ""),
            ("npm test --workspace=packages/web", "packages/web"),
            ("npm -w packages/web run test:unit", "packages/web"),
            ("npm --prefix web/app test", "web/app"),
            ("pnpm --filter ./api test", "./api"),
            ("pnpm --filter api test", ""),
            ("pnpm --filter @scope/api test", ""),
            ("pnpm --filter './packages/**' test", ""),
            ("pnpm --filter ...{packages/api} test", ""),
        ] {
            assert_eq!(collectors(script).first().map(|(_, folder)| folder.as_str()), Some(folder), "{script}");
        }
    }
}
