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

/// A command that publishes to an index which trusts workflows.
struct Publisher {
    words: &'static [&'static str],
    shown: &'static str,
    /// The variables that its token is given in.
    variables: &'static [&'static str],
    /// The options that have it behind them; the first may be empty, for a command that takes it without one.
    options: &'static [&'static str],
}

const fn publisher(
    words: &'static [&'static str],
    shown: &'static str,
    variables: &'static [&'static str],
    options: &'static [&'static str],
) -> Publisher {
    Publisher { words, shown, variables, options }
}

/// By their words. (docs.pypi.org/trusted-publishers, docs.npmjs.com/trusted-publishers, crates.io/docs/trusted-publishing, guides.rubygems.org/trusted-publishing,
/// learn.microsoft.com/nuget/nuget-org/trusted-publishing, from memory.)
const WITH_TOKENS: &[Publisher] = &[
    publisher(&["bun", "publish"], "bun publish", &["NODE_AUTH_TOKEN", "NPM_CONFIG_TOKEN", "NPM_TOKEN"], &[]),
    publisher(&["cargo", "publish"], "cargo publish", &["CARGO_REGISTRY_TOKEN"], &["--token"]),
    publisher(&["gem", "push"], "gem push", &["GEM_HOST_API_KEY", "RUBYGEMS_API_KEY"], &[]),
    publisher(&["hatch", "publish"], "hatch publish", &["HATCH_INDEX_AUTH"], &["--auth", "-a"]),
    publisher(&["npm", "publish"], "npm publish", &["NODE_AUTH_TOKEN", "NPM_TOKEN"], &[]),
    publisher(NUGET, "nuget push", &[], &["", "--api-key", "-ApiKey", "-k"]),
    publisher(&["pdm", "publish"], "pdm publish", &["PDM_PUBLISH_PASSWORD"], &["--password", "-P"]),
    publisher(&["pnpm", "publish"], "pnpm publish", &["NODE_AUTH_TOKEN", "NPM_TOKEN"], &[]),
    publisher(&["poetry", "publish"], "poetry publish", &["POETRY_PYPI_TOKEN_PYPI"], &["--password", "-p"]),
    publisher(&["twine", "upload"], "twine upload", &["TWINE_PASSWORD"], &["--password", "-p"]),
    publisher(
        &["uv", "publish"],
        "uv publish",
        &["UV_PUBLISH_PASSWORD", "UV_PUBLISH_TOKEN"],
        &["--password", "--token", "-p", "-t"],
    ),
];

/// It names its index each time: only where that is its own it is known to trust workflows.
const NUGET: &[&str] = &["nuget", "push"];

/// How a command comes to the trust of its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It asks for it by itself.
    Itself,
    /// This action asks for it, and gives the command a token.
    Action(&'static str),
    /// Not at all; this does, which can publish the same.
    Other(&'static str),
}

/// The same of a command or an action by its name. (The READMEs of these actions; twine.readthedocs.io, changelog of 6.1; pdm-project.org/en/latest/usage/publish;
/// python-poetry.org/docs/cli/#publish, hatch.pypa.io/latest/publish and bun.sh/docs/cli/publish know none: from memory.)
pub fn trust(publisher: &str) -> Trust {
    match publisher {
        "bun publish" => Trust::Other("npm publish"),
        "cargo publish" => Trust::Action("rust-lang/crates-io-auth-action"),
        "gem push" => Trust::Action("rubygems/configure-rubygems-credentials"),
        "hatch publish" | "poetry publish" => Trust::Other("pypa/gh-action-pypi-publish"),
        "nuget push" => Trust::Action("NuGet/login"),
        _ => Trust::Itself,
    }
}

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

/// Where a token is given to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// In a variable, which is set there.
    Variable(Span),
    /// In the script, at that place.
    Script(Range<usize>),
}

/// The command of a script that is given a token, by one of these variables or in its own words, though its index could do without; and where.
pub fn with_a_token(script: &str, secrets: &[Vec<(&str, Span)>]) -> Option<(&'static str, Given)> {
    if secrets.iter().all(Vec::is_empty) && !script.contains("secrets.") {
        return None;
    }
    // To another index a workflow may be no stranger, but that one does not know it.
    let elsewhere =
        ["--registry", "--index", "--repository", "--publish-url", "--host"].iter().any(|option| script.contains(option));
    lines::logical(script).into_iter().filter(|line| command(line).is_some()).find_map(|line| {
        let own = names(&lines::words(line));
        let is_trusted = |known: &Publisher| if known.words == NUGET { line.contains("nuget.org") } else { !elsewhere };
        WITH_TOKENS.iter().filter(|known| is_trusted(known) && has(&own, known.words)).find_map(|known| {
            let mut variables = secrets.iter().flatten();
            let set = variables
                .find(|(name, _)| known.variables.contains(name) || told(line, known.options, |word| is_variable(word, name)));
            let place = set.map(|(_, at)| Given::Variable(*at)).or_else(|| {
                let (start, end) = spelled_out(line, known.options)?;
                let begin = line.as_ptr() as usize - script.as_ptr() as usize;
                Some(Given::Script(begin + start..begin + end))
            })?;
            Some((known.shown, place))
        })
    })
}

