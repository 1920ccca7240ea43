//! Commands that look at the files of a folder as they lie there, whether git tracks them or not: what others left or installed is looked at too.
//!
//! `yamllint .` reads `node_modules` (yamllint.readthedocs.io, "ignore"), `codespell`, `flake8`, `markdownlint '**'`, `gofmt -l .` and `grep -r` do alike, and the
//! context of `docker build .` is all that `.dockerignore` does not list. Others leave out what is installed, and nothing else: `eslint .` ("By default, `ESLint`
//! ignores the `node_modules/` and `.git/` directories", eslint.org/docs/latest/use/configure/ignore); so do builders of Python packages, whose archive has what
//! `.gitignore` does not name, tracked or not (hatchling, tried on 2026-11-28 with a folder `site/`). What leaves out what git ignores as well, as `ruff`,
//! `black`, `prettier` and `rg` do, or what a compiler made, as `tsc` does, is not among them: what jobs write is mostly that. What a script of the project runs that
//! is named after a linter may be any of these (`eslint .` behind a build into an ignored `dist/`, and `stylelint` behind `jest --coverage`, tried on 2026-11-28: both
//! fail there, and not alone).

use super::lines;

/// How much a command sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Walk {
    /// All but what is installed.
    Files,
    /// All.
    All,
}

/// Those that see all, each by the words that it begins with.
const ALL: &[&[&str]] = &[
    &["addlicense"],
    &["bandit"],
    &["checkov"],
    &["cloc"],
    &["codespell"],
    &["cspell"],
    &["docker", "build"],
    &["du"],
    &["editorconfig-checker"],
    &["find"],
    &["flake8"],
    &["gofmt"],
    &["goimports"],
    &["ls-lint"],
    &["lychee"],
    &["markdownlint"],
    &["markdownlint-cli2"],
    &["misspell"],
    &["podman", "build"],
    &["reuse"],
    &["shfmt"],
    &["tree"],
    &["trivy"],
    &["vale"],
    &["yamllint"],
];

/// Those that leave out what is installed.
const FILES: &[&[&str]] = &[
    &["biome"],
    &["deno", "fmt"],
    &["deno", "lint"],
    &["depcheck"],
    &["eslint"],
    &["flit", "build"],
    &["hatch", "build"],
    &["maturin", "sdist"],
    &["mypy"],
    &["poetry", "build"],
    &["pyproject-build"],
    &["pyright"],
    &["python", "-m", "build"],
    &["rubocop"],
    &["stylelint"],
    &["uv", "build"],
    &["xo"],
];

/// Words in the names of scripts that projects give to their linters and formatters.
const NAMED: &[&str] = &["eslint", "fmt", "format", "lint", "linter", "prettier", "style", "stylelint"];

/// How much the commands of a script see; none where they look at named files and folders.
pub fn walks(script: &str) -> Option<Walk> {
    let sees = |named: lines::Table<&[&str]>, command: &[&str]| {
        lines::listed(command, named).any(|wanted| is_everywhere(&command[1..], &wanted[1..]))
    };
    let recursive =
        |word: &&str| *word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains(['r', 'R']);
    let greps = |command: &[&str]| {
        let (name, rest) = (lines::program(command[0]), &command[1..]);
        ["grep", "egrep", "fgrep"].contains(&name) && rest.iter().any(recursive) && is_everywhere(rest, &[])
    };
    if lines::any(script, |command| sees(ALL, command) || greps(command)) {
        return Some(Walk::All);
    }
    lines::any(script, |command| sees(FILES, command) || lines::runs_named(command, NAMED)).then_some(Walk::Files)
}

/// What tells a package manager in which package of a workspace it runs a script.
const PACKAGE: &[&str] = &["--cwd", "--dir", "--filter", "--prefix", "--workspace", "-C", "-F", "-w", "workspace"];

/// The package that all commands of a script run in, as they are told; none where they are not all told the same.
pub fn package(script: &str) -> Option<String> {
    let told = |command: &str| {
        let words = lines::words(command);
        let at = words.iter().position(|word| PACKAGE.contains(&word.split('=').next().unwrap_or(word)))?;
        let value = words[at].split_once('=').map(|(_, value)| value).or_else(|| words.get(at + 1).copied())?;
        lines::RUNNERS.contains(words.first()?).then(|| value.to_owned())
    };
    let commands =
        lines::logical(script).into_iter().flat_map(lines::commands).filter(|command| !lines::words(command).is_empty());
    let mut all = commands.map(|command| told(&command));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// Whether a command is told no folder, or to look at all. What stands behind an option may be its value.
pub(super) fn is_everywhere(told: &[&str], own: &[&str]) -> bool {
    let is_all = |word: &str| matches!(word, "." | "./" | "*") || word.starts_with("**") || word.starts_with("./**");
    let is_option = |word: &&str| word.starts_with(['-', '+']);
    let is_value = |at: usize| at > 0 && is_option(&told[at - 1]) && !told[at - 1].contains('=');
    let mut named = told.iter().enumerate().filter(|(at, word)| !is_option(word) && !own.contains(word) && !is_value(*at));
    told.iter().any(|word| is_all(word)) || named.all(|(_, word)| matches!(*word, "check" | "ci" | "format" | "lint" | "scan"))
}

#[cfg(test)]
mod tests {
    use super::{Walk, package, walks};

    #[test]
    fn packages_of_a_workspace_are_told() {
        assert_eq!(package("pnpm --filter ./api run lint\npnpm --filter=./api test").as_deref(), Some("./api"));
        assert_eq!(package("yarn workspace web lint").as_deref(), Some("web"));
        assert_eq!(package("npm run lint --workspace=web && npm test -w api"), None);
        assert_eq!(package("npm run lint --workspace=web\nnpm test"), None);
        assert_eq!(package("npm test"), None);
    }

    #[test]
    fn what_is_seen_is_known() {
        for (script, sees) in [
            ("yamllint .", Some(Walk::All)),
            ("yamllint -d \"{extends: default, ignore: .github}\" .", Some(Walk::All)),
            ("yamllint .github", None),
            ("codespell", Some(Walk::All)),
            ("codespell docs", None),
            ("python3 -m flake8 --max-line-length 100", Some(Walk::All)),
            ("npx markdownlint-cli2 '**/*.md'", Some(Walk::All)),
            ("test -z \"$(gofmt -l .)\"", Some(Walk::All)),
            ("find . -name '*.sh' -exec shellcheck {} +", Some(Walk::All)),
            ("find scripts -name '*.sh'", None),
            ("grep -rn FIXME . && exit 1", Some(Walk::All)),
            ("grep -rn FIXME src && exit 1", None),
            ("grep FIXME README.md", None),
            ("docker build -t app .", Some(Walk::All)),
            ("docker build -t app images/app", None),
            ("npx eslint .", Some(Walk::Files)),
            ("npx eslint src", None),
            ("uv build", Some(Walk::Files)),
            ("uv build --out-dir dist", Some(Walk::Files)),
            ("python3 -m build", Some(Walk::Files)),
            ("npm run build", None),
            ("npx tsc --noEmit", None),
            ("black --check .", None),
            ("ruff check . && yamllint .", Some(Walk::All)),
            ("npm run lint", Some(Walk::Files)),
            ("pnpm format:check", Some(Walk::Files)),
            ("npm run test:unit", None),
            ("cargo test", None),
        ] {
            assert_eq!(walks(script), sees, "{script}");
        }
    }
}
