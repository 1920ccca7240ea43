//! Actions that keep something in GitHub's cache, and how each is told not to.
//!
//! By the list in zizmor's audit cache-poisoning (`crates/zizmor/src/audit/cache_poisoning.rs`, commit 03ef7313, read 2026-11-28), and by the `action.yml` of
//! docker/setup-qemu-action, golangci/golangci-lint-action and msys2/setup-msys2 (commits 02897d02, 06e45e89 and 0baa2407, read on the same day); those of
//! bazel-contrib/setup-bazel, prefix-dev/setup-pixi and r-lib/actions/setup-r-dependencies (0da58f2c, 05bc8234 and 013dc2d6, read there as well). From memory:
//! buildjet/cache, burrunan/gradle-cache-action, coursier/cache-action, hendrikmuhs/ccache-action, julia-actions/cache, mamba-org/setup-micromamba, pdm-project/setup-pdm,
//! pre-commit/action, subosito/flutter-action, useblacksmith/cache.

use super::{actions, lines};
use crate::pins::Version;

/// How an action comes to use a cache.
enum Use {
    /// Always: nothing switches it off.
    Always,
    /// Unless this input says this word.
    Unless(&'static str, &'static str),
    /// Where this input is given, and is not `false`.
    Where(&'static str),
    /// Where one of these inputs is given, and is not `false`.
    WhereAny(&'static [&'static str]),
    /// Where this input has this in it.
    With(&'static str, &'static str),
}

use Use::{Always, Unless, Where, WhereAny, With};

/// By name, in lower case.
const ACTIONS: &[(&str, Use)] = &[
    ("actions-rust-lang/setup-rust-toolchain", Unless("cache", "false")),
    ("actions/cache", Always),
    ("actions/cache/restore", Always),
    ("actions/setup-go", Unless("cache", "false")),
    ("actions/setup-node", Unless("package-manager-cache", "false")),
    ("astral-sh/setup-uv", Unless("enable-cache", "false")),
    ("awalsh128/cache-apt-pkgs-action", Always),
    ("bazel-contrib/setup-bazel", WhereAny(&["bazelisk-cache", "disk-cache", "external-cache", "repository-cache"])),
    ("buildjet/cache", Always),
    ("burrunan/gradle-cache-action", Always),
    ("coursier/cache-action", Always),
    ("denoland/setup-deno", Where("cache")),
    ("determinatesystems/magic-nix-cache-action", Unless("use-gha-cache", "false")),
    ("docker/bake-action", With("set", "cache-from=type=gha")),
    ("docker/build-push-action", With("cache-from", "type=gha")),
    ("docker/setup-qemu-action", Unless("cache-image", "false")),
    ("golangci/golangci-lint-action", Unless("skip-cache", "true")),
    ("graalvm/setup-graalvm", Where("cache")),
    ("gradle/actions/setup-gradle", Unless("cache-disabled", "true")),
    ("hendrikmuhs/ccache-action", Unless("restore", "false")),
    ("jdx/mise-action", Unless("cache", "false")),
    ("julia-actions/cache", Always),
    ("mamba-org/setup-micromamba", WhereAny(&["cache-downloads", "cache-environment"])),
    ("mlugg/setup-zig", Unless("use-cache", "false")),
    ("mozilla-actions/sccache-action", Always),
    ("msys2/setup-msys2", Unless("cache", "false")),
    ("nix-community/cache-nix-action", Always),
    ("oven-sh/setup-bun", Unless("no-cache", "true")),
    ("pdm-project/setup-pdm", Where("cache")),
    ("pnpm/action-setup", Where("cache")),
    ("pre-commit/action", Always),
    ("prefix-dev/setup-pixi", Unless("cache", "false")),
    ("pyo3/maturin-action", Where("sccache")),
    ("r-lib/actions/setup-r-dependencies", Unless("cache", "false")),
    ("ramsey/composer-install", Unless("ignore-cache", "true")),
    ("ruby/setup-ruby", Where("bundler-cache")),
    ("subosito/flutter-action", Where("cache")),
    ("swatinem/rust-cache", Unless("lookup-only", "true")),
    ("useblacksmith/cache", Always),
];

/// How an action that restores a cache can be told not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// It cannot.
    Never,
    /// By this input, with this word.
    By(&'static str, &'static str),
    /// By leaving this input out.
    Without(&'static str),
    /// By leaving this out of that input.
    Part(&'static str, &'static str),
}

/// Whether an action restores a cache, given the value of each input, and how it would not; none where it does not.
pub fn restores(uses: &str, input: impl Fn(&str) -> String) -> Option<Off> {
    let name = actions::name(uses).to_ascii_lowercase();
    let is_on = |key: &str| !matches!(input(key).as_str(), "" | "false");
    // Whatever it does by itself, it does where it is told to.
    let cache =
        (name.starts_with("actions/setup-") && name != "actions/setup-go" && is_on("cache")).then_some(Off::Without("cache"));
    cache.or_else(|| {
        let (_, how) = ACTIONS.iter().find(|(known, _)| *known == name)?;
        match *how {
            Always => Some(Off::Never),
            Unless(key, off) => (input(key) != off && by_itself(uses)).then_some(Off::By(key, off)),
            Where(key) => is_on(key).then_some(Off::Without(key)),
            WhereAny(keys) => keys.iter().find(|key| is_on(key)).map(|key| Off::Without(key)),
            With(key, cache) => input(key).contains(cache).then_some(Off::Part(key, cache)),
        }
    })
}

