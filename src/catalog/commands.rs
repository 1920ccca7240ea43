//! What well-known commands read and write, as `commands.txt` has it: which steps of a job have to do with each other.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{invocation, lines, publishing};

/// What a command does to the files beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It makes what later commands need, the same each time: it may run once more.
    Install,
    /// It looks at what git tracks, at what is installed, and at what was built before it; nothing that it leaves is read by another command.
    Lint,
    /// The same, but what it leaves, such as a report, may be looked at.
    Test,
    /// It makes files of what git tracks and what is installed.
    Build,
    /// It gives something to others: all before it must have ended well.
    Publish,
}

/// What is known of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it does.
    pub kind: Kind,
    /// What its commands have in common with others of that name, such as compiled files; whom it installs for, if not for all.
    pub shares: Option<&'static str>,
    /// Whether a lockfile says all that it installs: it comes out the same on every machine.
    pub locked: bool,
    /// Whether it installs something besides, which is there for what comes later, too.
    pub installs: bool,
    /// Its last command without what is said to it: `lint`, `cargo test`.
    pub name: String,
}

/// A line of the table.
#[derive(Debug)]
struct Row {
    kind: Kind,
    locked: bool,
    shares: Option<&'static str>,
    /// What it begins with.
    words: Vec<&'static str>,
    /// What must stand somewhere behind that.
    with: Vec<&'static str>,
    /// What must not.
    without: Vec<&'static str>,
}

/// Words in the name of a package's script that say that it changes something, or does not end.
static CHANGES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| listed("changes "));

/// Words in the name of a build's script that say that it does more than to make files.
static BEYOND: LazyLock<BTreeSet<&str>> = LazyLock::new(|| listed("beyond "));

/// Words in the name of an option that say that a lint leaves something for others.
static LEAVES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| listed("leaves "));

/// The words of all lines of the table that begin with one.
fn listed(kind: &str) -> BTreeSet<&'static str> {
    let rows = include_str!("commands.txt").lines().filter_map(|line| line.strip_prefix(kind));
    rows.flat_map(|row| row.split_whitespace().skip(1)).collect()
}

static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| include_str!("commands.txt").lines().filter_map(row).collect());

/// What runs a script of a package.
const RUN: [&[&str]; 7] =
    [&["npm", "run"], &["yarn", "run"], &["yarn"], &["pnpm", "run"], &["pnpm"], &["bun", "run"], &["deno", "task"]];

/// What only finds the command behind it.
const WRAPPERS: [&[&str]; 12] = [
    &["npx", "--yes"],
    &["npx"],
    &["pnpm", "exec"],
    &["yarn", "exec"],
    &["bunx"],
    &["uv", "run"],
    &["uvx"],
    &["poetry", "run"],
    &["pdm", "run"],
    &["bundle", "exec"],
    &["python", "-m"],
    &["python3", "-m"],
];

/// Options of `uv run` by which it installs something else.
const ADDS: &[&str] =
    &["--all-extras", "--extra", "--group", "--only-group", "--python", "--upgrade", "--upgrade-package", "-P", "-U", "-p"];

/// Words in the name of a variable by which tools rewrite what they compare with: `INSTA_UPDATE=always cargo test`.
const REWRITES: &[&str] = &["BLESS", "OVERWRITE", "RECORD", "REGENERATE", "SNAPSHOT", "SNAPSHOTS", "TRYBUILD", "UPDATE"];

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split_whitespace();
    let kind = columns.next()?;
    let locked = kind == "locked";
    let kind = match kind {
        "install" | "locked" => Kind::Install,
        "lint" => Kind::Lint,
        "test" => Kind::Test,
        "build" => Kind::Build,
        "publish" => Kind::Publish,
        _ => return None,
    };
    let shares = columns.next().filter(|shares| *shares != "-");
    let (mut words, mut with, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for word in columns {
        match word.strip_prefix('!') {
            Some(word) => without.push(word),
            None if word.starts_with('-') => with.push(word),
            None => words.push(word),
        }
    }
    Some(Row { kind, locked, shares, words, with, without })
}

/// What a script does; none where one of its commands is not known, or it is more than commands one after the other.
pub fn find(script: &str) -> Option<Known> {
    together(&commands(script)?)
}

/// What commands do one after the other.
fn together(commands: &[Vec<&str>]) -> Option<Known> {
    let mut all: Option<Known> = None;
    for command in commands {
        let known = of_command(command)?;
        all = Some(match all {
            None => known,
            // What comes before it is installed for it.
            Some(before) if before.kind == Kind::Install && known.kind != Kind::Install => Known { installs: true, ..known },
            Some(before) if known.kind == Kind::Install && before.kind != Kind::Install => Known { installs: true, ..before },
            Some(before) if before.shares.is_none() || known.shares.is_none() || before.shares == known.shares => Known {
                kind: before.kind.max(known.kind),
                shares: known.shares.or(before.shares),
                locked: before.locked && known.locked,
                installs: before.installs || known.installs,
                name: if known.kind >= before.kind { known.name } else { before.name },
            },
            Some(_) => return None,
        });
    }
    all
}