/// Whether one of these options is told something that is so; the empty one stands for any place.
fn told(line: &str, options: &[&str], is_so: impl Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = line.split([' ', '\t', '=', '\n']).filter(|word| !word.is_empty()).collect();
    let at_any = options.first().is_some_and(|first| first.is_empty());
    words.iter().enumerate().any(|(at, word)| is_so(word) && (at_any || at > 0 && options.contains(&words[at - 1])))
}

/// Whether a word is the value of a variable, in one of the shells.
fn is_variable(word: &str, name: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    let own =
        word.strip_prefix("$env:").or_else(|| word.strip_prefix("${")?.strip_suffix('}')).or_else(|| word.strip_prefix('$'));
    own == Some(name) || word.strip_prefix('%').and_then(|word| word.strip_suffix('%')) == Some(name)
}

/// Where a secret, and not the token of the job, is written behind one of these options.
fn spelled_out(line: &str, options: &[&str]) -> Option<(usize, usize)> {
    line.match_indices("${{").find_map(|(start, _)| {
        let end = start + line[start..].find("}}")? + 2;
        let is_secret = line[start..end].contains("secrets.") && !line[start..end].contains("secrets.GITHUB_TOKEN");
        let before = line[..start].trim_end_matches(['"', '\'', ' ', '=']);
        let is_told = options.iter().any(|option| before.split_whitespace().next_back() == Some(option) || option.is_empty());
        (is_secret && is_told).then_some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::{Given, Span, Trust, WITH_TOKENS, trust, with_a_token};

    #[test]
    fn who_asks_to_be_trusted_is_known() {
        // Those that the page of R0733 names under each.
        let page = crate::diagnostics::codes::r0733_token_for_index::CODE.page;
        for publisher in WITH_TOKENS {
            assert!(page.contains(&format!("`{}`", publisher.shown)) || publisher.shown == "nuget push", "{}", publisher.shown);
            if let Trust::Action(name) | Trust::Other(name) = trust(publisher.shown) {
                assert!(page.contains(&format!("`{name}`")), "{name}");
            }
        }
        let alone = ["bun publish", "hatch publish", "poetry publish"];
        let not: Vec<&str> = WITH_TOKENS.iter().map(|it| it.shown).filter(|it| matches!(trust(it), Trust::Other(_))).collect();
        assert_eq!(not, alone);
    }

    #[test]
    fn tokens_that_need_not_be_are_known() {
        let nuget = "--source https://api.nuget.org/v3/index.json";
        for (script, name) in [
            (format!("dotnet nuget push \"out/*.nupkg\" --api-key \"$K\" {nuget}"), "K"),
            (format!("dotnet nuget push a.nupkg --api-key $env:K {nuget}"), "K"),
            (format!("nuget push a.nupkg ${{K}} {nuget}"), "K"),
            ("pnpm publish --no-git-checks".to_owned(), "NODE_AUTH_TOKEN"),
            ("bun publish".to_owned(), "NODE_AUTH_TOKEN"),
            ("hatch publish".to_owned(), "HATCH_INDEX_AUTH"),
            ("pdm publish".to_owned(), "PDM_PUBLISH_PASSWORD"),
            ("twine upload -p $PYPI dist/*".to_owned(), "PYPI"),
        ] {
            let secrets = [vec![(name, Span::default())]];
            let found = with_a_token(&script, &secrets).map(|(_, given)| given);
            assert_eq!(found, Some(Given::Variable(Span::default())), "{script}");
        }
        for (script, wanted) in [
            ("make\npython -m twine upload -u __token__ -p ${{ secrets.PYPI }} dist/*", Some("${{ secrets.PYPI }}")),
            ("dotnet nuget push a -k \"${{ secrets.K }}\" -s https://api.nuget.org/v3/index.json", Some("${{ secrets.K }}")),
            ("nuget push a ${{ secrets.K }} -Source https://api.nuget.org/v3/index.json", Some("${{ secrets.K }}")),
            ("dotnet nuget push a -k ${{ secrets.GITHUB_TOKEN }} -s https://api.nuget.org/v3/index.json", None),
            ("dotnet nuget push a -k ${{ secrets.K }} -s https://nuget.pkg.github.com/a/index.json", None),
            ("twine upload -c ${{ secrets.X }} dist/*", None),
        ] {
            let found = with_a_token(script, &[]);
            let text = found.as_ref().map(|(_, given)| match given {
                Given::Script(range) => &script[range.clone()],
                Given::Variable(_) => "",
            });
            assert_eq!(text, wanted, "{script}");
        }
    }
}
