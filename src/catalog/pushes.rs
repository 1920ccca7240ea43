//! What pushes to the repository with the credentials that its checkout kept, and what reads it with them where it is private.
//!
//! From READMEs, read on 2026-11-28: `git-auto-commit-action` (021e8550: the token of `actions/checkout` is what it pushes with), `add-and-commit` (026e98aa: it adds, commits
//! and pushes in the folder of the checkout), `gh-pages` (01369936: it pushes from a clone of its own). The other commands from memory. What brings credentials of its own is in
//! no table: `create-pull-request`, `changesets`, `actions-gh-pages`, `github-pages-deploy-action`, `github-push-action`, `release-gem`, `semantic-release`.

use std::ops::Range;

use super::{actions, lines, trials};

/// In lower case.
const ACTIONS: &[&str] = &["endbug/add-and-commit", "stefanzweifel/git-auto-commit-action"];

/// Each with the words that it has, in order.
const COMMANDS: &[&[&str]] = &[
    &["cargo", "release", "--execute"],
    &["cargo", "release", "-x"],
    &["ghp-import", "--push"],
    &["ghp-import", "-p"],
    &["git", "push"],
    &["mike", "deploy", "--push"],
    &["mike", "deploy", "-p"],
    &["mkdocs", "gh-deploy"],
    &["rake", "release"],
    &["release-it"],
];

/// Those that push from a clone of their own, which has the credentials of no checkout.
const FROM_CLONE: &[&[&str]] = &[&["gh-pages", "--dist"], &["gh-pages", "-d"]];

/// Words that are no push where a command has them.
const NONE: &[&str] = &["--no-git", "--no-git.push", "--no-push", "--repo", "-r"];

/// Whether an action pushes with the credentials of the checkout.
pub fn by_action(uses: &str) -> bool {
    ACTIONS.contains(&actions::name(uses).to_ascii_lowercase().as_str())
}

/// A command of a script that pushes.
#[derive(Debug, PartialEq, Eq)]
pub struct Push {
    /// Where its name stands.
    pub at: Range<usize>,
    /// It does so from a clone of its own.
    pub from_clone: bool,
    /// The folder that it is told to be in: `git -C FOLDER`, or that of the last `cd`.
    pub folder: Option<String>,
}

impl Push {
    /// The folder that it is in, begun in another.
    pub fn folder_in(&self, dir: &str) -> String {
        let all = [Some(dir), self.folder.as_deref()].into_iter().flatten().filter(|folder| !folder.is_empty());
        all.collect::<Vec<_>>().join("/")
    }
}

/// The first command of a script that pushes to where the repository came from, with the credentials that are kept there.
pub fn by_script(script: &str) -> Option<Push> {
    // Most scripts do not.
    if !["push", "deploy", "release", "gh-pages", "ghp-import"].iter().any(|word| script.contains(word)) {
        return None;
    }
    first(script, COMMANDS, FROM_CLONE)
}

/// The first command of a script that is in one of these tables, and names no other repository; of the second, from a clone of its own.
fn first(script: &str, own: &[&[&str]], from_clone: &[&[&str]]) -> Option<Push> {
    let mut folder = None;
    lines::placed(script).find_map(|(start, command)| {
        let words: Vec<&str> = command.split_whitespace().filter(|word| *word != "\\").collect();
        let plain: Vec<&str> = words.iter().map(|word| word.trim_matches(['"', '\''])).collect();
        if let ["cd" | "pushd", to, ..] = plain[..] {
            folder = Some(to.to_owned());
        }
        if ["echo", "printf", "grep"].contains(plain.first()?) || trials::is_tried(&plain) {
            return None;
        }
        let begin = |table: &[&[&str]]| {
            (0..plain.len()).find_map(|at| {
                let known = table.iter().find(|known| lines::has_in_order(&plain[at..], known))?;
                // The name is the command up to what it does: `git -C x push`.
                let verb = known.iter().rfind(|verb| !verb.starts_with('-')).unwrap_or(&known[0]);
                let last = (at..plain.len()).find(|at| plain[*at] == *verb).unwrap_or(at);
                Some((at, last))
            })
        };
        let (found, from_clone) = begin(own).map(|found| (found, false)).or_else(|| Some((begin(from_clone)?, true)))?;
        let (first, last) = found;
        let own = &plain[first..];
        let is_other = own[0] == "git" && !is_origin(&plain[last + 1..]) || lines::has_flag(own, NONE);
        let told = own.iter().position(|word| *word == "-C").and_then(|at| own.get(at + 1)).map(|to| (*to).to_owned());
        let at = |word: &str| start + (word.as_ptr() as usize - command.as_ptr() as usize);
        (!is_other).then(|| Push {
            at: at(words[first])..at(words[last]) + words[last].len(),
            from_clone,
            folder: told.or_else(|| folder.clone()),
        })
    })
}

/// Whether what stands behind `git push` or `git fetch` names no remote but the one that was checked out.
fn is_origin(words: &[&str]) -> bool {
    let is_value = |at: usize| at > 0 && WITH_VALUE.contains(&words[at - 1]);
    let mut named = words.iter().enumerate().filter(|(at, word)| !word.starts_with('-') && !is_value(*at));
    named.next().is_none_or(|(_, remote)| *remote == "origin")
}