/// What is known of each command in a script, whatever stands between them; those that are not known are left out.
pub fn each(script: &str) -> impl Iterator<Item = Known> {
    let commands = lines::logical(script).into_iter().flat_map(lines::commands);
    let words = |command: Cow<'_, str>| {
        let words: Vec<&str> = command.split_whitespace().collect();
        invocation::alike(&words).iter().filter_map(|words| of_command(words)).collect::<Vec<_>>()
    };
    commands.flat_map(words)
}

fn of_command(words: &[&str]) -> Option<Known> {
    let script = RUN.iter().find_map(|run| words.strip_prefix(*run));
    let rows = ALL.iter().filter_map(|row| {
        let (own, given) = match row.words.split_first() {
            Some((&"{run}", own)) => (own, script?),
            _ => (row.words.as_slice(), words),
        };
        let fits = given.len() >= own.len() && own.iter().zip(given).all(|(pattern, word)| is_like(pattern, word));
        // What gives something to others is known by such a name.
        let more = if row.kind == Kind::Build { &*BEYOND } else { &*CHANGES };
        if !fits || row.kind < Kind::Publish && changes(own, given, more) {
            return None;
        }
        let rest = &given[own.len()..];
        let has = |flag: &&str| rest.iter().any(|word| is_flag(word, flag));
        let is_told = row.kind == Kind::Lint && leaves(rest);
        // What a variable holds may be any option.
        let is_open = |word: &&str| word.trim_start_matches(['"', '\'']).starts_with('$') && !word.contains("$SHARD");
        let is_plain = !given[..own.len()].iter().any(|word| word.contains('$')) && !rest.iter().any(is_open);
        (is_plain && row.with.iter().all(has) && !row.without.iter().any(has) && !is_told).then(|| Known {
            kind: row.kind,
            shares: row.shares,
            locked: row.locked,
            installs: false,
            name: given[..own.len()].join(" "),
        })
    });
    // A name may be like several: `deploy:test`. The first line says what it is.
    let publishes = || {
        let is_so = publishing::command(&words.join(" ")).is_some();
        is_so.then(|| Known {
            kind: Kind::Publish,
            shares: None,
            locked: false,
            installs: false,
            name: words.iter().take(2).copied().collect::<Vec<_>>().join(" "),
        })
    };
    let unwrapped = || {
        let (wrapper, rest) = WRAPPERS.iter().find_map(|wrapper| Some((wrapper, words.strip_prefix(*wrapper)?)))?;
        // What is installed for it is there for others, too.
        let adds = |word: &&str| ADDS.contains(&word.split('=').next().unwrap_or(word));
        if wrapper[0] == "uv" && rest.iter().take_while(|word| word.starts_with('-')).any(adds) {
            return None;
        }
        together(&invocation::alike(&invocation::options_last(wrapper[0], rest)))
    };
    { rows }.next().or_else(publishes).or_else(unwrapped)
}

/// Whether a word is a flag, or has it: `--flag=value` is `--flag`, and `-iw` is `-i -w`.
fn is_flag(word: &str, flag: &str) -> bool {
    let short = flag.strip_prefix('-').filter(|letter| letter.len() == 1);
    let bundle = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
    word.split('=').next() == Some(flag) || short.zip(bundle).is_some_and(|(letter, letters)| letters.contains(letter))
}

/// Whether a lint is told to leave something for others.
fn leaves(told: &[&str]) -> bool {
    told.iter().enumerate().any(|(at, word)| {
        let (name, value) = word.split_once('=').map_or((*word, told.get(at + 1).copied()), |(name, value)| (name, Some(value)));
        let Some(name) = name.strip_prefix("--") else { return false };
        let names_a_file = || value.is_some_and(|value| value.contains(':'));
        let is_one = name.ends_with("report") || name.split(['-', '.']).any(|part| LEAVES.contains(part));
        is_one && !name.starts_with("no-") && (!name.ends_with("format") || names_a_file())
    })
}

/// Whether what is like a pattern is one that changes something, by the words of its name: `lint:fix`, `lintFix`.
fn changes(pattern: &[&str], given: &[&str], more: &BTreeSet<&str>) -> bool {
    let Some(name) = pattern.iter().position(|word| word.contains('*')).and_then(|at| given.get(at)) else { return false };
    let mut apart = String::new();
    for char in name.chars() {
        apart.extend(char.is_ascii_uppercase().then_some('-'));
        apart.push(char.to_ascii_lowercase());
    }
    let words: BTreeSet<&str> = apart.split([':', '-', '_', '.', '/']).collect();
    more.iter().any(|change| change.split('+').all(|part| words.contains(part)))
}

