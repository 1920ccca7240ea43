//! What gives something to others: actions and commands that release, publish or deploy.
//!
//! Actions: those whose names are in the program of zizmor 1.32, searched on 2026-11-26, and five more by what they are for (`attest-build-provenance`,
//! `webapps-deploy`, `changesets`, `chart-releaser`, `npm-publish`), and from memory those that deploy to a host, a bucket or a cluster. Commands: those of the tools that publish, from memory, and what projects name
//! so themselves; `make release` is left out, which builds without debugging as often as not, and `prisma migrate deploy`, which prepares the database of tests.

use super::trials::{is_tried, releases};
use super::{actions, lines, sending};

/// In lower case.
const ACTIONS: &[&str] = &[
    "actions/attest-build-provenance",
    "actions/create-release",
    "actions/deploy-pages",
    "akhileshns/heroku-deploy",
    "amondnet/vercel-action",
    "appleboy/scp-action",
    "aws-actions/amazon-ecs-deploy-task-definition",
    "aws-actions/aws-cloudformation-github-deploy",
    "azure/aci-deploy",
    "azure/container-apps-deploy-action",
    "azure/functions-action",
    "azure/k8s-deploy",
    "azure/static-web-apps-deploy",
    "azure/webapps-deploy",
    "burnett01/rsync-deployments",
    "changesets/action",
    "cloudflare/wrangler-action",
    "crazy-max/ghaction-github-pages",
    "cycjimmy/semantic-release-action",
    "easingthemes/ssh-deploy",
    "einaregilsson/beanstalk-deploy",
    "firebaseextended/action-hosting-deploy",
    "google-github-actions/deploy-appengine",
    "google-github-actions/deploy-cloud-functions",
    "google-github-actions/deploy-cloudrun",
    "google-github-actions/upload-cloud-storage",
    "googleapis/release-please-action",
    "goreleaser/goreleaser-action",
    "helm/chart-releaser-action",
    "jamesives/github-pages-deploy-action",
    "jreleaser/release-action",
    "js-devtools/npm-publish",
    "ncipollo/release-action",
    "nwtgck/actions-netlify",
    "peaceiris/actions-gh-pages",
    "pypa/gh-action-pypi-publish",
    "redhat-actions/push-to-registry",
    "release-drafter/release-drafter",
    "release-plz/action",
    "rubygems/release-gem",
    "samkirkland/ftp-deploy-action",
    "softprops/action-gh-release",
    "svenstaro/upload-release-action",
];

