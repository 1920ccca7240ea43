//! Variables by which tools are told to keep elsewhere what a cache layer holds.
//!
//! Each is in the documentation of its tool, from memory: doc.rust-lang.org/cargo/reference/environment-variables.html, `go help environment`,
//! docs.gradle.org (`GRADLE_USER_HOME`), docs.npmjs.com/cli/using-npm/config, learn.microsoft.com/nuget (`NUGET_PACKAGES`), bundler.io/man/bundle-config.1.html,
//! pip.pypa.io/en/stable/topics/caching, getcomposer.org/doc/03-cli.md, docs.deno.com, playwright.dev/docs/browsers, hexdocs.pm/mix. Of images: their Dockerfiles.

/// Each with a place as the library writes it, and what stands between the variable's value and the rest of a path below that place.
const PLACES: &[(&str, &str, &str)] = &[
    ("BUNDLE_PATH", "vendor/bundle", ""),
    ("BUN_INSTALL", "~/.bun", ""),
    ("BUN_INSTALL_CACHE_DIR", "~/.bun/install/cache", ""),
    ("CARGO_BUILD_TARGET_DIR", "target", ""),
    ("CARGO_HOME", "~/.cargo", ""),
    ("CARGO_TARGET_DIR", "target", ""),
    ("COMPOSER_CACHE_DIR", "~/.cache/composer", ""),
    ("COMPOSER_CACHE_DIR", "~/AppData/Local/Composer", ""),
    ("COMPOSER_CACHE_DIR", "~/Library/Caches/composer", ""),
    ("DENO_DIR", "~/.cache/deno", ""),
    ("DENO_DIR", "~/AppData/Local/deno", ""),
    ("DENO_DIR", "~/Library/Caches/deno", ""),
    ("GOCACHE", "~/.cache/go-build", ""),
    ("GOCACHE", "~/AppData/Local/go-build", ""),
    ("GOCACHE", "~/Library/Caches/go-build", ""),
    ("GOMODCACHE", "~/go/pkg/mod", ""),
    ("GOPATH", "~/go", ""),
    ("GRADLE_USER_HOME", "~/.gradle", ""),
    ("KONAN_DATA_DIR", "~/.konan", ""),
    ("MIX_BUILD_PATH", "_build", ""),
    ("MIX_DEPS_PATH", "deps", ""),
    ("NPM_CONFIG_CACHE", "~/.npm", ""),
    ("NPM_CONFIG_CACHE", "~/AppData/Local/npm-cache", ""),
    ("NPM_CONFIG_STORE_DIR", "~/.pnpm-store", ""),
    ("NUGET_PACKAGES", "~/.nuget/packages", ""),
    ("PIP_CACHE_DIR", "~/.cache/pip", ""),
    ("PIP_CACHE_DIR", "~/AppData/Local/pip/Cache", ""),
    ("PIP_CACHE_DIR", "~/Library/Caches/pip", ""),
    ("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright", ""),
    ("PLAYWRIGHT_BROWSERS_PATH", "~/AppData/Local/ms-playwright", ""),
    ("PLAYWRIGHT_BROWSERS_PATH", "~/Library/Caches/ms-playwright", ""),
    ("POETRY_CACHE_DIR", "~/.cache/pypoetry", ""),
    ("POETRY_CACHE_DIR", "~/AppData/Local/pypoetry/Cache", ""),
    ("POETRY_CACHE_DIR", "~/Library/Caches/pypoetry", ""),
    ("TF_PLUGIN_CACHE_DIR", "~/.terraform.d/plugin-cache", ""),
    ("UV_CACHE_DIR", "~/.cache/uv", ""),
    ("YARN_CACHE_FOLDER", ".yarn/cache", ""),
    ("YARN_CACHE_FOLDER", "~/.cache/yarn", ""),
    ("YARN_CACHE_FOLDER", "~/AppData/Local/Yarn/Cache", ""),
    ("YARN_CACHE_FOLDER", "~/Library/Caches/Yarn", ""),
    // Whoever asks for a place of its own above does not look at this one; uv's and Terraform's are given to them by the library.
    ("XDG_CACHE_HOME", "~/.cache/composer", "/composer"),
    ("XDG_CACHE_HOME", "~/.cache/deno", "/deno"),
    ("XDG_CACHE_HOME", "~/.cache/go-build", "/go-build"),
    ("XDG_CACHE_HOME", "~/.cache/ms-playwright", "/ms-playwright"),
    ("XDG_CACHE_HOME", "~/.cache/pip", "/pip"),
    ("XDG_CACHE_HOME", "~/.cache/pypoetry", "/pypoetry"),
    ("XDG_CACHE_HOME", "~/.cache/yarn", "/yarn"),
];

/// Variables that images of Docker Hub set.
const IMAGES: &[(&str, &str, &str)] = &[("golang", "GOPATH", "/go"), ("rust", "CARGO_HOME", "/usr/local/cargo")];

