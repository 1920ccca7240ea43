//! Commands that fetch what they are told by name, as a rule to run it: packages, images, commits. What they are told chooses the code.

use std::ops::Range;

use super::lines::{self, Table};

/// Which words of a command are names of what it fetches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// All of them, what is said by flags too: `--branch`, `--git`.
    All,
    /// The first that is no flag: what follows is for what it fetched.
    First,
    /// The first that is no flag and no value of one: `docker run -e A=1 IMAGE`.
    FirstBehindValues,
    /// All that is no name of something new, or of a file: `git checkout -b NEW`, `git checkout -- FILE`.
    Commits,
}

/// By the words of the command. (The programs' own manuals, as of 2026-11.)
const COMMANDS: Table<(&[&str], Names)> = &[
    (&["apk", "add"], Names::All),
    (&["apt", "install"], Names::All),
    (&["apt-get", "install"], Names::All),
    (&["brew", "install"], Names::All),
    (&["bun", "add"], Names::All),
    (&["bun", "install"], Names::All),
    (&["bun", "x"], Names::First),
    (&["bunx"], Names::First),
    (&["cargo", "add"], Names::All),
    (&["cargo", "binstall"], Names::All),
    (&["cargo", "install"], Names::All),
    (&["choco", "install"], Names::All),
    (&["composer", "require"], Names::All),
    (&["docker", "create"], Names::FirstBehindValues),
    (&["docker", "pull"], Names::FirstBehindValues),
    (&["docker", "run"], Names::FirstBehindValues),
    (&["gem", "install"], Names::All),
    (&["git", "checkout"], Names::Commits),
    (&["git", "clone"], Names::Commits),
    (&["git", "fetch"], Names::Commits),
    (&["git", "merge"], Names::Commits),
    (&["git", "pull"], Names::Commits),
    (&["git", "switch"], Names::Commits),
    (&["go", "get"], Names::All),
    (&["go", "install"], Names::All),
    (&["go", "run"], Names::First),
    (&["helm", "install"], Names::All),
    (&["npm", "add"], Names::All),
    (&["npm", "exec"], Names::First),
    (&["npm", "i"], Names::All),
    (&["npm", "install"], Names::All),
    (&["npx"], Names::First),
    (&["pip", "install"], Names::All),
    (&["pipx", "install"], Names::All),
    (&["pipx", "run"], Names::First),
    (&["pnpm", "add"], Names::All),
    (&["pnpm", "dlx"], Names::First),
    (&["pnpm", "i"], Names::All),
    (&["pnpm", "install"], Names::All),
    (&["podman", "pull"], Names::FirstBehindValues),
    (&["podman", "run"], Names::FirstBehindValues),
    (&["poetry", "add"], Names::All),
    (&["python", "pip", "install"], Names::All),
    (&["rustup", "toolchain", "install"], Names::All),
    (&["uv", "add"], Names::All),
    (&["uv", "pip", "install"], Names::All),
    (&["uv", "tool", "install"], Names::All),
    (&["uv", "tool", "run"], Names::First),
    (&["uvx"], Names::First),
    (&["yarn", "add"], Names::All),
    (&["yarn", "dlx"], Names::First),
];

/// Flags of `docker run` without a value (docker's reference, "docker container run").
const SWITCHES: [&str; 12] = [
    "--detach",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--privileged",
    "--quiet",
    "--read-only",
    "--rm",
    "--tty",
    "-d",
    "-i",
    "-t",
];

/// Flags of git behind which a name is one that is made.
const MAKES: [&str; 7] = ["--create", "--force-create", "--orphan", "-B", "-C", "-b", "-c"];

/// The commands of a script that fetch something by name, each with its place and the words that may be such names.
pub fn commands(script: &str) -> impl Iterator<Item = (Range<usize>, Vec<&str>)> {
    lines::placed(script).filter_map(|(at, command)| {
        let bare = lines::bare(command);
        let all = lines::own(&bare);
        let (verb, names) = lines::rows(all, COMMANDS, |(words, _)| words).last()?;
        let last = verb.last().copied().unwrap_or_default();
        let begin = if verb.len() == 1 { 1 } else { all.iter().position(|word| *word == last)? + 1 };
        let rest = &all[begin..];
        let is_flag = |word: &&str| word.starts_with('-');
        let found: Vec<&str> = match names {
            Names::All => rest.to_vec(),
            Names::First => rest.iter().copied().find(|word| !is_flag(word)).into_iter().collect(),
            Names::FirstBehindValues => behind_values(rest).into_iter().collect(),
            Names::Commits if rest.iter().any(|word| MAKES.contains(word)) => Vec::new(),
            Names::Commits => rest.iter().copied().take_while(|word| *word != "--").filter(|word| !is_flag(word)).collect(),
        };
        Some((at..at + command.len(), found))
    })
}

/// The first word that is no flag and no value of one.
fn behind_values<'w>(words: &[&'w str]) -> Option<&'w str> {
    let is_switch = |word: &str| {
        let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        word.contains('=')
            || SWITCHES.contains(&word)
            || letters.is_some_and(|letters| letters.chars().all(|it| "dit".contains(it)))
    };
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !word.starts_with('-') {
            return Some(word);
        }
        at += if is_switch(word) { 1 } else { 2 };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{MAKES, SWITCHES, commands};

    #[test]
    fn names_are_found() {
        assert!(SWITCHES.is_sorted() && MAKES.is_sorted());
        for (script, expected) in [
            ("npm install -D \"$A\"", vec!["-D", "$A"]),
            ("sudo apt-get update && sudo apt-get install -y $A", vec!["-y", "$A"]),
            ("npx $A --title $B", vec!["$A"]),
            ("docker run --rm -e T=$B -v x:y $A $C", vec!["$A"]),
            ("docker run -it --name $B $A", vec!["$A"]),
            ("git checkout -b $A", vec![]),
            ("git checkout main -- $A", vec!["main"]),
            ("git fetch origin $A", vec!["origin", "$A"]),
            ("python3 -m pip install $A", vec!["$A"]),
            ("cargo install --git https://x --branch $A tool", vec!["--git", "https://x", "--branch", "$A", "tool"]),
            ("if ! uvx $A; then exit 1; fi", vec!["$A"]),
            ("npm test -- $A", vec![]),
            ("echo npm install $A", vec![]),
        ] {
            let found: Vec<&str> = commands(script).flat_map(|(_, names)| names).collect();
            assert_eq!(found, expected, "{script}");
        }
    }
}
