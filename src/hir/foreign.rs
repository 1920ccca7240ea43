//! What names the code of a pull request, and what fetches it.

use super::environment::{HEAD_REF, reads};
use super::strangers::flowing;
use super::{Job, Map, Pipeline, Step, StepKind};
use crate::expr::Expr;
use crate::expr::text::holes;
use crate::source::Span;
use crate::text::Text;

/// Words by which a step that works out a commit asks for that of a pull request.
const ASKS_FOR_HEAD: [&str; 7] = ["headRefOid", "headRefName", "head.sha", "head.ref", "head_sha", "head_ref", "refs/pull/"];

/// Words by which a line asks for the changes of a pull request as a text.
const ASKS_FOR_CHANGES: [&str; 6] = ["diff_url", "patch_url", ".diff", ".patch", "/pull/", "/pulls/"];

/// Words by which a line asks for an archive of a commit.
const ARCHIVES: [&str; 3] = ["zipball", "tarball", "archive"];

/// Where a step stands whose texts are looked at.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Whose other jobs it may ask; none where these are not looked at.
    pub(super) pipeline: Option<&'a Pipeline>,
    pub(super) job: &'a Job,
    /// The variables that it may ask for, the nearest first.
    pub(super) envs: &'a [&'a Map],
    /// The event of the run, where that says which pull request it is about.
    pub(super) event: Option<&'a str>,
}