/// Actions, each in lower case, and the layers of toolchains whose places they keep as well.
const SAME: &[(&str, &[&str])] = &[
    ("actions-rust-lang/setup-rust-toolchain", &["cargo", "target"]),
    ("actions/setup-dotnet", &["nuget"]),
    ("actions/setup-go", &["go", "go-build", "go-modules"]),
    ("astral-sh/setup-uv", &["uv"]),
    ("burrunan/gradle-cache-action", &["gradle"]),
    ("denoland/setup-deno", &["deno"]),
    ("gradle/actions/setup-gradle", &["gradle"]),
    ("oven-sh/setup-bun", &["bun"]),
    ("ramsey/composer-install", &["composer"]),
    ("ruby/setup-ruby", &["gems"]),
    ("swatinem/rust-cache", &["cargo", "target"]),
];

/// Whether an action keeps what this layer of a toolchain would, given the value of each input.
pub fn keeps_layer(uses: &str, input: impl Fn(&str) -> String, layer: &str) -> bool {
    let name = actions::name(uses).to_ascii_lowercase();
    let is_same = match SAME.iter().find(|(known, _)| *known == name) {
        Some((_, layers)) => layers.contains(&layer),
        // What is asked for has the name of the tool: `npm`, `pip`, `gradle`.
        None => name.starts_with("actions/setup-") && input("cache") == layer,
    };
    is_same && restores(uses, input).is_some()
}

/// The option by which a command of a script builds an image on layers from GitHub's cache, and the line that it is in.
/// (docs.docker.com/build/cache/backends/gha, from memory.)
pub fn restoring_command(script: &str) -> Option<(&'static str, &str)> {
    let option = |line: &&str| {
        lines::commands(line).find_map(|command| {
            let command = command.replace('=', " ");
            let words = lines::words(&command);
            let builds = ["buildctl", "buildx", "docker"].iter().any(|tool| words.contains(tool));
            let has = |option: &str| {
                words.windows(3).any(|words| words[0].ends_with(option) && words[1] == "type" && words[2].starts_with("gha"))
            };
            ["--cache-from", "--import-cache", ".cache-from"].into_iter().find(|option| builds && has(option))
        })
    };
    lines::logical(script).into_iter().find_map(|line| Some((option(&line)?.trim_start_matches('.'), line)))
}

/// The command by which a script only looks at how source files are laid out, where that is all it does: nothing is fetched or compiled for it. `cargo fmt` asks
/// Cargo for the members of the workspace alone (rustfmt's `src/cargo-fmt/main.rs`, from memory), `gofmt` reads files.
pub fn only_formats(script: &str) -> Option<&'static str> {
    let mut found = None;
    for command in lines::logical(script).into_iter().flat_map(lines::commands) {
        match lines::words(&command)[..] {
            [] | ["!" | "$" | "[" | "test", ..] => {}
            ["cargo", "fmt", ..] => found = Some("cargo fmt"),
            ["gofmt", ..] => found = Some("gofmt"),
            _ => return None,
        }
    }
    found
}

/// Whether a command of a script may ask for GitHub's cache: by its name, or out of sight, in a file of the project.
pub fn may_ask(script: &str) -> bool {
    const OUT_OF_SIGHT: [&str; 2] = ["bake", "compose"];
    const SHELLS: [&str; 5] = ["bash", "node", "python", "python3", "sh"];
    let is_out_of_sight = |command: std::borrow::Cow<'_, str>| {
        let words = lines::words(&command);
        let first = words.iter().find(|word| **word != "sudo" && !word.contains('='));
        words.iter().any(|word| OUT_OF_SIGHT.contains(word))
            || first.is_some_and(|first| lines::RUNNERS.contains(first) || SHELLS.contains(first) || first.contains(['/', '$']))
    };
    script.contains("gha") || lines::logical(script).into_iter().flat_map(lines::commands).any(is_out_of_sight)
}

/// Whether an action gives the address and the token of GitHub's cache to the commands behind it.
pub fn hands_out(uses: &str) -> bool {
    actions::name(uses).eq_ignore_ascii_case("crazy-max/ghaction-github-runtime")
}

/// Whether an action in that version caches without being told to: setup-node does since v5 (its release notes), setup-uv below v10 (zizmor's list).
fn by_itself(uses: &str) -> bool {
    let reference = uses.split_once('@').map(|(_, reference)| reference);
    let major = reference.and_then(Version::of).map(|version| version.major());
    match actions::name(uses).to_ascii_lowercase().as_str() {
        "actions/setup-node" => reference.is_some() && major.is_none_or(|major| major >= 5),
        "astral-sh/setup-uv" => major.is_none_or(|major| major < 10),
        _ => true,
    }
}

