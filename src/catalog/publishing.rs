//! What gives something to others: actions and commands that release, publish or deploy.
//!
//! Actions: those whose names are in the program of zizmor 1.32, searched on 2026-11-26, and five more by what they are for (`attest-build-provenance`,
//! `webapps-deploy`, `changesets`, `chart-releaser`, `npm-publish`). Commands: those of the tools that publish, from memory.

use super::actions;

/// In lower case.
const ACTIONS: &[&str] = &[
    "actions/attest-build-provenance",
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
    &["./gradlew", "publish"],
    &["aws", "s3", "sync"],
    &["az", "webapp", "deploy"],
    &["cargo", "publish"],
    &["changeset", "publish"],
    &["docker", "--push"],
    &["docker", "push"],
    &["dotnet", "nuget", "push"],
    &["firebase", "deploy"],
    &["fly", "deploy"],
    &["flyctl", "deploy"],
    &["gcloud", "deploy"],
    &["gem", "push"],
    &["gh", "release", "create"],
    &["gh", "release", "upload"],
    &["git", "push", "--tags"],
    &["goreleaser", "release"],
    &["gradle", "publish"],
    &["helm", "push"],
    &["helm", "upgrade"],
    &["kubectl", "apply"],
    &["lerna", "publish"],
    &["mix", "hex.publish"],
    &["mvn", "deploy"],
    &["netlify", "deploy"],
    &["npm", "publish"],
    &["nx", "release"],
    &["pnpm", "publish"],
    &["poetry", "publish"],
    &["sbt", "publish"],
    &["semantic-release"],
    &["serverless", "deploy"],
    &["terraform", "apply"],
    &["twine", "upload"],
    &["uv", "publish"],
    &["vercel", "deploy"],
    &["wrangler", "deploy"],
    &["wrangler", "publish"],
    &["yarn", "npm", "publish"],
    &["yarn", "publish"],
];

/// Whether an action gives something to others.
pub fn is_action(uses: &str) -> bool {
    ACTIONS.contains(&actions::name(uses).to_ascii_lowercase().as_str())
}

/// Whether an action can publish without a password to the index that it is meant for.
pub fn trusts_workflows(uses: &str) -> bool {
    actions::name(uses).eq_ignore_ascii_case("pypa/gh-action-pypi-publish")
}

/// The line of a script that gives something to others; what is only tried does not count.
pub fn command(script: &str) -> Option<&str> {
    let publishes = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
        let in_order = |wanted: &&[&str]| {
            let mut words = words.iter();
            wanted.iter().all(|wanted| words.any(|word| word == wanted))
        };
        !words.contains(&"--dry-run") && COMMANDS.iter().any(in_order)
    };
    script.lines().map(str::trim).find(publishes)
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
        assert!(is_action("PyPA/gh-action-pypi-publish@release/v1"));
        assert!(!is_action("actions/checkout@v6"));
    }
}