impl Scope<'_> {
    /// What of a step fetches the code of a pull request.
    pub(super) fn fetched(self, step: &Step) -> Option<Span> {
        match &step.kind {
            StepKind::Checkout(with) => self.checkout(with),
            StepKind::Uses { with, .. } if step.fetches() => self.checkout(with),
            StepKind::Run(script) => self.line(script),
            _ => None,
        }
    }

    /// What an action or a workflow of the repository fetches of a pull request: what it is given, in `with`, or what it asks the event for itself; that is at `uses`.
    pub(super) fn handed(self, fetched: &[Vec<String>], with: &Map, uses: Span) -> Option<Span> {
        fetched.iter().find_map(|path| match &path[..] {
            [context, input] if context == "inputs" => {
                let (_, value) = with.iter().find(|(name, _)| name.eq_ignore_ascii_case(input))?;
                self.names(&value.spelled()).then_some(value.origin.span)
            }
            _ => self.event.filter(|event| is_told_by_event(event, &path.join("."))).map(|_| uses),
        })
    }

    /// What a checkout says, where that is the head of a pull request.
    fn checkout(self, with: &Map) -> Option<Span> {
        let mut said = ["ref", "repository"].iter().filter_map(|key| with.get(*key));
        said.find(|value| self.names(&value.spelled())).map(|value| value.origin.span)
    }

    /// Whether a text names the code of a pull request.
    fn names(self, text: &str) -> bool {
        text.contains("refs/pull/") || holes(text).iter().any(|(_, expr)| self.is_foreign(expr))
    }

    /// Whether an expression, or what it asks for, names the head of a pull request, or what that would be merged.
    fn is_foreign(self, expr: &Expr) -> bool {
        expr.paths().iter().any(|path| match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["env", name] => {
                let of = |env: &Map| env.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.spelled());
                let set = self.envs.iter().enumerate().find_map(|(at, env)| Some((at, of(env)?)));
                // Its value sees the variables that are farther away.
                set.is_some_and(|(at, value)| Scope { envs: &self.envs[at + 1..], ..self }.names(&value))
            }
            ["steps", id, "outputs", ..] => {
                let is_it = |step: &&Step| step.id.as_ref().is_some_and(|(own, _)| own.eq_ignore_ascii_case(id));
                self.job.each_step().find(is_it).is_some_and(asks_for_head)
            }
            ["needs", id, "outputs", name] => {
                let mut jobs = self.pipeline.iter().flat_map(|pipeline| pipeline.jobs.values());
                let other = jobs.find(|job| job.id.eq_ignore_ascii_case(id));
                // Outputs that ask each other in a circle are an error of their own: what another job asks others for is not looked at.
                let names = |job: &Job| {
                    job.outputs.iter().any(|(own, text)| {
                        own.eq_ignore_ascii_case(name) && Scope { pipeline: None, job, envs: &[], ..self }.names(text)
                    })
                };
                other.is_some_and(|job| names(job))
            }
            _ => {
                let path = path.join(".");
                self.event.map_or_else(|| is_told_of_others(&path), |event| is_told_by_event(event, &path))
            }
        })
    }

    /// The line of a script that fetches the code of a pull request: by `gh`, by the name that GitHub gives to its head, by what the event says of that, as an
    /// archive, or as changes that the script then makes.
    fn line(self, script: &Text) -> Option<Span> {
        // Most fetch nothing.
        if !["git", "gh", "curl", "wget"].iter().any(|tool| script.contains(tool)) {
            return None;
        }
        let applies = script.lines().any(applies_changes);
        let mut at = 0;
        script.as_str().split_inclusive('\n').find_map(|line| {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let end = start + line.trim().len();
            let has = |word: &str| line.split(|char: char| !char.is_alphanumeric()).any(|other| other == word);
            let fetches = asks_git(line);
            // What the variables say that the line asks for is said by the line.
            let said = |text: &dyn Fn(&str) -> bool| {
                let mut values = self.envs.iter().flat_map(|env| env.iter()).filter(|(name, _)| reads(line, name));
                text(line) || values.any(|(_, value)| text(&value.spelled()))
            };
            let names = || {
                let by_name = line.contains("pull/") && (line.contains("/head") || line.contains("/merge"));
                // The branch of a pull request, by the variable of GitHub's own.
                let by_variable =
                    || reads(line, HEAD_REF) && self.event.is_some_and(|event| is_told_by_event(event, "github.head_ref"));
                by_name || by_variable() || said(&|text| self.names(text))
            };
            let by_gh = ["gh pr checkout", "gh pr diff"].into_iter().find(|command| line.contains(command));
            let downloads = has("curl") || has("wget") || line.contains("gh api");
            let changes = || said(&|text| ASKS_FOR_CHANGES.iter().any(|word| text.contains(word)));
            let is_it = by_gh == Some("gh pr checkout")
                || applies && (by_gh.is_some() || downloads && changes())
                || downloads && ARCHIVES.into_iter().any(has) && names()
                || fetches && names();
            is_it.then(|| match by_gh.and_then(|command| Some((script[start..end].find(command)?, command.len()))) {
                Some((at, length)) => script.source(start + at..start + at + length),
                None => script.source(start..end),
            })
        })
    }
}

/// What of git fetches commits, or goes over to them.
const FETCHES: [&str; 9] = ["checkout", "cherry-pick", "clone", "fetch", "merge", "pull", "reset", "switch", "worktree"];

/// Options of git itself whose value is the next word (`git help git`).
const WITH_VALUE: [&str; 6] = ["--exec-path", "--git-dir", "--namespace", "--work-tree", "-C", "-c"];

/// Whether a line of a script asks git for commits.
fn asks_git(line: &str) -> bool {
    // `$(git`, `/usr/bin/git`, but not `b.git`.
    let is_sign = |char: char| !char.is_alphanumeric() && !matches!(char, '-' | '_' | '.');
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_end_matches(is_sign)).collect();
    let is_git = |word: &str| word.rsplit(is_sign).next() == Some("git");
    words.iter().enumerate().filter(|(_, word)| is_git(word)).any(|(at, _)| {
        let mut rest = words[at + 1..].iter();
        while let Some(&word) = rest.next() {
            if WITH_VALUE.contains(&word) {
                rest.next();
            } else if !word.starts_with('-') {
                return FETCHES.contains(&word);
            }
        }
        false
    })
}