/// Each with the words of a command, in order; other words may stand between them.
const COMMANDS: &[&[&str]] = &[
    &["anaconda", "upload"],
    &["ansible-playbook"],
    &["argocd", "app", "set"],
    &["argocd", "app", "sync"],
    &["auto", "shipit"],
    &["aws", "amplify", "start-deployment"],
    &["aws", "apprunner", "start-deployment"],
    &["aws", "cloudformation", "create-stack"],
    &["aws", "cloudformation", "deploy"],
    &["aws", "cloudformation", "update-stack"],
    &["aws", "deploy", "create-deployment"],
    &["aws", "ecs", "update-service"],
    &["aws", "elasticbeanstalk", "update-environment"],
    &["aws", "lambda", "publish-version"],
    &["aws", "lambda", "update-function-code"],
    &["az", "acr", "build"],
    &["az", "containerapp", "update"],
    &["az", "functionapp", "deployment"],
    &["az", "storage", "blob", "upload"],
    &["az", "storage", "blob", "upload-batch"],
    &["az", "webapp", "deploy"],
    &["az", "webapp", "up"],
    &["azd", "deploy"],
    &["azd", "up"],
    &["buildah", "push"],
    &["bun", "publish"],
    &["butler", "push"],
    &["cabal", "upload"],
    &["cachix", "push"],
    &["cap", "deploy"],
    &["cargo", "dist", "upload"],
    &["cargo", "publish"],
    &["cargo", "release", "--execute"],
    &["cargo", "release", "-x"],
    &["cdk", "deploy"],
    &["cdktf", "deploy"],
    &["cf", "push"],
    &["changeset", "publish"],
    &["cloudsmith", "push"],
    &["conan", "upload"],
    &["convex", "deploy"],
    &["copilot", "deploy"],
    &["crane", "copy"],
    &["crane", "push"],
    &["crane", "tag"],
    &["dart", "pub", "publish"],
    &["deno", "publish"],
    &["deployctl", "deploy"],
    &["docker", "buildx", "imagetools", "create"],
    &["docker", "push"],
    &["eas", "submit"],
    &["eas", "update"],
    &["eb", "deploy"],
    &["electron-forge", "publish"],
    &["fastlane", "beta"],
    &["fastlane", "deliver"],
    &["fastlane", "deploy"],
    &["fastlane", "pilot"],
    &["fastlane", "release"],
    &["fastlane", "supply"],
    &["firebase", "deploy"],
    &["flit", "publish"],
    &["flutter", "pub", "publish"],
    &["fly", "deploy"],
    &["flyctl", "deploy"],
    &["func", "azure", "functionapp", "publish"],
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
    &["helmfile", "apply"],
    &["helmfile", "sync"],
    &["heroku", "container:push"],
    &["heroku", "container:release"],
    &["hub", "release", "create"],
    &["hugo", "deploy"],
    &["jf", "rt", "upload"],
    &["jreleaser", "announce"],
    &["jreleaser", "deploy"],
    &["jreleaser", "full-release"],
    &["jreleaser", "publish"],
    &["jreleaser", "release"],
    &["jreleaser", "upload"],
    &["jsr", "publish"],
    &["kamal", "deploy"],
    &["ko", "apply"],
    &["ko", "build"],
    &["kubectl", "apply"],
    &["kubectl", "replace"],
    &["kubectl", "rollout", "restart"],
    &["kubectl", "set", "image"],
    &["lerna", "publish"],
    &["luarocks", "upload"],
    &["maturin", "publish"],
    &["maturin", "upload"],
    &["mike", "deploy", "--push"],
    &["mix", "hex.publish"],
    &["mkdocs", "gh-deploy"],
    &["mvn", "deploy"],
    &["mvn", "jib:build"],
    &["mvn", "jreleaser:deploy"],
    &["mvn", "jreleaser:full-release"],
    &["mvn", "jreleaser:release"],
    &["mvn", "release:perform"],
    &["netlify", "deploy"],
    &["nomad", "job", "run"],
    &["now", "--prod"],
    &["npm", "publish"],
    &["npx", "gh-pages"],
    &["nuget", "push"],
    &["nx", "release"],
    &["oc", "apply"],
    &["opam", "publish"],
    &["oras", "push"],
    &["ovsx", "publish"],
    &["pack", "build", "--publish"],
    &["pdm", "publish"],
    &["pnpm", "publish"],
    &["pod", "trunk", "push"],
    &["podman", "push"],
    &["poetry", "publish"],
    &["pulumi", "up"],
    &["railway", "up"],
    &["rake", "release"],
    &["regctl", "image", "copy"],
    &["release-it"],
    &["release-plz", "release"],
    &["rush", "publish"],
    &["sam", "deploy"],
    &["sbt", "ci-release"],
    &["sbt", "publish"],
    &["semantic-release"],
    &["serverless", "deploy"],
    &["sf", "project", "deploy", "start"],
    &["skaffold", "deploy"],
    &["skaffold", "run"],
    &["skopeo", "copy"],
    &["sls", "deploy"],
    &["snapcraft", "upload"],
    &["sst", "deploy"],
    &["stack", "upload"],
    &["supabase", "db", "push"],
    &["supabase", "functions", "deploy"],
    &["tanka", "apply"],
    &["terraform", "apply"],
    &["terragrunt", "apply"],
    &["tk", "apply"],
    &["tofu", "apply"],
    &["twine", "upload"],
    &["uv", "publish"],
    &["vercel", "--prod"],
    &["vercel", "deploy"],
    &["vsce", "publish"],
    &["wasm-pack", "publish"],
    &["waypoint", "deploy"],
    &["waypoint", "up"],
    &["werf", "converge"],
    &["wrangler", "deploy"],
    &["wrangler", "publish"],
    &["yarn", "npm", "publish"],
    &["yarn", "publish"],
];