/// Whether a word is what a pattern says: equal, or with `*` for any words before it or behind it: `test:unit` is `test*`, `testdata` is not.
fn is_like(pattern: &str, word: &str) -> bool {
    let Some((start, end)) = pattern.split_once('*') else { return pattern == word };
    let is_end = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_lowercase());
    let is_start = |rest: &str| !rest.ends_with(|last: char| last.is_ascii_lowercase());
    let rest = word.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    rest.is_some_and(|rest| (start.is_empty() || is_end(rest)) && (end.is_empty() || is_start(rest)))
}

/// The words of the commands of a script; none where one of them is not known.
pub(super) fn words(script: &str) -> Option<Vec<Vec<&str>>> {
    find(script).and_then(|_| commands(script))
}

/// The commands of a script, each as its words; none where it is more than commands one after the other: a pipe, a redirection, a condition, a value
/// that is worked out.
fn commands(script: &str) -> Option<Vec<Vec<&str>>> {
    let mut all = Vec::new();
    let mut begun: Vec<&str> = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(bare) {
        let (line, goes_on) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        for word in line.split_whitespace() {
            if word == "&&" {
                all.push(std::mem::take(&mut begun));
            } else if is_plain(word) {
                // A variable for that command alone.
                match word.split_once('=').filter(|(name, _)| begun.is_empty() && is_name(name)) {
                    Some((name, _)) if name.split('_').any(|word| REWRITES.contains(&word)) => return None,
                    Some(_) => {}
                    None => begun.push(word),
                }
            } else {
                return None;
            }
        }
        if !goes_on && !begun.is_empty() {
            all.push(std::mem::take(&mut begun));
        }
    }
    all.extend((!begun.is_empty()).then_some(begun));
    all.iter().all(|words| !words.is_empty()).then(|| all.iter().flat_map(|words| invocation::alike(words)).collect())
}

