//! What a token must be allowed for actions and commands to work, beyond `contents: read`.
//!
//! Compared on 2026-11-26 with what jobs of the corpus (`../shared/corpus`) that use them may write: 13 of the 16 actions and 14 of the 16 commands are
//! in jobs with `permissions`, and these grant the scopes of the row; but `contents` of `gh pr merge` no such job grants. In no job there, and so from
//! memory alone: `actions/first-interaction`, `ncipollo/release-action`, `svenstaro/upload-release-action`, `gh release delete` and `edit`; and what was added on
//! 2026-11-27: `actions/create-release`, `endbug/add-and-commit`, `release-drafter`, `gh run`, `gh label create`, tokens of clouds.
//!
//! Read on 2026-11-28: the READMEs of `actions/attest` (1b7e7444), `goreleaser-action`, `chart-releaser-action` (004a976f) and `release-gem` (11f20f56), which
//! name these rights; that of `changesets/action` (01725ae7), which opens pull requests and makes releases; `npm publish --provenance` in npm's documentation
//! (bd017c9f); `semantic-release` in workflows of octokit, which cite its documentation; `publish-unit-test-result-action` in ni/nipanel-python#29;
//! `scorecard-action` and `actions/attest-sbom` in the corpus. By what they do, with the permissions that GitHub's REST API asks for it:
//! `actions/delete-package-versions`, `dorny/test-reporter` (a check), `sticky-pull-request-comment`, `gh cache`, `gh label`, `gh workflow`, and
//! `reopen`, `ready` and the like. That of codecov is from memory.
//! Read on 2026-11-29: that of `github-action-benchmark` (00bac066), and workflows that say what it is for: `korthout/backport-action` in NixOS/nixpkgs (99c0c32a),
//! `ghaction-github-labeler` in others that grant it for nothing else.
//! Of the same day: the READMEs of `repository-dispatch` (0355148d), `wrangler-action` (00f82a0e), `lock-threads` (0a0976f3), `github-push-action` (00483b04), which name
//! these rights or push with the token; those of `create-or-update-comment`, `action-junit-report`, `workflow-dispatch`, `auto-approve-action` and
//! `actions-comment-pull-request` say what these do with the token of the job, and the right is that of GitHub's REST API. `add-pr-comment` in workflows that grant it. From memory:
//! `close-issue`, `issues-helper`, `deployments`, `reviewdog`, `vault-action`, `dependency-review-action`, `semantic-release-action`, the commands that push to Pages,
//! `goreleaser release` and keyless `cosign sign`.

use std::ops::Range;

use super::{actions, api, lines, trials};