/// Where a path is that a variable moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// There.
    To(String),
    /// Where only the run knows, by this variable.
    Somewhere(&'static str),
}

/// Where a path of a layer is, given the value of each variable that is set; none where nothing moves it. A value from which a place follows that
/// depends on the folder of a step is of use only where none has one of its own (`at_root`).
pub fn moved(path: &str, at_root: bool, value_of: impl Fn(&str) -> Option<String>) -> Option<Moved> {
    let rest_below = |place: &str| {
        // What is beside the files of a project is in the folder that it has.
        let is_of_project = !place.starts_with('~') && !path.starts_with('~');
        let inside = path.strip_suffix(place).filter(|folder| is_of_project && folder.ends_with('/'));
        let rest = if inside.is_some() { "" } else { path.strip_prefix(place)? };
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    };
    PLACES.iter().find_map(|(variable, place, between)| {
        let rest = rest_below(place)?;
        let value = value_of(variable).filter(|value| !value.is_empty())?;
        let known = place_of(&value, at_root);
        Some(known.map_or(Moved::Somewhere(variable), |known| Moved::To(format!("{known}{between}{rest}"))))
    })
}

/// A value as a path of a layer: from the root, or from the workspace. No tool reads `~`, and browsers at `0` are in the packages of the project.
fn place_of(value: &str, at_root: bool) -> Option<String> {
    let value = value.trim_end_matches(['/', '\\']);
    let (inside, in_workspace) = match value.strip_prefix("${{ github.workspace }}/") {
        Some(inside) => (inside, true),
        None => (value, at_root),
    };
    let is_absolute = inside.starts_with('/') || inside.as_bytes().get(1) == Some(&b':');
    let is_odd = inside.is_empty()
        || inside == "0"
        || inside.contains(['$', '%', '~', '*', '?', '!'])
        || inside.split('/').any(|part| part == "..");
    (!is_odd && (is_absolute || in_workspace)).then(|| inside.trim_start_matches("./").to_owned())
}

/// What an image sets a variable to.
pub fn of_image(image: &str, variable: &str) -> Option<&'static str> {
    let name = image.trim_start_matches("docker.io/").trim_start_matches("library/").split([':', '@']).next()?;
    IMAGES.iter().find(|(known, own, _)| *known == name && *own == variable).map(|(.., value)| *value)
}

#[cfg(test)]
mod tests {
    use super::{Moved, moved, of_image};

    #[test]
    fn variables_move_what_is_below_their_place() {
        let of = |path: &str, set: &str, value: &str| moved(path, true, |variable| (variable == set).then(|| value.to_owned()));
        let to = |path: &str| Some(Moved::To(path.to_owned()));
        assert_eq!(of("~/.cargo/git/db", "CARGO_HOME", "/opt/cargo/"), to("/opt/cargo/git/db"));
        assert_eq!(of("target", "CARGO_TARGET_DIR", "./out"), to("out"));
        assert_eq!(of("target", "CARGO_TARGET_DIR", "${{ github.workspace }}/out"), to("out"));
        assert_eq!(of("~/go/pkg/mod", "GOPATH", "/go"), to("/go/pkg/mod"));
        assert_eq!(of("~/.cache/pip", "XDG_CACHE_HOME", "/x"), to("/x/pip"));
        assert_eq!(of("~/.npm", "NPM_CONFIG_CACHE", "D:\\npm"), to("D:\\npm"));
        assert_eq!(of("~/.cache/uv", "XDG_CACHE_HOME", "/x"), None);
        assert_eq!(of("~/.cargo-other", "CARGO_HOME", "/x"), None);
        assert_eq!(of("target", "CARGO_HOME", "/x"), None);
        assert_eq!(of("rs/target", "CARGO_TARGET_DIR", "/out"), to("/out"));
        assert_eq!(of("target", "CARGO_TARGET_DIR", ""), None);
        for unknown in ["${{ inputs.at }}", "~/out", "../out", "a/../../b"] {
            assert_eq!(of("target", "CARGO_TARGET_DIR", unknown), Some(Moved::Somewhere("CARGO_TARGET_DIR")), "{unknown}");
        }
        let inside = |value: &str| moved("target", false, |_| Some(value.to_owned()));
        assert_eq!(inside("out"), Some(Moved::Somewhere("CARGO_BUILD_TARGET_DIR")));
        assert_eq!(inside("/out"), to("/out"));
    }

    #[test]
    fn images_set_some() {
        assert_eq!(of_image("rust:1.90-slim", "CARGO_HOME"), Some("/usr/local/cargo"));
        assert_eq!(of_image("docker.io/library/golang@sha256:x", "GOPATH"), Some("/go"));
        assert_eq!(of_image("ghcr.io/acme/rust:1", "CARGO_HOME"), None);
    }
}