/// Whether an action gives something to others, given the value of each input.
pub fn by_action(uses: &str, input: impl Fn(&str) -> String) -> bool {
    let name = actions::name(uses).to_ascii_lowercase();
    match name.as_str() {
        "docker/bake-action" | "docker/build-push-action" => {
            let pushes = |input: String| input.contains("type=registry") || input.contains("push=true");
            !matches!(input("push").as_str(), "" | "false") || pushes(input("outputs")) || pushes(input("set"))
        }
        _ if ["dry-run", "dry_run"].iter().any(|key| input(key) == "true") => false,
        // `build` and `check` reach no server; what is only installed is run by a script.
        "goreleaser/goreleaser-action" => releases(&input("args")) || input("install-only") == "true",
        "pulumi/actions" => matches!(input("command").as_str(), "up" | "update"),
        _ => ACTIONS.contains(&name.as_str()),
    }
}

/// Whether a command has these words, in order, from any place on; it is given as its [`names`].
pub(super) fn has(names: &[&str], wanted: &[&str]) -> bool {
    lines::any_place(names, |words| lines::has_in_order(words, wanted))
}

/// The words of a command, each as [`name_of`] has it.
pub(super) fn names<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().map(|word| name_of(word)).collect()
}

/// The line of a script that gives something to others; what is only tried does not count.
pub fn command(script: &str) -> Option<&str> {
    let publishes = |command: &str| {
        let words = lines::words(command);
        let own = names(&words);
        let is_listed = || lines::any_place(&own, |words| lines::listed(words, COMMANDS).next().is_some());
        (is_listed() || sending::sends(&words, &own) || is_named_so(command.trim())) && !is_tried(&own)
    };
    let is_it = |line: &&str| lines::commands(line).any(|command| publishes(&command));
    lines::logical(script).into_iter().find(is_it)
}

