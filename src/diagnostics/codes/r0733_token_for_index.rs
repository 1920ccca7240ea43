//! A token that need not be kept.

use crate::catalog::index_tokens::{Trust, trust};
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0733",
    title: "token where none is needed",
    page: r"
PyPI, npm, crates.io, RubyGems and NuGet take packages from a workflow that they were told of, without a password: a token of GitHub, valid for minutes, proves which workflow it is.
A token of theirs that is kept as a secret can be stolen, and is valid until someone notices.

With that right `npm publish` (from 11.5.1 on, and `pnpm publish` through it), `uv publish`, `pdm publish` and `twine upload` (from 6.1 on) ask for it by themselves;
`pypa/gh-action-pypi-publish` does it for PyPI, `rust-lang/crates-io-auth-action` gives `cargo publish` a token, `rubygems/configure-rubygems-credentials` one to `gem push`,
and `NuGet/login` a key, valid for an hour, to `dotnet nuget push`. `poetry publish`, `hatch publish` and `bun publish` do not ask for it: what they built is published by
one of the others.

## Bad
```pipe
on release

job publish {
  uses pypa/gh-action-pypi-publish@release/v1 { password: ${{ secrets.PYPI_TOKEN }} }
}
```

## Good
```pipe
on release

job publish {
  permissions { contents: read, id-token: write }
  uses pypa/gh-action-pypi-publish@release/v1
}
```
",
};

/// What publishes, an action or a command, is given a password, which the index could do without.
pub fn token_for_index(publisher: &str, at: Span) -> Diag {
    let rights = "give the job `permissions { contents: read, id-token: write }`";
    let told = "register the workflow as a trusted publisher";
    let (what, help) = match trust(publisher) {
        Trust::Itself => (format!("`{publisher}` needs no password"), format!("{told}, leave this out, and {rights}")),
        Trust::Action(action) => (
            format!("`{publisher}` needs no password that is kept"),
            format!("{told}, {rights}, and take a token that is valid for minutes from `{action}`"),
        ),
        Trust::Other(other) => (
            format!("the index of `{publisher}` needs no password"),
            format!("{told}, {rights}, and publish by `{other}`: `{publisher}` does not ask to be trusted"),
        ),
    };
    Diag::new(&CODE, what).label(at, "can be stolen where it is kept").help(help)
}
