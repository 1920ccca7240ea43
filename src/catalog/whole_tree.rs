//! Commands that look at the whole tree, or change it: what another job left there would be seen, or lost.
//!
//! Of git all but what looks at commits and names alone. Others refuse to work, or work otherwise, where something is changed or not tracked: `cargo package`
//! ("working directory with uncommitted changes", doc.rust-lang.org/cargo/commands/cargo-package.html), `npm version` ("will fail if the working directory
//! is not clean", docs.npmjs.com/cli/commands/npm-version), `goreleaser release` (goreleaser.com/errors/dirty), `pre-commit run` ("files were
//! modified by this hook"). What moves, removes or rewrites files does so to those of others too. What versions are made of by `git describe` asks the same.

use super::lines;

/// What git looks at in commits, names and settings alone.
const OF_COMMITS: &[&str] = &[
    "--version",
    "blame",
    "branch",
    "cat-file",
    "check-ignore",
    "cherry",
    "config",
    "fetch",
    "for-each-ref",
    "help",
    "log",
    "ls-remote",
    "ls-tree",
    "merge-base",
    "name-rev",
    "push",
    "remote",
    "rev-list",
    "rev-parse",
    "shortlog",
    "show",
    "show-ref",
    "tag",
    "version",
];

/// Options of git itself whose value is the next word.
const WITH_VALUE: &[&str] = &["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--exec-path"];

/// Options of `git ls-files` that compare the tree with what is tracked.
const COMPARES: &[&str] = &["--deleted", "--modified", "--others", "--killed", "--ignored", "--unmerged"];

/// Other tools, each by the words that it begins with.
const OTHERS: &[&[&str]] = &[
    &["bump-my-version"],
    &["bump2version"],
    &["bumpversion"],
    &["bundle", "update"],
    &["cargo", "add"],
    &["cargo", "clean"],
    &["cargo", "fix"],
    &["cargo", "generate-lockfile"],
    &["cargo", "package"],
    &["cargo", "publish"],
    &["cargo", "release"],
    &["cargo", "set-version"],
    &["cargo", "update"],
    &["changeset"],
    &["composer", "update"],
    &["dotnet", "add"],
    &["dotnet", "clean"],
    &["find", "-delete"],
    &["go", "fmt"],
    &["go", "get"],
    &["go", "mod", "edit"],
    &["go", "mod", "tidy"],
    &["go", "mod", "vendor"],
    &["goreleaser"],
    &["gradle", "clean"],
    &["gradle", "wrapper"],
    &["gradlew", "clean"],
    &["hatch", "version"],
    &["hg"],
    &["jj"],
    &["lerna", "publish"],
    &["lerna", "version"],
    &["lint-staged"],
    &["make", "clean"],
    &["mv"],
    &["mvn", "clean"],
    &["mvn", "versions:set"],
    &["mvn", "versions:use-latest-versions"],
    &["mvnw", "clean"],
    &["mvnw", "versions:set"],
    &["ncu", "-u"],
    &["npm", "update"],
    &["npm", "version"],
    &["patch"],
    &["pnpm", "version"],
    &["poetry", "add"],
    &["poetry", "update"],
    &["poetry", "version"],
    &["pre-commit"],
    &["prek"],
    &["release-it"],
    &["release-please"],
    &["rm"],
    &["rmdir"],
    &["rsync", "--delete"],
    &["semantic-release"],
    &["setuptools_scm"],
    &["standard-version"],
    &["treefmt"],
    &["truncate"],
    &["unlink"],
    &["uv", "add"],
    &["uv", "lock"],
    &["uv", "version"],
    &["yarn", "version"],
];

/// Tools that rewrite files where a flag says so, each with such flags; and those that do so unless one does.
const REWRITE: &[(&str, &[&str])] = &[
    ("biome", &["--write", "--fix", "--apply"]),
    ("clippy", &["--fix"]),
    ("clang-format", &["-i"]),
    ("codespell", &["-w", "--write-changes"]),
    ("eslint", &["--fix"]),
    ("gofmt", &["-w"]),
    ("goimports", &["-w"]),
    ("golangci-lint", &["--fix"]),
    ("jest", &["-u", "--updateSnapshot"]),
    ("markdownlint", &["--fix"]),
    ("prettier", &["--write", "-w"]),
    ("rubocop", &["-a", "-A", "--autocorrect", "--autocorrect-all"]),
    ("ruff", &["--fix"]),
    ("shfmt", &["-w"]),
    ("standard", &["--fix"]),
    ("stylelint", &["--fix"]),
    ("vitest", &["-u", "--update"]),
    ("yq", &["-i", "--inplace"]),
];
const REWRITE_UNLESS: &[(&[&str], &[&str])] = &[
    (&["black"], &["--check", "--diff"]),
    (&["cargo", "fmt"], &["--check"]),
    (&["deno", "fmt"], &["--check"]),
    (&["dotnet", "format"], &["--verify-no-changes"]),
    (&["isort"], &["--check", "--check-only", "--diff"]),
    (&["mix", "format"], &["--check-formatted"]),
    (&["ruff", "format"], &["--check", "--diff"]),
    (&["terraform", "fmt"], &["-check"]),
];