/// A command without the version that is wanted of it, `semantic-release@24`, Maven by its wrapper, and others by the names that npm has them under.
fn name_of(word: &str) -> &str {
    // What is of an organisation begins with the same sign.
    let version = word.char_indices().skip(1).find(|(_, char)| *char == '@');
    let name = version.map_or(word, |(at, _)| &word[..at]);
    match name {
        "./mvnw" | "mvnw" => "mvn",
        "@vscode/vsce" => "vsce",
        "aws-cdk" => "cdk",
        "cdktf-cli" => "cdktf",
        "firebase-tools" => "firebase",
        "netlify-cli" => "netlify",
        // `user@host:path` says where to.
        _ if word.contains(':') => word,
        _ => name,
    }
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
    use super::{ACTIONS, COMMANDS, by_action, command};

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
            "aws ecs update-service --cluster c --service s",
            "aws lambda update-function-code --function-name f",
            "aws cloudformation deploy --stack-name s",
            "aws s3 cp --recursive dist s3://bucket",
            "aws s3 sync dist \"$BUCKET\" --delete",
            "aws s3 sync s3://staging s3://live",
            "gsutil -m rsync -r dist gs://bucket",
            "kubectl set image deployment/a a=b",
            "kubectl -n live rollout restart deployment/a",
            "helmfile apply",
            "argocd app sync a",
            "terragrunt run-all apply",
            "ansible-playbook -i hosts site.yml",
            "eb deploy live",
            "func azure functionapp publish a",
            "dart pub publish --force",
            "wasm-pack publish",
            "cabal upload --publish a.tar.gz",
            "luarocks upload a.rockspec",
            "pod trunk push a.podspec",
            "bundle exec fastlane ios release",
            "release-plz release",
            "docker buildx imagetools create -t a b",
            "crane push a.tar b",
            "npx sst deploy --stage live",
            "npx netlify-cli deploy --prod",
            "npx firebase-tools@14 deploy",
            "npx supabase functions deploy",
            "git push origin HEAD:gh-pages",
            "git push --force origin gh-pages",
            "rsync -az --delete dist/ deploy@host:/var/www",
            "scp -r dist host:/var/www > log",
            "scp a \"${{ secrets.HOST }}:/var/www\"",
            "npx @vscode/vsce publish",
            "npx @vscode/vsce@3 publish",
            "npx aws-cdk@2 deploy --all",
            "heroku container:push web",
            "npx convex deploy",
            "sf project deploy start --target-org live",
            "jreleaser full-release",
            "./mvnw jreleaser:full-release",
            "stack upload .",
        ] {
            assert_eq!(command(hidden), Some(hidden));
        }
        for named in [
            "make deploy",
            "npm run release",
            "npm run deploy:prod",
            "goreleaser release --clean",
            "goreleaser release --skip=sign",
            "VERSION=1 ./scripts/publish.sh --now",
            "bash ci/release.sh",
            "just publish x",
        ] {
            assert_eq!(command(named), Some(named));
        }
        for other in [
            "make release",
            "cargo build --release",
            "deno publish --dry-run",
            "npm publish --dry-run",
            "goreleaser release --snapshot --clean",
            "goreleaser release --skip=announce,publish",
            "mvn deploy -DaltDeploymentRepository=local::file:./x",
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
            "kubectl get pods",
            "kubectl rollout status deployment/a",
            "kubectl apply --dry-run=client -f a.yml",
            "aws s3 ls s3://bucket",
            "aws s3 cp s3://bucket/a.zip .",
            "aws s3 sync s3://bucket data --quiet",
            "gsutil cp gs://bucket/a .",
            "aws ecs describe-services",
            "ansible-playbook --check site.yml",
            "ansible-playbook --syntax-check site.yml",
            "ansible-playbook -i localhost, -c local site.yml",
            "terragrunt plan",
            "helmfile diff",
            "rsync -a src/ dist/",
            "rsync -a host:/data/ data/",
            "scp host:/data/a .",
            "scp C:/a C:/b",
            "fastlane test",
            "git push origin HEAD:refs/heads/topic",
            "docker buildx imagetools inspect a",
            "npx @vscode/vsce package",
            "npx aws-cdk diff",
            "sf project deploy start --dry-run",
            "jreleaser full-release --dry-run",
            "npx convex dev --once",
        ] {
            assert_eq!(command(other), None);
        }
        let gives = |uses: &str, given: &str| {
            by_action(uses, |key| given.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')).unwrap_or_default().to_owned())
        };
        assert!(ACTIONS.is_sorted() && COMMANDS.is_sorted());
        assert!(gives("PyPA/gh-action-pypi-publish@release/v1", ""));
        assert!(gives("docker/build-push-action@v6", "outputs=type=registry"));
        assert!(!gives("docker/build-push-action@v6", "push=false"));
        assert!(gives("pulumi/actions@v6", "command=up"));
        assert!(!gives("pulumi/actions@v6", "command=preview"));
        assert!(gives("goreleaser/goreleaser-action@v6", "args=release --clean"));
        assert!(!gives("goreleaser/goreleaser-action@v6", "args=release --snapshot --clean"));
        assert!(!gives("goreleaser/goreleaser-action@v6", "args=check"));
        assert!(!gives("JS-DevTools/npm-publish@v4", "dry-run=true"));
        assert!(!gives("actions/checkout@v6", ""));
    }
}