/// Each in lower case. A right that says no level is to write.
const ACTIONS: &[(&str, &[&str])] = &[
    ("actions-cool/issues-helper", &["issues"]),
    ("actions/attest", &["id-token", "attestations"]),
    ("actions/attest-build-provenance", &["id-token", "attestations"]),
    ("actions/attest-sbom", &["id-token", "attestations"]),
    ("actions/create-release", &["contents"]),
    ("actions/delete-package-versions", &["packages"]),
    ("actions/deploy-pages", &["pages", "id-token"]),
    ("actions/first-interaction", &["issues", "pull-requests"]),
    ("actions/labeler", &["pull-requests"]),
    ("actions/stale", &["issues", "pull-requests"]),
    ("ad-m/github-push-action", &["contents"]),
    ("benc-uk/workflow-dispatch", &["actions"]),
    ("bobheadxi/deployments", &["deployments"]),
    ("changesets/action", &["contents", "pull-requests"]),
    ("crazy-max/ghaction-github-labeler", &["issues"]),
    ("crazy-max/ghaction-github-pages", &["contents"]),
    ("cycjimmy/semantic-release-action", &["contents", "issues", "pull-requests"]),
    ("dessant/lock-threads", &["issues", "pull-requests", "discussions"]),
    ("dorny/test-reporter", &["checks"]),
    ("endbug/add-and-commit", &["contents"]),
    ("enricomi/publish-unit-test-result-action", &["checks", "pull-requests"]),
    ("github/codeql-action/analyze", &["security-events"]),
    ("github/codeql-action/upload-sarif", &["security-events"]),
    ("googleapis/release-please-action", &["contents", "pull-requests"]),
    ("helm/chart-releaser-action", &["contents"]),
    ("hmarr/auto-approve-action", &["pull-requests"]),
    ("jamesives/github-pages-deploy-action", &["contents"]),
    ("korthout/backport-action", &["contents", "pull-requests"]),
    ("marocchino/sticky-pull-request-comment", &["pull-requests"]),
    ("mathieudutour/github-tag-action", &["contents"]),
    ("mikepenz/action-junit-report", &["checks"]),
    ("mshick/add-pr-comment", &["pull-requests"]),
    ("ncipollo/release-action", &["contents"]),
    ("peaceiris/actions-gh-pages", &["contents"]),
    ("peter-evans/close-issue", &["issues"]),
    ("peter-evans/create-or-update-comment", &["issues", "pull-requests"]),
    ("peter-evans/create-pull-request", &["contents", "pull-requests"]),
    ("peter-evans/repository-dispatch", &["contents"]),
    // Trusted publishing; with a password it needs nothing.
    ("pypa/gh-action-pypi-publish", &["id-token"]),
    ("release-drafter/release-drafter", &["contents", "pull-requests"]),
    ("rubygems/release-gem", &["id-token", "contents"]),
    ("softprops/action-gh-release", &["contents"]),
    ("stefanzweifel/git-auto-commit-action", &["contents"]),
    ("svenstaro/upload-release-action", &["contents"]),
    ("thollander/actions-comment-pull-request", &["pull-requests"]),
];

/// Each with the words that a command begins with; a flag may stand anywhere behind them.
const COMMANDS: &[(&str, &[&str])] = &[
    ("cosign attest", &["id-token"]),
    ("cosign sign", &["id-token"]),
    ("cosign sign-blob", &["id-token"]),
    ("gh cache delete", &["actions"]),
    ("gh issue close", &["issues"]),
    ("gh issue comment", &["issues"]),
    ("gh issue create", &["issues"]),
    ("gh issue delete", &["issues"]),
    ("gh issue edit", &["issues"]),
    ("gh issue lock", &["issues"]),
    ("gh issue pin", &["issues"]),
    ("gh issue reopen", &["issues"]),
    ("gh label create", &["issues"]),
    ("gh label delete", &["issues"]),
    ("gh label edit", &["issues"]),
    ("gh pr close", &["pull-requests"]),
    ("gh pr comment", &["pull-requests"]),
    ("gh pr create", &["pull-requests"]),
    ("gh pr edit", &["pull-requests"]),
    ("gh pr merge", &["contents", "pull-requests"]),
    ("gh pr ready", &["pull-requests"]),
    ("gh pr reopen", &["pull-requests"]),
    ("gh pr review", &["pull-requests"]),
    ("gh release create", &["contents"]),
    ("gh release delete", &["contents"]),
    ("gh release edit", &["contents"]),
    ("gh release upload", &["contents"]),
    ("gh run cancel", &["actions"]),
    ("gh run delete", &["actions"]),
    ("gh run download", &["actions: read"]),
    ("gh run rerun", &["actions"]),
    ("gh workflow disable", &["actions"]),
    ("gh workflow enable", &["actions"]),
    ("gh workflow run", &["actions"]),
    ("gh-pages", &["contents"]),
    ("git push", &["contents"]),
    ("goreleaser release", &["contents"]),
    ("mike deploy --push", &["contents"]),
    ("mkdocs gh-deploy", &["contents"]),
    ("npm publish --provenance", &["id-token"]),
    ("npx semantic-release", &["contents", "issues", "pull-requests"]),
    ("pnpm publish --provenance", &["id-token"]),
    ("uv publish --trusted-publishing", &["id-token"]),
];

