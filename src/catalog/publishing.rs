//! What gives something to others: actions and commands that release, publish or deploy.
//!
//! Actions: those whose names are in the program of zizmor 1.32, searched on 2026-11-26, and five more by what they are for (`attest-build-provenance`,
//! `webapps-deploy`, `changesets`, `chart-releaser`, `npm-publish`). Commands: those of the tools that publish, from memory, and what projects name
//! so themselves; `make release` is left out, which builds without debugging as often as not.

use super::{actions, lines};
use crate::source::Span;

/// In lower case.
const ACTIONS: &[&str] = &[
    "actions/attest-build-provenance",
    "actions/create-release",
    "actions/deploy-pages",
    "aws-actions/amazon-ecs-deploy-task-definition",
    "aws-actions/aws-cloudformation-github-deploy",
    "azure/aci-deploy",
    "azure/container-apps-deploy-action",
    "azure/functions-action",
    "azure/webapps-deploy",
    "changesets/action",
    "cloudflare/wrangler-action",
    "google-github-actions/deploy-appengine",
    "google-github-actions/deploy-cloud-functions",
    "google-github-actions/deploy-cloudrun",
    "googleapis/release-please-action",
    "goreleaser/goreleaser-action",
    "helm/chart-releaser-action",
    "jamesives/github-pages-deploy-action",
    "jreleaser/release-action",
    "js-devtools/npm-publish",
    "ncipollo/release-action",
    "peaceiris/actions-gh-pages",
    "pypa/gh-action-pypi-publish",
    "redhat-actions/push-to-registry",
    "release-drafter/release-drafter",
    "rubygems/release-gem",
    "softprops/action-gh-release",
    "svenstaro/upload-release-action",
];

/// Each with the words of a command, in order; other words may stand between them.
const COMMANDS: &[&[&str]] = &[
    &["aws", "s3", "sync"],
    &["az", "webapp", "deploy"],
    &["az", "webapp", "up"],
    &["buildah", "push"],
    &["cargo", "publish"],
    &["cargo", "release", "--execute"],
    &["cargo", "release", "-x"],
    &["cdk", "deploy"],
    &["changeset", "publish"],
    &["deno", "publish"],
    &["docker", "push"],
    &["firebase", "deploy"],
    &["flit", "publish"],
    &["fly", "deploy"],
    &["flyctl", "deploy"],
    &["gcloud", "deploy"],
    &["gem", "push"],
    &["gh", "release", "create"],
    &["gh", "release", "upload"],
    &["git", "push", "--follow-tags"],
    &["git", "push", "--tags"],
    &["goreleaser", "release"],
    &["hatch", "publish"],
    &["helm", "push"],
    &["helm", "upgrade"],
    &["heroku", "container:release"],
    &["jsr", "publish"],
    &["ko", "apply"],
    &["ko", "build"],
    &["kubectl", "apply"],
    &["lerna", "publish"],
    &["maturin", "publish"],
    &["maturin", "upload"],
    &["mix", "hex.publish"],
    &["mvn", "deploy"],
    &["mvn", "jib:build"],
    &["mvn", "release:perform"],
    &["netlify", "deploy"],
    &["npm", "publish"],
    &["npx", "gh-pages"],
    &["nuget", "push"],
    &["nx", "release"],
    &["oras", "push"],
    &["ovsx", "publish"],
    &["pdm", "publish"],
    &["pnpm", "publish"],
    &["podman", "push"],
    &["poetry", "publish"],
    &["pulumi", "up"],
    &["rake", "release"],
    &["release-it"],
    &["rush", "publish"],
    &["sam", "deploy"],
    &["sbt", "ci-release"],
    &["sbt", "publish"],
    &["semantic-release"],
    &["serverless", "deploy"],
    &["skopeo", "copy"],
    &["sls", "deploy"],
    &["terraform", "apply"],
    &["tofu", "apply"],
    &["twine", "upload"],
    &["uv", "publish"],
    &["vercel", "--prod"],
    &["vercel", "deploy"],
    &["vsce", "publish"],
    &["wrangler", "deploy"],
    &["wrangler", "publish"],
    &["yarn", "npm", "publish"],
    &["yarn", "publish"],
];

/// Whether an action gives something to others.
pub fn is_action(uses: &str) -> bool {
    ACTIONS.contains(&actions::name(uses).to_ascii_lowercase().as_str())
}

