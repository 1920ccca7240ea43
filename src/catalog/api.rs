//! What a token must be allowed for calls of GitHub's REST API that change something.
//!
//! The scopes are those of the permissions that GitHub's REST documentation asks of each group of calls, from memory, November 2026; the table of a group is right as a
//! whole, and where one call asks for another scope it has a row of its own. What asks for a right that no `permissions` can grant, as secrets and settings do, is in no row.

use super::lines;
use std::ops::Range;

/// The groups of methods of Octokit, `github.rest.GROUP.METHOD`, each with what the names of its methods begin with, and with the scopes; the first row that fits holds.
const METHODS: &[(&str, &[&str], &[&str])] = &[
    ("actions", &["downloadArtifact"], &["actions: read"]),
    (
        "actions",
        &[
            "approveWorkflowRun",
            "cancel",
            "createWorkflowDispatch",
            "deleteActionsCache",
            "deleteArtifact",
            "deleteWorkflowRun",
            "disableWorkflow",
            "enableWorkflow",
            "forceCancel",
            "reRun",
        ],
        &["actions"],
    ),
    ("checks", &["create", "rerequest", "setSuites", "update"], &["checks"]),
    ("codeScanning", &["delete", "updateAlert", "uploadSarif"], &["security-events"]),
    ("git", &["create", "delete", "update"], &["contents"]),
    ("issues", &["add", "create", "delete", "lock", "remove", "set", "unlock", "update"], &["issues"]),
    ("packages", &["delete", "restore"], &["packages"]),
    ("pulls", &["merge"], &["contents"]),
    ("pulls", &["create", "delete", "dismiss", "remove", "request", "submit", "update"], &["pull-requests"]),
    ("reactions", &["createForIssue", "deleteForIssue"], &["issues"]),
    ("reactions", &["createForPullRequest", "deleteForPullRequest"], &["pull-requests"]),
    ("repos", &["createCommitStatus"], &["statuses"]),
    ("repos", &["createDeployment", "deleteDeployment"], &["deployments"]),
    ("repos", &["createPagesDeployment"], &["pages", "id-token"]),
    ("repos", &["requestPagesBuild"], &["pages"]),
    (
        "repos",
        &[
            "createDispatchEvent",
            "createOrUpdateFileContents",
            "createRelease",
            "deleteFile",
            "deleteRelease",
            "generateReleaseNotes",
            "merge",
            "updateRelease",
            "uploadReleaseAsset",
        ],
        &["contents"],
    ),
];

/// What stands behind `/repos/OWNER/REPO/`, with the scopes; the first row that fits holds. A `*` is any one part.
const PATHS: &[(&str, &[&str])] = &[
    ("actions/artifacts", &["actions"]),
    ("actions/caches", &["actions"]),
    ("actions/runs", &["actions"]),
    ("actions/workflows", &["actions"]),
    ("check-runs", &["checks"]),
    ("check-suites", &["checks"]),
    ("code-scanning", &["security-events"]),
    ("contents", &["contents"]),
    ("dependency-graph/snapshots", &["contents"]),
    ("deployments", &["deployments"]),
    ("dispatches", &["contents"]),
    ("git", &["contents"]),
    ("issues", &["issues"]),
    ("labels", &["issues"]),
    ("merges", &["contents"]),
    ("milestones", &["issues"]),
    ("pages/builds", &["pages"]),
    ("pages/deployments", &["pages", "id-token"]),
    ("pulls/*/merge", &["contents"]),
    ("pulls", &["pull-requests"]),
    ("releases", &["contents"]),
    ("statuses", &["statuses"]),
];

/// The methods of Octokit that a script of `actions/github-script` calls: each with its place, and what it must be allowed.
pub fn of_octokit(script: &str) -> Vec<(Range<usize>, &'static [&'static str])> {
    let is_comment = |at: usize| {
        let line = script[..at].rfind('\n').map_or(0, |end| end + 1);
        script[line..].trim_start().starts_with("//") || script[line..].trim_start().starts_with('*')
    };
    let calls = script.match_indices(".rest.").filter(|(at, _)| !is_comment(*at)).filter_map(|(at, dot)| {
        let start = at + dot.len();
        let length = script[start..].find(|char: char| !char.is_alphanumeric() && char != '.').unwrap_or(script.len() - start);
        let (group, method) = script[start..start + length].split_once('.')?;
        let fits = |(of, names, _): &&(&str, &[&str], _)| *of == group && names.iter().any(|name| method.starts_with(name));
        METHODS.iter().find(fits).map(|(_, _, scopes)| (start..start + length, *scopes))
    });
    calls.collect()
}

