//! Images of containers: what pushes one, what logs in to a registry, and what of Buildx leaves one in no store.

use std::ops::Range;

use super::lines::{self, Table};

/// Commands that push an image or a chart, and end with an error where nobody has logged in.
const PUSHES: Table<&[&str]> = &[
    &["buildah", "push"],
    &["crane", "copy"],
    &["crane", "push"],
    &["docker", "bake", "--push"],
    &["docker", "build", "--push"],
    &["docker", "buildx", "imagetools", "create"],
    &["docker", "compose", "push"],
    &["docker", "image", "push"],
    &["docker", "manifest", "push"],
    &["docker", "push"],
    &["helm", "push"],
    &["oras", "push"],
    &["podman", "push"],
];

/// Actions that build images, and push them where their input `push` says so (their `action.yml`).
const BUILDERS: [&str; 2] = ["docker/bake-action", "docker/build-push-action"];

/// What says that somebody logs in, in a script or in the name of an action or a file that it runs.
const LOGINS: [&str; 6] = ["auth", "config.json", "configure-docker", "credential", "docker_config", "login"];

/// Registries on the machine itself, which ask for nothing.
const LOCAL: [&str; 3] = ["127.0.0.1", "localhost", "registry:5000"];

/// The first command of a script that pushes an image to where one has to log in.
pub fn pushed(script: &str) -> Option<Range<usize>> {
    // Most scripts have nothing to do with images.
    let may_be = ["push", "crane", "imagetools"].iter().any(|word| script.contains(word));
    if !may_be || LOCAL.iter().any(|host| script.contains(host)) {
        return None;
    }
    found(script, |words| {
        let is_try = lines::has_flag(words, &["--dry-run", "--help"]);
        !is_try && lines::listed(words, PUSHES).next().is_some()
    })
}

/// Whether an action pushes an image, by what its inputs say.
pub fn pushed_by(action: &str, input: impl Fn(&str) -> String) -> bool {
    let is_builder = BUILDERS.iter().any(|builder| super::actions::name(action).eq_ignore_ascii_case(builder));
    let texts = [input("push"), input("outputs"), input("tags")];
    let [push, outputs, tags] = &texts;
    let is_local = LOCAL.iter().any(|host| tags.contains(host) || outputs.contains(host));
    is_builder
        && !is_local
        && (!["", "false"].contains(&push.as_str()) || outputs.contains("push=true") || outputs.contains("type=registry"))
}

/// Whether a script, or an action by its name, logs in to a registry, or may.
pub fn logs_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    LOGINS.iter().any(|word| text.contains(word))
}

/// The first command of a script by which Buildx builds an image that it puts nowhere, and the image's names. With a driver other than Docker's own the image stays
/// in the builder unless `--load`, `--push` or `--output` says where it goes (docs.docker.com/build/builders/drivers/docker-container, "Loading to local image store").
pub fn left_in_builder(script: &str) -> Option<(Range<usize>, Vec<&str>)> {
    let at = found(script, |words| {
        let is_build = matches!(words, ["docker", "buildx", "build" | "b", ..]);
        is_build && !lines::has_flag(words, &["--call", "--check", "--load", "--output", "--push", "-o"])
    })?;
    let words: Vec<&str> = lines::bare(&script[at.clone()]);
    let behind = words.windows(2).filter(|pair| matches!(pair[0], "-t" | "--tag")).map(|pair| pair[1]);
    let tags = behind.chain(words.iter().filter_map(|word| word.strip_prefix("--tag="))).collect();
    Some((at, tags))
}

/// The first command of a script that takes an image of this name from the store of the machine.
pub fn taken(script: &str, name: &str) -> Option<Range<usize>> {
    const TAKERS: [&str; 6] = ["dive", "docker", "grype", "podman", "syft", "trivy"];
    found(script, |words| {
        let is_build = words.contains(&"build") || words.contains(&"buildx");
        words.first().is_some_and(|program| TAKERS.contains(program)) && !is_build && words.contains(&name)
    })
}

/// The first command of a script that is so, by its words from its program on.
fn found(script: &str, is_so: impl Fn(&[&str]) -> bool) -> Option<Range<usize>> {
    lines::placed(script)
        .find(|(_, command)| is_so(lines::own(&lines::bare(command))))
        .map(|(at, command)| at..at + command.len())
}

#[cfg(test)]
mod tests {
    use super::{left_in_builder, logs_in, pushed, pushed_by, taken};

    #[test]
    fn pushes_are_known() {
        for (script, expected) in [
            ("docker build -t x . && docker push x", Some("docker push x")),
            ("docker buildx build --push -t x .", Some("docker buildx build --push -t x .")),
            ("if ! docker image push x; then exit 1; fi", Some("if ! docker image push x")),
            ("docker push localhost:5000/x", None),
            ("docker build .", None),
            ("echo docker push x", None),
        ] {
            assert_eq!(pushed(script).map(|at| &script[at]), expected, "{script}");
        }
        let by = |uses: &str, key: &str, value: &str| {
            pushed_by(uses, |asked| if asked == key { value.to_owned() } else { String::new() })
        };
        assert!(by("docker/build-push-action@v6", "push", "true"));
        assert!(by("docker/build-push-action@v6", "outputs", "type=image,push=true"));
        assert!(!by("docker/build-push-action@v6", "push", "false"));
        assert!(!by("docker/build-push-action@v6", "load", "true"));
        assert!(!by("docker/metadata-action@v5", "push", "true"));
    }

    #[test]
    fn logins_are_known() {
        for (text, expected) in [
            ("echo $T | docker login ghcr.io -u x --password-stdin", true),
            ("docker/login-action@v3", true),
            ("gcloud auth configure-docker", true),
            ("./ci/registry-login.sh", true),
            ("docker/setup-buildx-action@v3", false),
            ("make image", false),
        ] {
            assert_eq!(logs_in(text), expected, "{text}");
        }
    }

    #[test]
    fn images_in_the_builder_are_known() {
        for (script, expected) in [
            ("docker buildx build -t app:1 --tag=b .", Some(vec!["app:1", "b"])),
            ("docker buildx build --load -t app:1 .", None),
            ("docker buildx build -o type=docker -t app:1 .", None),
            ("docker build -t app:1 .", None),
            ("docker buildx build --check .", None),
        ] {
            assert_eq!(left_in_builder(script).map(|(_, tags)| tags), expected, "{script}");
        }
        assert!(taken("trivy image \"app:1\"", "app:1").is_some());
        assert!(taken("docker run --rm app:1 test", "app:1").is_some());
        assert!(taken("docker buildx build -t app:1 .", "app:1").is_none());
    }
}