/// Whether an action builds images, and pushes them where `push` says so.
pub fn is_builder(uses: &str) -> bool {
    ["docker/bake-action", "docker/build-push-action"].contains(&actions::name(uses).to_ascii_lowercase().as_str())
}

/// Whether an action can publish without a password to the index that it is meant for.
pub fn trusts_workflows(uses: &str) -> bool {
    actions::name(uses).eq_ignore_ascii_case("pypa/gh-action-pypi-publish")
}

/// Commands that publish to an index which trusts workflows, by their words, each with the variables that its token is given in.
/// (docs.pypi.org/trusted-publishers, docs.npmjs.com/trusted-publishers, crates.io/docs/trusted-publishing, guides.rubygems.org/trusted-publishing, from memory.)
const WITH_TOKENS: &[(&[&str], &str, &[&str])] = &[
    (&["cargo", "publish"], "cargo publish", &["CARGO_REGISTRY_TOKEN"]),
    (&["gem", "push"], "gem push", &["GEM_HOST_API_KEY", "RUBYGEMS_API_KEY"]),
    (&["npm", "publish"], "npm publish", &["NODE_AUTH_TOKEN", "NPM_TOKEN"]),
    (&["poetry", "publish"], "poetry publish", &["POETRY_PYPI_TOKEN_PYPI"]),
    (&["twine", "upload"], "twine upload", &["TWINE_PASSWORD"]),
    (&["uv", "publish"], "uv publish", &["UV_PUBLISH_PASSWORD", "UV_PUBLISH_TOKEN"]),
];

/// The command of a script that is given a token by one of these variables, though its index could do without; and where that is set.
pub fn with_a_token(script: &str, secrets: &[Vec<(&str, Span)>]) -> Option<(&'static str, Span)> {
    // To another index a workflow may be no stranger, but that one does not know it.
    let elsewhere =
        ["--registry", "--index", "--repository", "--publish-url", "--host"].iter().any(|option| script.contains(option));
    let published = command(script).filter(|_| !elsewhere)?;
    let own = names(&lines::words(published));
    WITH_TOKENS.iter().filter(|(words, ..)| has_in_order(&own, words)).find_map(|(_, shown, variables)| {
        let given = secrets.iter().flatten().find(|(name, _)| variables.contains(name));
        given.map(|(_, at)| (*shown, *at))
    })
}

/// Whether a command has these words, in order; it is given as its [`names`].
fn has_in_order(names: &[&str], wanted: &[&str]) -> bool {
    let mut names = names.iter();
    wanted.iter().all(|wanted| names.any(|name| name == wanted))
}

/// The words of a command, each as [`name_of`] has it.
fn names<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().map(|word| name_of(word)).collect()
}

/// The line of a script that gives something to others; what is only tried does not count.
pub fn command(script: &str) -> Option<&str> {
    let publishes = |line: &&str| {
        let words = lines::words(line);
        let is_tried = ["--dry-run", "--local", "--push=false"].iter().any(|trial| words.contains(trial));
        let own = names(&words);
        let publishes = COMMANDS.iter().any(|wanted| has_in_order(&own, wanted));
        !is_tried && (publishes || pushes_image(&words) || publishes_by_gradle(&words))
    };
    let is_it = |line: &&str| {
        lines::commands(line)
            .map(|command| command.replace("--dry-run", " --dry-run "))
            .any(|command| publishes(&&*command) || is_named_so(command.trim()))
    };
    lines::logical(script).into_iter().find(is_it)
}

/// Whether a command builds an image and pushes it: `--push`, `--output type=registry`.
fn pushes_image(words: &[&str]) -> bool {
    let mut rest = words.iter().skip_while(|word| !["docker", "nerdctl", "podman"].contains(*word));
    rest.any(|word| matches!(*word, "--push" | "--push=true") || word.contains("type=registry") || word.contains(",push=true"))
}

/// Whether Gradle is to publish something, by the names that its plugins and those of Sonatype, the plugin portal and Jib give to their tasks.
fn publishes_by_gradle(words: &[&str]) -> bool {
    let mut rest = words.iter().skip_while(|word| !["gradle", "gradlew"].contains(&word.rsplit('/').next().unwrap_or_default()));
    rest.next().is_some()
        && rest.any(|word| {
            let task = word.rsplit(':').next().unwrap_or_default();
            let publishes = task.starts_with("publish") && !task.contains("ToMavenLocal");
            !word.starts_with('-') && (publishes || task.starts_with("closeAndRelease") || task == "jib")
        })
}

