//! Commands that find something in the caches of a toolchain: what they fetch or compile, they have less of.
//!
//! What a layer holds, the toolchains of the standard library say, each with its source: downloads and `target/` of Cargo, modules and the build cache of Go,
//! `~/.gradle/caches` and `~/.m2`, packages of a package manager. Which programs look there: the tools' own help texts, from memory.

use super::{caching, commands, lines};

/// The programs that look into the caches of a toolchain, by its name.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("bun", &["bun", "bunx"]),
    ("deno", &["deno"]),
    ("dotnet", &["dotnet", "msbuild", "nuget"]),
    ("elixir", &["iex", "mix"]),
    ("go", &["go", "golangci-lint", "goreleaser", "gotestsum", "govulncheck", "ko", "mage", "staticcheck", "wails"]),
    ("java", &["gradle", "gradlew", "gradlew.bat", "mvn", "mvnd", "mvnw", "mvnw.cmd"]),
    ("node", &["bun", "npm", "pnpm", "yarn"]),
    ("php", &["composer"]),
    ("playwright", &["playwright"]),
    ("python", &["pdm", "pip", "pip3", "pipenv", "pipx", "poetry", "uv", "uvx"]),
    ("ruby", &["bundle"]),
    ("rust", &["cargo", "cross", "maturin", "trunk", "wasm-pack"]),
    ("terraform", &["terraform", "terragrunt", "tofu"]),
];

/// Toolchains whose caches hold packages, of which only an install takes any: what runs them finds them installed.
const OF_PACKAGES: &[&str] = &["node", "php", "playwright", "ruby"];

/// Words by which a program installs packages.
const INSTALLS: &[&str] = &["add", "ci", "dlx", "i", "install", "update"];

/// Whether a command of a script finds something in the caches of a toolchain. One that the standard library does not have says nothing of what it holds: all but
/// well-known commands may look there.
pub fn looks_into(toolchain: &str, script: &str) -> bool {
    if caching::only_formats(script).is_some() {
        return false;
    }
    let Some((_, programs)) = PROGRAMS.iter().find(|(name, _)| *name == toolchain) else {
        return commands::find(script).is_none_or(|known| known.shares.is_some());
    };
    lines::any(script, |words| {
        let installs = || words[1..].iter().any(|word| INSTALLS.contains(word));
        programs.contains(&lines::program(words[0])) && (!OF_PACKAGES.contains(&toolchain) || installs())
    })
}

/// What builds packages of several languages, or runs what does.
const BUILDERS: &[&str] = &["bundle", "pdm", "pip", "pip3", "pipenv", "poetry", "uv", "uvx"];

/// Whether a script is a test or a look at files that is known, and compiles nothing: not a script of the project, which may do anything.
pub fn looks_nowhere(script: &str) -> bool {
    let may_build = |words: &[&str]| [lines::RUNNERS, BUILDERS].iter().any(|all| all.contains(&lines::program(words[0])));
    let is_one = |known: commands::Known| {
        known.shares.is_none() && !known.installs && matches!(known.kind, commands::Kind::Lint | commands::Kind::Test)
    };
    commands::find(script).is_some_and(is_one) && !lines::any(script, may_build)
}

#[cfg(test)]
mod tests {
    use super::{looks_into, looks_nowhere};

    #[test]
    fn who_compiles_nothing_is_known() {
        for (script, nowhere) in [
            ("npx eslint src", true),
            ("pytest", true),
            ("uv run pytest", false),
            ("npm test", false),
            ("cargo clippy", false),
            ("./check", false),
            ("python -m build", false),
        ] {
            assert_eq!(looks_nowhere(script), nowhere, "{script}");
        }
    }

    #[test]
    fn who_looks_into_a_cache_is_known() {
        for (toolchain, script, looks) in [
            ("rust", "cargo test --locked", true),
            ("rust", "cargo +nightly clippy", true),
            ("rust", "cargo fmt --check", false),
            ("rust", "npx eslint src", false),
            ("rust", "npm run build", false),
            ("go", "go build ./...", true),
            ("go", "cargo build", false),
            ("java", "./gradlew -q lint", true),
            ("java", "./mvnw -B verify", true),
            ("java", "make", false),
            ("node", "npm ci", true),
            ("node", "npm test", false),
            ("mine", "./build", true),
            ("mine", "./gradlew test", true),
            ("mine", "npx eslint src", false),
        ] {
            assert_eq!(looks_into(toolchain, script), looks, "{toolchain}: {script}");
        }
    }
}