/// A line without what only says what its end means: `npm audit || true` fails nowhere, and `test -z "$(gofmt -l .)"` where something is listed.
fn bare(line: &str) -> &str {
    let line = ["|| true", "|| :"].iter().find_map(|end| line.strip_suffix(end)).map_or(line, str::trim_end);
    let around = [("test -z \"$(", ")\""), ("[ -z \"$(", ")\" ]"), ("[[ -z \"$(", ")\" ]]"), ("[[ -z $(", ") ]]")];
    around.iter().find_map(|(begin, end)| line.strip_prefix(begin)?.strip_suffix(end)).unwrap_or(line)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Whether a word is what it says, as far as it matters which command it is.
fn is_plain(word: &str) -> bool {
    word.chars().all(|char| char.is_alphanumeric() || "_-./:@%+,=*!~^'\"[]{}$#".contains(char)) && !word.contains("$(")
}

#[cfg(test)]
mod tests {
    use super::{ALL, Kind, find};

    fn kind(script: &str) -> Option<Kind> {
        find(script).map(|known| known.kind)
    }

    #[test]
    fn commands_are_told_by_their_words() {
        for (script, expected) in [
            ("npm ci", Some(Kind::Install)),
            ("npm run lint", Some(Kind::Lint)),
            ("npm run lint -- --fix", None),
            ("yarn lint:css", Some(Kind::Lint)),
            ("npm run lint:fix", None),
            ("npm run lint-fix", None),
            ("yarn lint:js:fix", None),
            ("pnpm test:update", None),
            ("npm run test:update-snapshots", None),
            ("npm run test:watch", None),
            ("npm run e2e:install", None),
            ("npm run audit:fix", None),
            ("npm audit fix", None),
            ("npm test -- -u", None),
            ("npx playwright test --update-snapshots", None),
            // Somebody reads what they leave.
            ("npm run lint -- --format json --output-file eslint.json", None),
            ("pylint --output=report.txt src", None),
            ("pylint --output-format=colorized src", Some(Kind::Lint)),
            ("pylint --output-format=json:r.json src", None),
            ("mypy --junit-xml=m.xml src", None),
            ("mypy --html-report out src", None),
            ("mypy --install-types --non-interactive src", None),
            ("golangci-lint run --out-format checkstyle:r.xml", None),
            ("golangci-lint run --out-format github-actions", Some(Kind::Lint)),
            ("npx eslint --report-unused-disable-directives src", Some(Kind::Lint)),
            ("phpstan analyse --generate-baseline", None),
            ("markdownlint --output r.txt .", None),
            ("npm run test:codecov", None),
            ("npm run test:cov:html", None),
            ("npm run test:cov", Some(Kind::Test)),
            ("npm run e2e:deploy", None),
            ("npm run e2e -- --update", None),
            ("npm run test -- --update-snapshots", None),
            ("npm run build:update", Some(Kind::Build)),
            ("npm run build:push", None),
            ("npm run test:teardown", None),
            ("npx tsc --noEmit", Some(Kind::Lint)),
            ("npx tsc --noEmit false", None),
            ("codespell -iw docs", None),
            ("npm ci --omit=dev", Some(Kind::Install)),
            ("uv run -U pytest", None),
            ("npm test $ARGS", None),
            ("npm run lint:$WHAT", None),
            ("INSTA_UPDATE=always cargo test", None),
            ("./gradlew lintFix", None),
            ("go test -update ./...", None),
            ("npm run test:unit -- --shard=$SHARD/$SHARDS", Some(Kind::Test)),
            ("npm run security-scan", Some(Kind::Test)),
            ("npm run deploy:staging", Some(Kind::Publish)),
            ("npm run postbuild", None),
            ("npm run testdata", None),
            ("npm run tests", Some(Kind::Test)),
            ("npm run test2", Some(Kind::Test)),
            ("npm run test:compile", None),
            ("npm run test:coverage", Some(Kind::Test)),
            ("npm run test:check-coverage", None),
            ("pytest --cov=app --cov-append tests", None),
            ("pytest --cov=app", Some(Kind::Test)),
            ("pnpm --filter ./packages/web run lint", Some(Kind::Lint)),
            ("npm run build --workspace=web", Some(Kind::Build)),
            ("uv run --frozen pytest -q", Some(Kind::Test)),
            ("uv run --frozen pytest --lf", None),
            ("./gradlew --no-daemon lint test", Some(Kind::Test)),
            ("./gradlew test publishToMavenLocal", None),
            ("mvn -B verify", Some(Kind::Test)),
            ("mvn -B clean verify", None),
            ("npx --yes eslint src", Some(Kind::Lint)),
            ("npx prettier --check src", Some(Kind::Lint)),
            ("echo begin && npm run build && echo \"all is built\"", Some(Kind::Build)),
            ("set -euo pipefail\nexport CI=1\ncd web && npm test", Some(Kind::Test)),
            ("echo x > y", None),
            ("npx eslint --fix src", None),
            ("cargo fmt --all -- --check", Some(Kind::Lint)),
            ("cargo fmt", None),
            ("cargo clippy --all-targets", Some(Kind::Lint)),
            ("CI=1 cargo test --workspace", Some(Kind::Test)),
            ("cargo publish", Some(Kind::Publish)),
            ("uv run pytest -q", Some(Kind::Test)),
            ("python -m pytest", Some(Kind::Test)),
            ("python -m build", Some(Kind::Build)),
            ("ruff check . && ruff format --check .", Some(Kind::Lint)),
            ("# look first\nnpm ci\nnpm test \\\n  --silent", Some(Kind::Test)),
            ("npm audit || true", Some(Kind::Test)),
            ("npm ci\nnpm run lint || :", Some(Kind::Lint)),
            ("npm run lint || npm run fix", None),
            ("test -z \"$(gofmt -l .)\"", Some(Kind::Lint)),
            ("[ -z \"$(gofmt -l -s cmd)\" ]", Some(Kind::Lint)),
            ("[[ -z \"$(git status --porcelain)\" ]]", None),
            ("test -z \"$(gofmt -w .)\"", None),
            ("turbo run lint typecheck --filter=web", Some(Kind::Lint)),
            ("npx turbo lint test", Some(Kind::Test)),
            ("npx turbo run lint deploy", Some(Kind::Publish)),
            ("turbo run build deploy", Some(Kind::Publish)),
            ("turbo run lint:fix", None),
            ("turbo prune web", None),
            ("npm test | tee log", None),
            ("npm test > log", None),
            ("npm test $(cat flags)", None),
            ("npm test; npm run build", None),
            ("npm test &", None),
            ("if true; then npm test; fi", None),
            ("make", None),
            ("", None),
        ] {
            assert_eq!(kind(script), expected, "{script}");
        }
    }

    #[test]
    fn what_commands_share_is_known() {
        let shares = |script: &str| find(script).and_then(|known| known.shares);
        assert_eq!(shares("cargo clippy"), Some("cargo"));
        assert_eq!(shares("cargo fmt --check"), None);
        assert_eq!(shares("cargo fetch && cargo test"), Some("cargo"));
        assert_eq!(find("cargo test && go test ./..."), None);
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("commands.txt").lines();
        let others = ["#", "beyond ", "changes ", "leaves "];
        let lines = lines.filter(|line| !line.is_empty() && !others.iter().any(|other| line.starts_with(other)));
        assert_eq!(ALL.len(), lines.count());
        assert!(ALL.iter().all(|row| !row.words.is_empty()));
    }
}
