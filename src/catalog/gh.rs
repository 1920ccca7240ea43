//! GitHub's command line, which takes no token by itself: "To use GitHub CLI in a GitHub Actions workflow, set the `GH_TOKEN` environment variable" (cli/cli;
//! github/docs "Using GitHub CLI in workflows", as quoted in github/docs#21930), and ends with 4 without one.

use std::ops::Range;

use super::lines;

/// Variables that it takes a token from (`gh help environment`, from memory).
const TOKENS: [&str; 4] = ["GH_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_TOKEN"];

/// What it does without asking GitHub.
const LOCAL: [&str; 8] = ["--help", "--version", "alias", "auth", "completion", "config", "help", "version"];

/// Whether a variable gives it a token.
pub fn is_token(variable: &str) -> bool {
    TOKENS.contains(&variable)
}

/// Whether a script gives it a token, or may.
pub fn is_told(script: &str) -> bool {
    script.contains("gh auth login") || TOKENS.iter().any(|token| script.contains(token))
}

/// The first command of a script by which it asks GitHub.
pub fn asks(script: &str) -> Option<Range<usize>> {
    lines::placed(script).find_map(|(start, command)| {
        let words: Vec<&str> = command.split_whitespace().collect();
        let [name, verb, ..] = lines::own(&words) else { return None };
        let at = |word: &str| start + (word.as_ptr() as usize - command.as_ptr() as usize);
        (*name == "gh" && !LOCAL.contains(verb)).then(|| at(name)..at(verb) + verb.len())
    })
}

#[cfg(test)]
mod tests {
    use super::{asks, is_told};

    #[test]
    fn commands_that_ask_github_are_known() {
        let found = |script: &'static str| asks(script).map(|at| &script[at]);
        assert_eq!(found("gh pr comment 1 --body hi"), Some("gh pr"));
        assert_eq!(found("set -e\nif gh release view v1; then exit; fi"), Some("gh release"));
        assert_eq!(found("id=$(gh api repos/a/b --jq .id)"), Some("gh api"));
        for other in ["gh --version", "gh auth status", "echo gh pr list", "command -v gh", "ghc --make a.hs", "# gh pr list"] {
            assert_eq!(found(other), None, "{other}");
        }
        assert!(is_told("GH_TOKEN=$(cat token) gh pr list") && is_told("gh auth login --with-token < token"));
        assert!(!is_told("gh pr list"));
    }
}