/// What a call of `gh api` must be allowed, given its words from `api` on.
pub(super) fn of_gh(words: &[&str]) -> Option<&'static [&'static str]> {
    let is_given = |flags: &[&str]| lines::has_flag(words, flags);
    let method = words.iter().enumerate().find_map(|(at, word)| {
        let glued = ["--method=", "-X"].iter().find_map(|flag| word.strip_prefix(flag)).filter(|method| !method.is_empty());
        glued.or_else(|| ["--method", "-X"].contains(word).then(|| words.get(at + 1).copied()).flatten())
    });
    // With fields, and without a method, it posts.
    let writes = match method.map(unquoted) {
        Some(method) => ["DELETE", "PATCH", "POST", "PUT"].iter().any(|known| method.eq_ignore_ascii_case(known)),
        None => is_given(&["-f", "-F", "--field", "--raw-field", "--input"]),
    };
    let path = words.iter().find(|word| unquoted(word).trim_start_matches('/').starts_with("repos/"))?;
    let end = words.iter().skip_while(|word| *word != path).take_while(|word| !word.starts_with('-'));
    let text = end.copied().collect::<Vec<_>>().join(" ");
    writes.then(|| of_path(&text)).flatten()
}

fn of_path(text: &str) -> Option<&'static [&'static str]> {
    // An expression has blanks, and is one part or two: `github.repository`.
    let mut plain = String::new();
    let mut rest = unquoted(text).trim_start_matches('/');
    while let Some((before, hole)) = rest.split_once("${{") {
        let (inner, after) = hole.split_once("}}")?;
        plain.push_str(before);
        plain.push_str(if inner.trim() == "github.repository" { "x/x" } else { "x" });
        rest = after;
    }
    plain.push_str(rest);
    let path = plain.split_whitespace().next().map(unquoted)?;
    let path = path.split('?').next().unwrap_or(path).strip_prefix("repos/")?;
    let repository = |part: &str| part.trim_matches(['$', '{', '}', '"', '\'']).eq_ignore_ascii_case("GITHUB_REPOSITORY");
    let (first, rest) = path.split_once('/')?;
    // `${REPO}/issues` may be `OWNER/REPO`, as the variable of that name is.
    let rest = if repository(first) { rest } else { rest.split_once('/').map_or("", |(_, rest)| rest) };
    let parts: Vec<&str> = rest.split('/').collect();
    let fits = |known: &&str| {
        let mut known = known.split('/').enumerate();
        known.all(|(at, known)| parts.get(at).is_some_and(|part| known == "*" || known == *part))
    };
    PATHS.iter().find(|(known, _)| fits(known)).map(|(_, scopes)| *scopes)
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::{of_gh, of_octokit};

    #[test]
    fn calls_that_change_something_are_known() {
        for (script, wanted) in [
            ("await github.rest.issues.createComment({})", Some(&["issues"][..])),
            ("github.rest.issues.addLabels({})", Some(&["issues"])),
            ("await github.rest.pulls.createReview({owner: 'a'})", Some(&["pull-requests"])),
            ("github.rest.pulls.merge({})", Some(&["contents"])),
            ("github.rest.repos.createRelease({})", Some(&["contents"])),
            ("github.rest.repos.createCommitStatus({})", Some(&["statuses"])),
            ("github.rest.repos.createDeploymentStatus({})", Some(&["deployments"])),
            ("github.rest.git.createRef({})", Some(&["contents"])),
            ("github.rest.checks.create({})", Some(&["checks"])),
            ("github.rest.actions.createWorkflowDispatch({})", Some(&["actions"])),
            ("github.rest.actions.downloadArtifact({})", Some(&["actions: read"])),
            ("github.rest.issues.listComments({})", None),
            ("github.rest.actions.createOrUpdateRepoSecret({})", None),
            ("// github.rest.issues.createComment({})", None),
        ] {
            assert_eq!(of_octokit(script).first().map(|(_, scopes)| *scopes), wanted, "{script}");
        }
        for (command, wanted) in [
            ("api -X POST repos/$GITHUB_REPOSITORY/issues", Some(&["issues"][..])),
            ("api --method PATCH /repos/{owner}/{repo}/pulls/1", Some(&["pull-requests"])),
            ("api -XPUT repos/a/b/pulls/1/merge", Some(&["contents"])),
            ("api \"repos/${GITHUB_REPOSITORY}/dispatches\" -f event_type=x", Some(&["contents"])),
            ("api repos/${{ github.repository }}/statuses/${{ github.sha }} -f state=success", Some(&["statuses"])),
            ("api --method=DELETE /repos/${{ github.repository_owner }}/x/actions/caches/1", Some(&["actions"])),
            ("api repos/a/b/issues", None),
            ("api -X GET repos/a/b/issues -f state=all", None),
            ("api -X PUT repos/a/b/actions/secrets/X", None),
            ("api graphql -f query=x", None),
        ] {
            let words: Vec<&str> = command.split_whitespace().collect();
            assert_eq!(of_gh(&words), wanted, "{command}");
        }
    }
}