/// Folders that an install makes, by what their paths end with: what is gone from a lockfile stays in an older one.
const INSTALLED: &[&str] =
    &[".nox", ".tox", ".venv", "__pypackages__", "bower_components", "node_modules", "site-packages", "vendor/bundle", "venv"];

/// Whether a path is an installed tree.
pub fn is_installed(path: &str) -> bool {
    let path = path.trim_end_matches("/**").trim_end_matches('/');
    INSTALLED.iter().any(|name| path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/')))
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, Off, SAME, keeps_layer, may_ask, only_formats, restores, restoring_command};

    #[test]
    fn what_only_looks_at_the_layout_is_known() {
        assert_eq!(only_formats("cargo fmt --all -- --check\n"), Some("cargo fmt"));
        assert_eq!(only_formats("test -z \"$(gofmt -l .)\""), Some("gofmt"));
        assert_eq!(only_formats("cargo fmt --check\ncargo clippy"), None);
        assert_eq!(only_formats("# nothing"), None);
    }

    #[test]
    fn who_may_ask_for_githubs_cache_is_known() {
        for script in
            ["docker buildx build --cache-from type=gha .", "make image", "docker buildx bake", "sudo ./build.sh", "bash x"]
        {
            assert!(may_ask(script), "{script}");
        }
        for script in ["docker build -t ghcr.io/a/x .", "echo done\ndocker run --rm x"] {
            assert!(!may_ask(script), "{script}");
        }
    }

    #[test]
    fn who_keeps_the_same_is_known() {
        assert!(SAME.is_sorted_by(|a, b| a.0 < b.0));
        let of = |uses: &str, given: &str, layer: &str| {
            let input =
                |key: &str| given.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')).unwrap_or_default().to_owned();
            keeps_layer(uses, input, layer)
        };
        assert!(of("Swatinem/rust-cache@v2", "", "cargo"));
        assert!(of("actions/setup-node@v6", "cache=npm", "npm"));
        assert!(of("gradle/actions/setup-gradle@v4", "", "gradle"));
        assert!(!of("gradle/actions/setup-gradle@v4", "cache-disabled=true", "gradle"));
        assert!(!of("gradle/actions/setup-gradle@v4", "", "maven"));
        assert!(!of("actions/setup-node@v4", "", "npm"));
        assert!(!of("actions/setup-node@v4", "cache=npm", "npm-modules"));
        assert!(!of("ruby/setup-ruby@v1", "", "gems"));
    }

    #[test]
    fn who_restores_a_cache_is_known() {
        assert!(ACTIONS.is_sorted_by(|a, b| a.0 < b.0));
        let of = |uses: &str, given: &str| {
            restores(uses, |key| given.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')).unwrap_or_default().to_owned())
        };
        for (uses, given, wanted) in [
            ("actions/setup-node@v4", "", None),
            ("actions/setup-node@v4", "cache=npm", Some(Off::Without("cache"))),
            ("actions/setup-node@v6", "", Some(Off::By("package-manager-cache", "false"))),
            ("actions/setup-node@v6", "package-manager-cache=false", None),
            ("actions/setup-go@v6", "cache=true", Some(Off::By("cache", "false"))),
            ("astral-sh/setup-uv@v10", "", None),
            ("oven-sh/setup-bun@v2", "no-cache=true", None),
            ("Mozilla-Actions/sccache-action@v0.0.9", "", Some(Off::Never)),
            ("docker/build-push-action@v7", "cache-from=type=gha,scope=a", Some(Off::Part("cache-from", "type=gha"))),
            ("docker/build-push-action@v7", "cache-from=type=registry,ref=a", None),
            ("docker/bake-action@v7", "set=*.cache-from=type=gha", Some(Off::Part("set", "cache-from=type=gha"))),
            ("actions/checkout@v6", "", None),
            ("hendrikmuhs/ccache-action@v1.2", "", Some(Off::By("restore", "false"))),
            ("subosito/flutter-action@v2", "cache=true", Some(Off::Without("cache"))),
            ("subosito/flutter-action@v2", "", None),
            ("bazel-contrib/setup-bazel@0.15.0", "disk-cache=x", Some(Off::Without("disk-cache"))),
            ("prefix-dev/setup-pixi@v0.9.0", "cache=false", None),
            ("r-lib/actions/setup-r-dependencies@v2", "", Some(Off::By("cache", "false"))),
            ("docker/setup-buildx-action@v3", "", None),
        ] {
            assert_eq!(of(uses, given), wanted, "{uses} {given}");
        }
        for (script, wanted) in [
            ("make\ndocker buildx build --push --cache-from type=gha .", Some("--cache-from")),
            ("docker build \\\n  --cache-from=type=gha,scope=a .", Some("--cache-from")),
            ("docker buildx bake --set '*.cache-from=type=gha'", Some("cache-from")),
            ("docker buildx build --cache-to type=gha .", None),
            ("docker build --cache-from type=registry,ref=a .", None),
            ("echo --cache-from type=gha", None),
        ] {
            assert_eq!(restoring_command(script).map(|(option, _)| option), wanted, "{script}");
        }
    }
}
