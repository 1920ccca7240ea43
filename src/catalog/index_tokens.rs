//! Indexes of packages that trust workflows, and the tokens that are given to them all the same.

use std::ops::Range;

use super::publishing::{command, has, names};
use super::trials::is_tried;
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

/// Commands that ask their index to trust the workflow where nothing else lets them in, each with what gives them a token or another index, in small letters, wherever it
/// stands in the job. Npm: any secret, as an `.npmrc` may read it by any name. (docs.npmjs.com/trusted-publishers, docs.astral.sh/uv/guides/package, from memory.)
const BY_TRUST: &[(&str, &[&str])] = &[
    (
        "npm publish",
        &[
            "_auth",
            "codeartifact",
            "npm config",
            "npm login",
            "npm set",
            "npm_config",
            "npmrc",
            "registry",
            "secrets.",
            "token",
            "verdaccio",
        ],
    ),
    (
        "uv publish",
        &[
            "--index",
            "--keyring",
            "--password",
            "--publish-url",
            "--token",
            "--trusted-publishing",
            "--username",
            " -p ",
            " -t ",
            " -u ",
            "uv_index",
            "uv_keyring",
            "uv_publish",
        ],
    ),
];

/// The first command of a script that publishes by the trust of its index unless one of the words stands somewhere in its job.
pub fn by_trust(script: &str) -> Option<(Range<usize>, &'static [&'static str])> {
    lines::placed(script).find_map(|(start, command)| {
        let (known, words) = BY_TRUST.iter().find(|(known, _)| command.starts_with(known))?;
        let own: Vec<&str> = command.split_whitespace().collect();
        (known.split(' ').eq(own.iter().take(2).copied()) && !is_tried(&own)).then(|| (start..start + known.len(), *words))
    })
}

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
