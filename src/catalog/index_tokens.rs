//! Indexes of packages that trust workflows, and the tokens that are given to them all the same.

use super::publishing::{command, has, names};
use super::{actions, lines};
use crate::source::Span;

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
    if secrets.iter().all(Vec::is_empty) {
        return None;
    }
    // To another index a workflow may be no stranger, but that one does not know it.
    let elsewhere =
        ["--registry", "--index", "--repository", "--publish-url", "--host"].iter().any(|option| script.contains(option));
    let published = command(script).filter(|_| !elsewhere)?;
    let own = names(&lines::words(published));
    WITH_TOKENS.iter().filter(|(words, ..)| has(&own, words)).find_map(|(_, shown, variables)| {
        let given = secrets.iter().flatten().find(|(name, _)| variables.contains(name));
        given.map(|(_, at)| (*shown, *at))
    })
}