/// Tools that rewrite files where a short flag has an `i`.
const IN_PLACE: &[&str] = &["gsed", "perl", "ruby", "sed"];

/// Words in the name of a script of the project that say that files are rewritten.
const REWRITES: &[&str] = &["autofix", "clean", "fix", "fixes", "update", "upgrade", "write"];

/// Whether one of the commands of a script does.
pub fn is_looked_at(script: &str) -> bool {
    lines::any(script, |words| {
        let (name, rest) = (lines::program(words[0]), &words[1..]);
        let short = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains('i');
        name == "git" && of_git(rest)
            || lines::listed(words, OTHERS).next().is_some()
            || IN_PLACE.contains(&name) && rest.iter().any(|word| short(word) || word.starts_with("--in-place"))
            || REWRITE.iter().any(|(tool, flags)| name == *tool && lines::has_flag(rest, flags))
            || lines::rows(words, REWRITE_UNLESS, |(tool, _)| tool).any(|(_, flags)| !lines::has_flag(rest, flags))
            || lines::runs_named(words, REWRITES)
    })
}

/// What git is told to do, and what is told to that, without the options of git itself.
pub(super) fn told<'w>(words: &[&'w str]) -> Option<(&'w str, Vec<&'w str>)> {
    let mut words = words.iter().copied();
    loop {
        match words.next()? {
            option if WITH_VALUE.contains(&option) => drop(words.next()),
            option if option.starts_with('-') && option != "--version" => {}
            command => return Some((command, words.collect())),
        }
    }
}

/// Whether git does, by what it is told.
fn of_git(words: &[&str]) -> bool {
    // `git` alone says how it is used; or it is a word of another command.
    let Some((command, told)) = told(words) else { return false };
    if command == "ls-files" {
        let is_short =
            |word: &str| word.starts_with('-') && !word.starts_with("--") && word.contains(['d', 'm', 'o', 'k', 'i', 'u']);
        return told.into_iter().take_while(|word| *word != "--").any(|word| COMPARES.contains(&word) || is_short(word));
    }
    !OF_COMMITS.contains(&command) && command.starts_with(|first: char| first.is_ascii_lowercase() || first == '$')
}

#[cfg(test)]
mod tests {
    use super::is_looked_at;

    #[test]
    fn what_looks_at_the_whole_tree_is_known() {
        for script in [
            "git status --porcelain",
            "git  diff --exit-code",
            "git --no-pager diff --exit-code",
            "git -C . status",
            "git -c core.pager=cat diff",
            "npm run gen && git diff --quiet",
            "test -z \"$(git status -s)\"",
            "if ! git diff; then exit 1; fi",
            "\"git\" restore .",
            "/usr/bin/git apply x.patch",
            "git \\\n  stash",
            "git pull --ff-only",
            "git submodule update --init",
            "git describe --tags",
            "git ls-files -o",
            "git ls-files --modified",
            "git ls-files -mo src",
            "git $command",
            "VERSION=`git describe`",
            "cargo package --list",
            "npm --no-git-tag-version version patch",
            "npx semantic-release@24",
            "python -m setuptools_scm",
            "pre-commit run --all-files",
            "rm -rf dist && make",
            "mv a b",
            "sed -Ei.bak 's/a/b/' version.txt",
            "sed --in-place s/a/b/ version.txt",
            "patch -p1 < fix.patch",
            "npx prettier --write .",
            "npx prettier@3 --write .",
            "pnpm dlx eslint --fix .",
            "nix develop -c cargo fmt",
            "bash -eo pipefail -c \"git clean -fdx\"",
            "ls | xargs -I {} rm {}",
            "MSG=\"a b\" git stash",
            "python3.11 -m black .",
            "npx eslint --fix src",
            "npm run lint:fix",
            "cargo fmt --all",
            "black .",
            "ruff format",
            "cargo update && cargo check",
            "find . -name '*.o' -delete",
            "poetry version 1.2",
            "cargo set-version 1",
            "mvn versions:set -DnewVersion=1",
        ] {
            assert!(is_looked_at(script), "{script}");
        }
        for script in [
            "git rev-parse HEAD",
            "git log -1 --format=%ct",
            "git -C . show HEAD:a",
            "git ls-files '*.sh' | xargs shellcheck",
            "git --version",
            "git config user.name x",
            "npm test",
            "npx eslint .",
            "# git status",
            "make lint",
            "echo git",
            "npm run version:check",
            "docker run --rm app",
            "npx prettier --check .",
            "cargo fmt --all -- --check",
            "black --check .",
            "ruff check .",
            "npm run format:check",
            "npm run prefix",
            "sed -n 1p version.txt",
        ] {
            assert!(!is_looked_at(script), "{script}");
        }
    }
}
