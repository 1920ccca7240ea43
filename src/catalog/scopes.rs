//! What a token must be allowed for actions and commands to work, beyond `contents: read`.
//!
//! Compared on 2026-11-26 with what jobs of the corpus (`../shared/corpus`) that use them may write: 13 of the 16 actions and 14 of the 16 commands are
//! in jobs with `permissions`, and these grant the scopes of the row; but `contents` of `gh pr merge` no such job grants. In no job there, and so from
//! memory alone: `actions/first-interaction`, `ncipollo/release-action`, `svenstaro/upload-release-action`, `gh release delete` and `edit`.

use super::actions;

/// Each in lower case.
const ACTIONS: &[(&str, &[&str])] = &[
    ("actions/attest-build-provenance", &["id-token", "attestations"]),
    ("actions/deploy-pages", &["pages", "id-token"]),
    ("actions/first-interaction", &["issues", "pull-requests"]),
    ("actions/labeler", &["pull-requests"]),
    ("actions/stale", &["issues", "pull-requests"]),
    ("github/codeql-action/analyze", &["security-events"]),
    ("github/codeql-action/upload-sarif", &["security-events"]),
    ("googleapis/release-please-action", &["contents", "pull-requests"]),
    ("jamesives/github-pages-deploy-action", &["contents"]),
    ("ncipollo/release-action", &["contents"]),
    ("peaceiris/actions-gh-pages", &["contents"]),
    ("peter-evans/create-pull-request", &["contents", "pull-requests"]),
    // Trusted publishing; with a password it needs nothing.
    ("pypa/gh-action-pypi-publish", &["id-token"]),
    ("softprops/action-gh-release", &["contents"]),
    ("stefanzweifel/git-auto-commit-action", &["contents"]),
    ("svenstaro/upload-release-action", &["contents"]),
];

/// Each with the words that a command begins with.
const COMMANDS: &[(&str, &[&str])] = &[
    ("gh issue close", &["issues"]),
    ("gh issue comment", &["issues"]),
    ("gh issue create", &["issues"]),
    ("gh issue edit", &["issues"]),
    ("gh pr close", &["pull-requests"]),
    ("gh pr comment", &["pull-requests"]),
    ("gh pr create", &["pull-requests"]),
    ("gh pr edit", &["pull-requests"]),
    ("gh pr merge", &["contents", "pull-requests"]),
    ("gh pr review", &["pull-requests"]),
    ("gh release create", &["contents"]),
    ("gh release delete", &["contents"]),
    ("gh release edit", &["contents"]),
    ("gh release upload", &["contents"]),
    ("gh workflow run", &["actions"]),
    ("git push", &["contents"]),
];

/// What an action must be allowed to write.
pub fn of_action(uses: &str) -> &'static [&'static str] {
    let name = actions::name(uses).to_ascii_lowercase();
    ACTIONS.iter().find(|(known, _)| *known == name).map_or(&[], |(_, scopes)| scopes)
}

/// The commands of a script that must be allowed to write something: each with its place in the script, and what.
pub fn of_script(script: &str) -> Vec<(std::ops::Range<usize>, &'static [&'static str])> {
    let mut found = Vec::new();
    for (start, line) in lines(script) {
        let known = COMMANDS.iter().find(|(known, _)| line.strip_prefix(known).is_some_and(|rest| !rest.starts_with(is_word)));
        let Some((known, scopes)) = known else { continue };
        let mut words = line[known.len()..].split_whitespace().filter(|word| !word.starts_with('-'));
        // Another remote, or one with credentials of its own.
        let own = *known != "git push" || words.next().is_none_or(|remote| remote == "origin");
        if own && !line.contains("--dry-run") {
            found.push((start..start + known.len(), *scopes));
        }
    }
    found
}

/// GitHub's registry of packages: who pushes to it with the token of the job must be allowed to write packages. Of ten jobs of the corpus that do so nine grant it,
/// and one says nothing of its rights.
pub mod packages {
    /// What is needed.
    pub const SCOPES: &[&str] = &["packages"];
    const REGISTRY: &str = "ghcr.io";

    /// Whether an action tells a registry a token, and it is that one.
    pub fn logs_in(uses: &str, registry: &str) -> bool {
        super::actions::name(uses).eq_ignore_ascii_case("docker/login-action") && registry.contains(REGISTRY)
    }

    /// Whether an action pushes an image there, by its inputs; tags may be worked out by another step.
    pub fn pushes(uses: &str, push: &str, tags: &str) -> bool {
        let builds = ["docker/build-push-action", "docker/bake-action", "redhat-actions/push-to-registry"];
        let name = super::actions::name(uses).to_ascii_lowercase();
        builds.contains(&name.as_str()) && !matches!(push, "" | "false") && (tags.contains(REGISTRY) || tags.contains("${{"))
    }

    /// Whether a script tells it the token of the job.
    pub fn is_told(script: &str) -> bool {
        let logs_in = |line: &str| line.contains("login") && line.contains(REGISTRY);
        let own = ["GITHUB_TOKEN", "GH_TOKEN", "github.token"];
        script.lines().any(|line| logs_in(line) && own.iter().any(|token| line.contains(token)))
    }

    /// Where a script pushes an image there.
    pub fn pushed(script: &str) -> Option<std::ops::Range<usize>> {
        super::lines(script).filter(|(_, line)| line.contains(REGISTRY)).find_map(|(start, line)| {
            let known = ["docker push", "podman push", "helm push"].into_iter().find(|known| line.starts_with(known))?;
            Some(start..start + known.len())
        })
    }
}

/// The lines of a script without blanks around them, each with its place.
fn lines(script: &str) -> impl Iterator<Item = (usize, &str)> {
    script.split_inclusive('\n').scan(0, |at, line| {
        let start = *at + (line.len() - line.trim_start().len());
        *at += line.len();
        Some((start, line.trim()))
    })
}

fn is_word(next: char) -> bool {
    next.is_alphanumeric() || next == '-' || next == '_'
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, COMMANDS, of_action, of_script};

    #[test]
    fn what_needs_more_is_known() {
        assert!(ACTIONS.is_sorted_by(|a, b| a.0 < b.0) && COMMANDS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(of_action("Actions/deploy-pages@v4"), ["pages", "id-token"]);
        assert!(of_action("actions/checkout@v6").is_empty());
        assert_eq!(of_script("make\n  git push origin main\n"), [(7..15, &["contents"][..])]);
        assert!(of_script("git push https://x@example.org/a\ngit push --dry-run\ngit pushx\n# git push\n").is_empty());
    }
}