/// Options with which a command of the table needs nothing: a key of its own, a token, another place, nothing sent.
const WITHOUT: &[(&str, &[&str])] = &[
    ("cosign attest", &["--identity-token", "--key", "--sk"]),
    ("cosign sign", &["--identity-token", "--key", "--sk"]),
    ("cosign sign-blob", &["--identity-token", "--key", "--sk"]),
    ("gh-pages", &["--no-push", "--repo", "-r"]),
    ("uv publish --trusted-publishing", &["automatic", "never"]),
];

/// Workflows of others that are called, each by the beginning of its name in lower case (READMEs of slsa-github-generator, from memory).
const CALLS: &[(&str, &[&str])] = &[
    ("slsa-framework/slsa-github-generator/.github/workflows/builder_", &["actions: read", "id-token", "contents"]),
    ("slsa-framework/slsa-github-generator/.github/workflows/generator_container_", &["actions: read", "id-token", "packages"]),
    ("slsa-framework/slsa-github-generator/.github/workflows/generator_generic_", &["actions: read", "id-token", "contents"]),
];

/// What a called workflow of others must be allowed.
pub fn of_call(workflow: &str) -> &'static [&'static str] {
    let name = workflow.to_ascii_lowercase();
    CALLS.iter().find(|(known, _)| name.starts_with(known)).map_or(&[], |(_, scopes)| scopes)
}

/// What needs all of its rights, each in lower case; others do something with one of them.
const WHOLE: &[&str] = &[
    "actions/attest",
    "actions/attest-build-provenance",
    "actions/attest-sbom",
    "actions/deploy-pages",
    "peter-evans/create-pull-request",
    "slsa-framework/slsa-github-generator",
];

/// Whether what needs several rights can do nothing of its work without one of them.
pub fn needs_all(name: &str) -> bool {
    let name = actions::name(name).to_ascii_lowercase();
    WHOLE.iter().any(|known| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with("/.github/")))
}

/// What asks for an identity of the run, and for nothing else.
pub const IDENTITY: &[&str] = &["id-token"];

/// Actions that do so where this input is given, and that one is not.
const IDENTITIES: &[(&str, &str, &str)] = &[
    ("aws-actions/configure-aws-credentials", "role-to-assume", "aws-access-key-id"),
    ("azure/login", "client-id", "creds"),
    ("codecov/codecov-action", "use_oidc", "token"),
    ("google-github-actions/auth", "workload_identity_provider", "credentials_json"),
    ("ossf/scorecard-action", "publish_results", ""),
];

/// Actions that need this where an input is one of these values; of those that are not named so the value may be any.
const BY_INPUT: &[(&str, &str, &[&str], &[&str])] = &[
    ("actions/dependency-review-action", "comment-summary-in-pr", &["always", "on-failure", "true"], &["pull-requests"]),
    // A run of its own needs no token.
    ("actions/download-artifact", "run-id", &[], &["actions: read"]),
    ("benchmark-action/github-action-benchmark", "auto-push", &["true"], &["contents"]),
    ("cloudflare/wrangler-action", "githubtoken", &[], &["deployments"]),
    ("hashicorp/vault-action", "method", &["jwt"], IDENTITY),
];

/// Reporters of the actions of reviewdog that write.
const REPORTERS: &[(&str, &[&str])] =
    &[("github-check", &["checks"]), ("github-pr-check", &["checks"]), ("github-pr-review", &["pull-requests"])];

/// A right as `permissions` has it: `contents: write`.
pub fn right(scope: &str) -> String {
    if scope.contains(':') { scope.to_owned() } else { format!("{scope}: write") }
}