/// The paths that name what a script has git fetch, in its own expressions or those of its variables.
pub(crate) fn named(script: &str, variables: &[(String, String)]) -> Vec<Vec<String>> {
    let lines = script.lines().filter(|line| asks_git(line));
    let texts = lines.flat_map(|line| {
        let asked = variables.iter().filter(|(name, _)| reads(line, name)).map(|(_, value)| value.clone());
        asked.chain([line.to_owned()]).collect::<Vec<_>>()
    });
    texts.flat_map(|text| paths(&text)).collect()
}

/// The paths whose values a text may have in it.
pub(crate) fn paths(text: &str) -> Vec<Vec<String>> {
    holes(text).iter().flat_map(|(_, expr)| flowing(expr)).collect()
}

/// Whether a path of an event is the head of a pull request, or what that would be merged.
fn is_told_by_event(event: &str, path: &str) -> bool {
    if event == "workflow_run" {
        return path.starts_with("github.event.workflow_run.head_");
    }
    matches!(path, "github.head_ref" | "github.event.pull_request.merge_commit_sha")
        || path.starts_with("github.event.pull_request.head.")
}

/// Whether a path of an event whose runs are those of the default branch is a commit that may be of a pull request: what a check, a status or who dispatches tells.
fn is_told_of_others(path: &str) -> bool {
    let names = ["github.event.check_run.", "github.event.check_suite.", "github.event.client_payload."];
    let is_commit =
        || path.split('.').any(|part| matches!(part, "head" | "head_branch" | "head_ref" | "head_sha" | "pull_request" | "sha"));
    matches!(path, "github.event.sha" | "github.event.commit.sha")
        || names.iter().any(|name| path.starts_with(name)) && is_commit()
}

/// Whether a step works out which commit a pull request is at.
fn asks_for_head(step: &Step) -> bool {
    let asks = |text: &str| ASKS_FOR_HEAD.iter().any(|word| text.contains(word));
    match &step.kind {
        StepKind::Run(script) => asks(script),
        StepKind::Uses { action, with, .. } => {
            action.contains("comment-branch") || with.values().any(|value| asks(&value.spelled()))
        }
        _ => false,
    }
}

/// Whether a line of a script changes files as another text says.
fn applies_changes(line: &str) -> bool {
    let mut commands = line.split(['|', ';', '&']).map(str::trim_start);
    commands.any(|command| ["git apply", "git am", "patch "].iter().any(|start| format!("{command} ").starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::{applies_changes, asks_git};

    #[test]
    fn what_git_is_asked_for_is_known() {
        for (line, expected) in [
            ("git fetch origin ${{ github.head_ref }}", true),
            ("cd x && git -C sub -c a.b=c --no-pager pull", true),
            ("sha=$(git fetch -q)", true),
            ("sudo /usr/bin/git checkout x", true),
            ("git cherry-pick -x ${{ github.event.pull_request.merge_commit_sha }}", true),
            ("git push origin --delete ${{ github.event.pull_request.head.ref }}", false),
            ("git tag x ${{ github.event.pull_request.merge_commit_sha }}", false),
            ("gh api repos/a/b/git/refs/heads/${{ github.event.pull_request.head.ref }}", false),
            ("git config user.name x", false),
        ] {
            assert_eq!(asks_git(line), expected, "{line}");
        }
    }

    #[test]
    fn what_makes_changes_is_known() {
        for (line, expected) in [
            ("git apply x.diff", true),
            ("gh pr diff 1 | git apply && make", true),
            ("curl -L x.patch | patch -p1", true),
            ("gh pr diff 1 | patch", true),
            ("gh pr diff 1 > my.patch && ls", false),
            ("gh api -X PATCH x", false),
            ("cat patch", false),
        ] {
            assert_eq!(applies_changes(line), expected, "{line}");
        }
    }
}