/// Options of `git fetch` and `git push` whose value is a word of its own. (git-fetch(1), git-push(1), from memory.)
const WITH_VALUE: [&str; 9] =
    ["--deepen", "--depth", "--jobs", "--push-option", "--shallow-exclude", "--shallow-since", "--sort", "-j", "-o"];

/// What reads the repository that was checked out. The token of a run reads no other private one, so `git submodule update` is none of these.
const READS: [&[&str]; 6] = [
    &["git", "fetch"],
    &["git", "lfs", "fetch"],
    &["git", "lfs", "pull"],
    &["git", "ls-remote"],
    &["git", "pull"],
    &["git", "remote", "update"],
];

/// The first command of a script that reads the repository where it came from, as [`by_script`] has it.
pub fn read_by_script(script: &str) -> Option<Push> {
    let is_there =
        script.contains("git ") && ["fetch", "pull", "ls-remote", "remote update"].iter().any(|word| script.contains(word));
    if is_there { first(script, &READS, &[]) } else { None }
}

/// Words of a script that gives git credentials of its own, or works on a clone of its own.
const GIVEN_BY: [&str; 11] = [
    "x-access-token",
    "set-url",
    "setup-git",
    "extraheader",
    "credential",
    "insteadof",
    ".netrc",
    "askpass",
    " clone ",
    "git init",
    "remote add origin",
];

/// Whether a script gives git credentials, or works on what it cloned itself.
pub fn gives_credentials(script: &str) -> bool {
    let in_url = || script.match_indices("://").any(|(at, _)| host(&script[at + 3..]).contains('@'));
    let small = script.to_ascii_lowercase();
    GIVEN_BY.iter().any(|word| small.contains(word)) || in_url()
}

/// A URL up to its path; expressions in it have blanks.
fn host(rest: &str) -> &str {
    let mut is_in_hole = false;
    let end = rest.char_indices().find(|&(at, char)| {
        is_in_hole = (is_in_hole || rest[at..].starts_with("${{")) && !rest[..at].ends_with("}}");
        !is_in_hole && (char == '/' || char.is_whitespace() || char == '"' || char == '\'')
    });
    &rest[..end.map_or(rest.len(), |(at, _)| at)]
}

/// Whether an action gives git credentials, by its name.
pub fn is_given_by_action(uses: &str) -> bool {
    let name = actions::name(uses).to_ascii_lowercase();
    ["credential", "setup-git", "ssh-agent", "ssh-key", "changesets/action"].iter().any(|part| name.contains(part))
}

/// Whether a variable of the environment gives git credentials.
pub fn is_given_by_variable(name: &str) -> bool {
    ["GIT_ASKPASS", "GIT_CONFIG_", "GIT_SSH"].iter().any(|known| name.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, FROM_CLONE, READS, WITH_VALUE, by_script, gives_credentials, read_by_script};

    #[test]
    fn reads_are_known() {
        assert!(READS.is_sorted() && WITH_VALUE.is_sorted());
        for (script, name) in [
            ("git fetch origin main && git diff origin/main", "git fetch"),
            ("make\ngit fetch --depth 1 origin main", "git fetch"),
            ("git fetch --unshallow --tags", "git fetch"),
            ("git pull --rebase", "git pull"),
            ("git lfs pull", "git lfs pull"),
            ("last=$(git ls-remote --tags origin)", "git ls-remote"),
        ] {
            assert_eq!(&script[read_by_script(script).unwrap().at], name, "{script}");
        }
        for other in [
            "git fetch upstream",
            "git fetch https://github.com/a/b main",
            "git ls-remote --heads https://github.com/a/b",
            "git submodule update --init",
            "docker pull a",
            "git fetch \"$REMOTE\"",
            "git checkout main",
            "echo git pull",
            "git remote add upstream x",
        ] {
            assert_eq!(read_by_script(other), None, "{other}");
        }
    }

    #[test]
    fn pushes_are_known() {
        assert!(COMMANDS.is_sorted() && FROM_CLONE.is_sorted());
        for (script, name, folder) in [
            ("make\ngit push origin main", "git push", None),
            ("cd x && git push", "git push", Some("x")),
            ("git -C ruff push --force origin \"$A\"", "git -C ruff push", Some("ruff")),
            ("git add . \\\n  && git push", "git push", None),
            ("poetry run mkdocs gh-deploy --force", "mkdocs gh-deploy", None),
            ("mike deploy --push 1.0", "mike deploy", None),
            ("cargo release --execute", "cargo release", None),
            ("npx --yes gh-pages -d dist", "gh-pages", None),
        ] {
            let push = by_script(script).unwrap();
            assert_eq!((&script[push.at], push.folder.as_deref()), (name, folder), "{script}");
        }
        for other in [
            "git push heroku main",
            "git push https://x@github.com/a/b",
            "git push --dry-run",
            "echo git push",
            "docker push a",
            "cargo release",
            "cargo build --release",
            "mike deploy 1.0",
            "npx gh-pages -d dist -r \"$URL\"",
        ] {
            assert_eq!(by_script(other), None, "{other}");
        }
        for given in [
            "git clone https://${PAT}@github.com/a/b.git",
            "git clone https://${{ secrets.PAT }}@github.com/a/b.git",
            "git remote set-url origin https://x",
            "git config --global url.\"https://x:$T@github.com/\".insteadOf https://github.com/",
            "gh auth setup-git",
        ] {
            assert!(gives_credentials(given), "{given}");
        }
        assert!(!gives_credentials("curl https://example.com/a@b; git config user.email a@b.c; git push"));
    }
}