/// What an action must be allowed, given the value of each input.
pub fn of_action(uses: &str, input: impl Fn(&str) -> String) -> &'static [&'static str] {
    let name = actions::name(uses).to_ascii_lowercase();
    let has = |key: &str| !matches!(input(key).as_str(), "" | "false");
    if IDENTITIES.iter().any(|(known, wanted, other)| *known == name && has(wanted) && !has(other)) {
        return IDENTITY;
    }
    // `build` and `check` reach no server.
    if name == "goreleaser/goreleaser-action" {
        let args = input("args");
        return if trials::releases(&args) { &["contents"] } else { &[] };
    }
    if name.starts_with("reviewdog/action-") {
        let reporter = input("reporter");
        return REPORTERS.iter().find(|(known, _)| *known == reporter).map_or(&[], |(_, scopes)| scopes);
    }
    let fits = |key: &str, values: &[&str]| {
        let value = input(key);
        if values.is_empty() {
            !matches!(value.as_str(), "" | "false") && !value.contains("github.run_id")
        } else {
            values.contains(&value.as_str())
        }
    };
    if let Some((.., scopes)) = BY_INPUT.iter().find(|(known, key, values, _)| *known == name && fits(key, values)) {
        return scopes;
    }
    // What is not sent needs nothing.
    if name == "github/codeql-action/analyze" && ["false", "never"].contains(&input("upload").as_str()) {
        return &[];
    }
    ACTIONS.iter().find(|(known, _)| *known == name).map_or(&[], |(_, scopes)| scopes)
}

/// The input of an action that is its token, where others of its inputs are named so, too.
pub fn token_of(uses: &str) -> Option<&'static str> {
    actions::name(uses).eq_ignore_ascii_case("cloudflare/wrangler-action").then_some("githubtoken")
}

/// The commands of a script that must be allowed something: each with its place in the script, and what.
pub fn of_script(script: &str) -> Vec<(Range<usize>, &'static [&'static str])> {
    let found = lines::placed(script).filter_map(|(start, command)| {
        let words = own_words(command);
        let plain: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        let (last, scopes) = match plain.split_first()? {
            (&"gh", rest) if rest.first() == Some(&"api") => (rest[0], api::of_gh(rest)?),
            _ => {
                let begin = behind_runner(&plain);
                let (known, scopes, last) = listed(&plain).or_else(|| listed(&plain[begin..]))?;
                if is_left_out(known, &plain) {
                    return None;
                }
                (last, scopes)
            }
        };
        let end = last.as_ptr() as usize - command.as_ptr() as usize + last.len();
        let is_git = plain[0] == "git";
        let tries = trials::is_tried(&plain);
        (!tries && (!is_git || pushes_with_own_token(&command[end..]))).then_some((start + words[0].0..start + end, scopes))
    });
    found.collect()
}