/// A command without the version that is wanted of it, `semantic-release@24`, and Maven by its wrapper.
fn name_of(word: &str) -> &str {
    let name = word.split_once('@').map_or(word, |(name, _)| if name.is_empty() { word } else { name });
    if matches!(name, "./mvnw" | "mvnw") { "mvn" } else { name }
}

/// Whether a line runs what its project has named so: `make deploy`, `npm run release`, `./scripts/publish.sh`.
fn is_named_so(line: &str) -> bool {
    let mut words = line.split_whitespace().filter(|word| !word.contains('='));
    let Some(first) = words.next().filter(|first| !first.starts_with('#')) else { return false };
    let script =
        if ["bash", "sh", "python", "python3", "node"].contains(&first) { words.next().unwrap_or_default() } else { first };
    if script.contains('/') || script != first {
        let name = script.rsplit('/').next().unwrap_or_default();
        let name = name.split_once('.').map_or(name, |(name, _)| name);
        return ["deploy", "publish", "release"].contains(&name);
    }
    // `deploy:staging` is a trial.
    let deploys = |word: &str| ["deploy", "deploy:live", "deploy:prod", "deploy:production"].contains(&word);
    let is = |word: &str, name: &str| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    let publishes = |word: &str| deploys(word) || is(word, "publish") || is(word, "release") && first != "make";
    lines::RUNNERS.contains(&first) && words.take_while(|word| *word != "--").any(publishes)
}

#[cfg(test)]
mod tests {
    use super::{command, is_action};

    #[test]
    fn publishing_is_known() {
        assert_eq!(command("make\n  npm publish --access public\n"), Some("npm publish --access public"));
        assert_eq!(command("docker buildx build --push ."), Some("docker buildx build --push ."));
        assert_eq!(command("cargo publish --dry-run"), None);
        assert_eq!(command("npm run publish-docs"), None);
        assert_eq!(command("# npm publish"), None);
        for hidden in [
            "npm \\\n  publish",
            "docker buildx build \\\n  --push .",
            "run x; npm publish; echo done",
            "(cd x && npm publish)",
            "npm publish&&true",
            "if x; then npm publish; fi",
            "\"npm\" publish",
            "bash -c 'npm publish'",
            "./mvnw -B deploy",
            "npx semantic-release@24",
            "npx gh-pages -d dist",
            "cdk deploy --all",
            "npx jsr publish",
            "./gradlew publishToMavenCentral --no-configuration-cache",
            "./gradlew :lib:publish",
            "gradle publishPlugins",
            "./gradlew publishAllPublicationsToGitHubPackagesRepository",
            "./gradlew closeAndReleaseStagingRepositories",
            "./gradlew jib",
            "mvn release:perform",
            "sbt ci-release",
            "cargo release --execute",
            "maturin publish",
            "hatch publish",
            "pdm publish",
            "flit publish",
            "npx release-it --ci",
            "npx rush publish",
            "npx vercel --prod",
            "bundle exec rake release",
            "nuget push a.nupkg",
            "docker buildx build . --push=true",
            "docker buildx build --output type=registry .",
            "docker buildx build --output=type=image,push=true .",
            "podman push a",
            "ko build ./cmd",
            "tofu apply",
            "git push --follow-tags",
        ] {
            assert_eq!(command(hidden), Some(hidden));
        }
        for named in [
            "make deploy",
            "npm run release",
            "npm run deploy:prod",
            "VERSION=1 ./scripts/publish.sh --now",
            "bash ci/release.sh",
            "just publish x",
        ] {
            assert_eq!(command(named), Some(named));
        }
        for other in [
            "make release",
            "cargo build --release",
            "./release/build.sh",
            "echo deploy",
            "npm test -- deploy",
            "npm run deploy:staging",
            "# make deploy",
            "git checkout gh-pages",
            "./gradlew publishToMavenLocal",
            "./gradlew jibDockerBuild",
            "./gradlew test -Ppublish=off",
            "docker buildx build --output type=local,dest=out .",
            "docker buildx build --push=false .",
            "ko build --local ./cmd",
            "tofu plan",
            "cargo release",
        ] {
            assert_eq!(command(other), None);
        }
        assert!(is_action("PyPA/gh-action-pypi-publish@release/v1"));
        assert!(!is_action("actions/checkout@v6"));
    }
}
