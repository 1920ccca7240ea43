//! How a command is called, made alike: what it is told to do stands before its options, and each of several tasks is a command of its own.
//!
//! `pnpm --filter web run lint` is `pnpm run lint --filter web`, `./gradlew -q lint test` is `gradle lint -q` and `gradle test -q`. Options with a value: the
//! programs' own help texts, from memory.

use super::lines;

/// Options of a program whose value is the next word.
const WITH_VALUE: &[(&str, &[&str])] = &[
    ("bun", &["--cwd", "--filter"]),
    ("cargo", &["--color", "--config", "-C", "-Z"]),
    ("composer", &["--working-dir", "-d"]),
    ("go", &["-C"]),
    (
        "gradle",
        &[
            "--build-file",
            "--console",
            "--exclude-task",
            "--init-script",
            "--max-workers",
            "--project-dir",
            "--tests",
            "-I",
            "-b",
            "-p",
            "-x",
        ],
    ),
    ("mvn", &["--activate-profiles", "--file", "--projects", "--settings", "--threads", "-P", "-T", "-f", "-pl", "-s"]),
    ("npm", &["--prefix", "--workspace", "-C", "-w"]),
    ("pnpm", &["--dir", "--filter", "--filter-prod", "-C", "-F"]),
    ("poetry", &["--directory", "--project", "-C", "-P"]),
    ("turbo", &["--cache", "--concurrency", "--cwd", "--filter", "--output-logs", "-F"]),
    ("uv", &["--directory", "--extra", "--group", "--package", "--project", "--python", "--with", "--with-requirements", "-p"]),
    ("yarn", &["--cwd"]),
];

/// Programs that do all of the tasks that they are given.
const OF_TASKS: &[&str] = &["gradle", "mvn", "turbo"];

/// The name of a program, of which a wrapper is one.
fn name(word: &str) -> &str {
    match lines::program(word) {
        "gradlew" | "gradlew.bat" => "gradle",
        "mvnw" | "mvnw.cmd" => "mvn",
        name => name,
    }
}

/// Words that begin with options of a program, with these behind all others.
pub(super) fn options_last<'w>(program: &str, words: &[&'w str]) -> Vec<&'w str> {
    let with_value = WITH_VALUE.iter().find(|(name, _)| *name == program).map_or(&[][..], |(_, options)| options);
    let mut begin = 0;
    // `cargo +nightly fmt`
    while words.get(begin).is_some_and(|word| word.starts_with(['-', '+']) && *word != "--") {
        begin += 1 + usize::from(with_value.contains(&words[begin]));
    }
    let (options, told) = words.split_at(begin.min(words.len()));
    [told, options].concat()
}

/// A command, or several where its program does one thing after the other.
pub(super) fn alike<'w>(words: &[&'w str]) -> Vec<Vec<&'w str>> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let Some((program, with_value)) = WITH_VALUE.iter().find(|(program, _)| *program == name(first)) else {
        return vec![words.to_vec()];
    };
    let told = match rest {
        ["workspace", _, told @ ..] if *program == "yarn" => told,
        ["run", told @ ..] if *program == "turbo" => told,
        _ => rest,
    };
    let told = options_last(program, told);
    if !OF_TASKS.contains(program) {
        return vec![[vec![*program], told].concat()];
    }
    let (mut tasks, mut options) = (Vec::new(), Vec::new());
    let mut told = told.into_iter();
    while let Some(word) = told.next() {
        if with_value.contains(&word) {
            options.extend([Some(word), told.next()].into_iter().flatten());
        } else if word.starts_with('-') {
            options.push(word);
        } else {
            // `:app:lint` is the `lint` of a project.
            tasks.push(if *program == "gradle" { word.rsplit(':').next().unwrap_or(word) } else { word });
        }
    }
    tasks.into_iter().map(|task| [&[*program, task], options.as_slice()].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn what_is_told_stands_first() {
        for (command, expected) in [
            ("pnpm --filter ./packages/web run lint", "pnpm run lint --filter ./packages/web"),
            ("pnpm -r test", "pnpm test -r"),
            ("yarn workspace web lint", "yarn lint"),
            ("npm --prefix web ci", "npm ci --prefix web"),
            ("cargo +nightly fmt --check", "cargo fmt --check +nightly"),
            (
                "./gradlew -q :app:lint test --tests a.B -x javadoc",
                "gradle lint --tests a.B -x javadoc -q; gradle test --tests a.B -x javadoc -q",
            ),
            ("./mvnw -B -pl core clean verify", "mvn clean -B -pl core; mvn verify -B -pl core"),
            ("turbo run build test --filter web", "turbo build --filter web; turbo test --filter web"),
            ("pytest -q tests", "pytest -q tests"),
            ("uv run --frozen pytest", "uv run --frozen pytest"),
            ("go -C tools vet ./...", "go vet ./... -C tools"),
        ] {
            let words: Vec<&str> = command.split_whitespace().collect();
            let found: Vec<String> = alike(&words).into_iter().map(|words| words.join(" ")).collect();
            assert_eq!(found.join("; "), expected);
        }
    }
}
