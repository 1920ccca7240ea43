//! What of Rust comes with a toolchain, and what has to be added: rustup's profile `minimal` has the compiler, the standard library and Cargo
//! (rust-lang.github.io/rustup/concepts/profiles.html), and so do the actions that install it by that profile.

use std::ops::Range;

use super::{actions, lines};

/// Commands of Cargo that are components, with the component.
const COMMANDS: [(&str, &str); 3] = [("clippy", "clippy"), ("fmt", "rustfmt"), ("miri", "miri")];

/// Whether a version is on GitHub's images, with `clippy` and `rustfmt` (actions/runner-images, "Rust Tools").
pub fn is_on_images(version: &str) -> bool {
    version == "stable"
}

/// The version that a script installs without components; where it is an expression, that.
pub fn minimal(script: &str) -> Option<&str> {
    script.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("rustup toolchain install ").filter(|rest| rest.contains("minimal"))?;
        let end = if rest.starts_with("${{") { rest.find("}}")? + 2 } else { rest.find(' ').unwrap_or(rest.len()) };
        Some(&rest[..end]).filter(|version| !version.starts_with('-'))
    })
}

/// Whether a script adds a component.
pub fn adds(script: &str, component: &str) -> bool {
    let names = |line: &str| line.split([' ', ',', '"', '\'']).any(|word| word == component);
    script.lines().any(|line| {
        (line.contains("rustup component add") || line.contains("--component") || line.contains(" -c ")) && names(line)
    })
}

/// Whether an action installs a toolchain without components, but for those that it is told.
pub fn installs(action: &str) -> bool {
    actions::name(action) == "dtolnay/rust-toolchain"
}

/// The version in the name of a branch of such an action: `@nightly`. Where it is pinned to a commit, that is what a comment says, and not known.
pub fn version_of(action: &str) -> &str {
    let tag = action.split_once('@').map_or("", |(_, tag)| tag);
    let is_version =
        tag == "nightly" || tag == "beta" || tag.starts_with(|first: char| first.is_ascii_digit()) && tag.contains('.');
    if is_version { tag } else { "stable" }
}

/// The commands of a script that are components, with those.
pub fn asked(script: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> {
    lines::placed(script).filter_map(|(at, command)| {
        let words: Vec<&str> = command.split_whitespace().collect();
        let [program, verb, ..] = lines::own(&words) else { return None };
        let (_, component) = COMMANDS.iter().find(|(known, _)| *program == "cargo" && known == verb)?;
        Some((at..at + command.len(), *component))
    })
}

#[cfg(test)]
mod tests {
    use super::{adds, asked, minimal, version_of};

    #[test]
    fn toolchains_and_components_are_known() {
        for (script, expected) in [
            ("rustup toolchain install 1.80.0 --profile minimal --no-self-update\n", Some("1.80.0")),
            ("rustup toolchain install ${{ matrix.rust }} --profile minimal", Some("${{ matrix.rust }}")),
            ("rustup toolchain install --no-self-update", None),
            ("rustup toolchain install nightly", None),
        ] {
            assert_eq!(minimal(script), expected, "{script}");
        }
        assert!(adds("rustup component add clippy rustfmt", "clippy"));
        assert!(adds("rustup toolchain install 1.80.0 --profile minimal --component rustfmt,clippy", "clippy"));
        assert!(!adds("cargo clippy", "clippy"));
        let of = |script: &str| asked(script).map(|(_, component)| component).collect::<Vec<_>>();
        assert_eq!(of("cargo fmt --check && cargo clippy -- -D warnings\ncargo +nightly fmt\ncargo test"), ["rustfmt", "clippy"]);
        assert_eq!(["dtolnay/rust-toolchain@1.80", "dtolnay/rust-toolchain@v1"].map(version_of), ["1.80", "stable"]);
    }
}