/// The row of the table for a command, with what it needs, and the last word that is of it.
fn listed<'w>(words: &[&'w str]) -> Option<(&'static str, &'static [&'static str], &'w str)> {
    let program = words.first()?;
    let is_of = |known: &str| known.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    COMMANDS.iter().filter(|(known, _)| is_of(known)).find_map(|(row, scopes)| {
        let (known, flag) = row.split_once(" --").unwrap_or((row, ""));
        let has_flag = flag.is_empty() || words.iter().any(|word| word.strip_prefix("--") == Some(flag));
        let wanted = known.split(' ');
        let fits = has_flag && wanted.clone().zip(words).all(|(wanted, word)| wanted == *word);
        fits.then(|| words.get(wanted.count() - 1).copied()).flatten().map(|last| (*row, *scopes, last))
    })
}

fn is_left_out(known: &str, words: &[&str]) -> bool {
    WITHOUT.iter().any(|(of, flags)| *of == known && lines::has_flag(words, flags))
}

/// Where a command begins that another one only runs: `uv run mkdocs`, `npx --yes gh-pages`.
fn behind_runner(words: &[&str]) -> usize {
    let runners: [&[&str]; 9] = [
        &["bundle", "exec"],
        &["bunx"],
        &["npx"],
        &["pipenv", "run"],
        &["pnpm", "dlx"],
        &["pnpm", "exec"],
        &["poetry", "run"],
        &["python", "-m"],
        &["uv", "run"],
    ];
    let length = runners.iter().find(|runner| words.starts_with(runner)).map_or(0, |runner| runner.len());
    length + words[length..].iter().take_while(|word| length > 0 && word.starts_with('-')).count()
}

/// Whether `git push` pushes to where the repository came from, or to a URL with the token of the job; another remote, or one with credentials of its own, needs nothing.
fn pushes_with_own_token(rest: &str) -> bool {
    let own = ["github.token", "secrets.GITHUB_TOKEN", "$GITHUB_TOKEN", "${GITHUB_TOKEN}"];
    let remote = rest.split_whitespace().find(|word| !word.starts_with('-') && *word != "\\");
    remote.is_none_or(|remote| {
        remote == "origin"
            || remote.contains("://") && rest.contains("github.com") && own.iter().any(|token| rest.contains(token))
    })
}

/// The words of a command, each with its place: without what is set for it, what stands before it, and the options of git and gh that stand before what they do.
fn own_words(command: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = command.split_whitespace().map(|word| (word.as_ptr() as usize - command.as_ptr() as usize, word));
    while let Some((at, word)) = rest.next() {
        let is_set = word.split_once('=').is_some_and(|(name, _)| name.chars().all(|char| char.is_alphanumeric() || char == '_'));
        match words.first() {
            None if is_set || LEADS.contains(&word) => {}
            _ if word == "\\" => {}
            Some((_, "git" | "gh")) if words.len() == 1 && word.starts_with('-') => {
                if ["-C", "-c", "-R", "--repo", "--git-dir", "--work-tree"].contains(&word) {
                    rest.next();
                }
            }
            _ => words.push((at, word)),
        }
    }
    words
}

/// Words behind which a command stands.
const LEADS: &[&str] = &["!", "do", "elif", "else", "env", "exec", "if", "sudo", "then", "time", "until", "while", "{"];

/// GitHub's registry of packages: who pushes to it with the token of the job must be allowed to write packages. Of ten jobs of the corpus that do so nine grant it,
/// and one says nothing of its rights.
pub mod packages {
    /// What is needed.
    pub const SCOPES: &[&str] = &["packages"];
    /// What is needed to pull an image that is not public.
    pub const PULLS: &[&str] = &["packages: read"];
    const REGISTRY: &str = "ghcr.io";

    /// Whether an image is pulled from there with the token of the job: who gives a password says that it is not public.
    pub fn is_pulled(image: &str, password: &str) -> bool {
        let own = ["${{secrets.GITHUB_TOKEN}}", "${{github.token}}"];
        let password: String = password.chars().filter(|char| !char.is_whitespace()).collect();
        image.strip_prefix(REGISTRY).is_some_and(|rest| rest.starts_with('/')) && own.contains(&password.as_str())
    }

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
        super::lines::placed(script).filter(|(_, line)| line.contains(REGISTRY)).find_map(|(start, line)| {
            let known = ["docker push", "podman push", "helm push"].into_iter().find(|known| line.starts_with(known))?;
            Some(start..start + known.len())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, BY_INPUT, CALLS, COMMANDS, needs_all, of_action, of_call, of_script};

    #[test]
    fn what_needs_more_is_known() {
        assert!(ACTIONS.is_sorted_by(|a, b| a.0 < b.0) && COMMANDS.is_sorted_by(|a, b| a.0 < b.0) && BY_INPUT.is_sorted());
        let slsa = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0";
        assert!(CALLS.is_sorted() && needs_all(slsa) && needs_all("actions/attest@v3") && !needs_all("actions/stale@v10"));
        assert_eq!(of_call(slsa), ["actions: read", "id-token", "contents"]);
        let of = |uses: &str, given: &str| {
            of_action(uses, |key| {
                let found = given.split(' ').find_map(|input| input.strip_prefix(key)?.strip_prefix('='));
                found.unwrap_or_default().to_owned()
            })
        };
        for (uses, given, wanted) in [
            ("Actions/deploy-pages@v4", "", &["pages", "id-token"][..]),
            ("actions/attest@v3", "", &["id-token", "attestations"]),
            ("actions/checkout@v6", "", &[]),
            ("aws-actions/configure-aws-credentials@v5", "role-to-assume=x", &["id-token"]),
            ("aws-actions/configure-aws-credentials@v5", "role-to-assume=x aws-access-key-id=y", &[]),
            ("benchmark-action/github-action-benchmark@v1", "auto-push=true", &["contents"]),
            ("benchmark-action/github-action-benchmark@v1", "auto-push=false", &[]),
            ("changesets/action@v1", "", &["contents", "pull-requests"]),
            ("korthout/backport-action@v3", "", &["contents", "pull-requests"]),
            ("goreleaser/goreleaser-action@v6", "args=release", &["contents"]),
            ("goreleaser/goreleaser-action@v6", "args=check", &[]),
            ("actions/dependency-review-action@v4", "comment-summary-in-pr=always", &["pull-requests"]),
            ("actions/dependency-review-action@v4", "", &[]),
            ("actions/download-artifact@v8", "run-id=1", &["actions: read"]),
            ("actions/download-artifact@v8", "name=x", &[]),
            ("github/codeql-action/analyze@v4", "upload=never", &[]),
            ("hashicorp/vault-action@v3", "method=jwt", &["id-token"]),
            ("hashicorp/vault-action@v3", "method=token", &[]),
            ("reviewdog/action-eslint@v1", "reporter=github-pr-review", &["pull-requests"]),
            ("reviewdog/action-eslint@v1", "reporter=local", &[]),
            ("ossf/scorecard-action@v2", "publish_results=false", &[]),
            ("ossf/scorecard-action@v2", "publish_results=true", &["id-token"]),
            ("rubygems/release-gem@v1", "", &["id-token", "contents"]),
        ] {
            assert_eq!(of(uses, given), wanted, "{uses} {given}");
        }
        for (script, wanted) in [
            ("gh cache delete --all", &["actions"][..]),
            ("gh run download 123", &["actions: read"]),
            ("gh pr ready 1", &["pull-requests"]),
            ("npm publish --access public --provenance", &["id-token"]),
            ("uv publish --trusted-publishing always", &["id-token"]),
            ("cosign sign --yes a@b", &["id-token"]),
            ("gh api \\\n  --method POST \\\n  /repos/{owner}/{repo}/issues -f title=x", &["issues"]),
            ("git push https://x-access-token:${{ github.token }}@github.com/a/b main", &["contents"]),
            ("goreleaser release --clean", &["contents"]),
            ("npx --yes gh-pages -d dist", &["contents"]),
            ("uv run mkdocs gh-deploy --force", &["contents"]),
            ("mike deploy --push 1.0", &["contents"]),
            ("npx semantic-release", &["contents", "issues", "pull-requests"]),
        ] {
            assert_eq!(of_script(script).first().map(|(_, scopes)| *scopes), Some(wanted), "{script}");
        }
        for nothing in [
            "npm publish --access public",
            "uv publish --trusted-publishing never",
            "cosign sign --key env://KEY a",
            "goreleaser release --snapshot --clean",
            "npx gh-pages -d dist --repo x",
            "git push https://x-access-token:${PAT}@github.com/a/b",
        ] {
            assert!(of_script(nothing).is_empty(), "{nothing}");
        }
        assert_eq!(of_script("make\n  git push origin main\n"), [(7..15, &["contents"][..])]);
        for pushes in [
            "git add . && git commit -m x && git push",
            "if true; then git push; fi",
            "(cd x && git push)",
            "set -e; git push origin HEAD",
            "git commit -m \"fix #3\" && git push # now",
            "X=1 git -C x -c a=b push",
            "git commit -m 'a' || true; GH_TOKEN=x gh -R a/b pr comment 1",
        ] {
            let found = of_script(pushes);
            assert_eq!(found.len(), 1, "{pushes} {found:?}");
            assert!(
                pushes[found[0].0.clone()].ends_with(["push", "comment"].into_iter().find(|end| pushes.contains(end)).unwrap())
            );
        }
        assert!(
            of_script("git push https://x@example.org/a\ngit push --dry-run\ngit pushx\n# git push; git push\necho git push\n")
                .is_empty()
        );
    }
}
