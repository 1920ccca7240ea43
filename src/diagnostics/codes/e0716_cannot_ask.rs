//! A server that cannot be asked for tags.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0716",
    title: "server that does not answer",
    page: r"
`pipelay lock` asks the server of each action through git, and this one did not answer, or not as git understands it: without a network, behind a proxy that git does not know,
for a repository that is gone or private. All others were still asked, and what `pipelay.lock` had is kept. Where another server has a copy,
git's own setting `url.<base>.insteadOf` says so.

This is about a server, so there is no spec that shows it.

```text
$ git ls-remote https://github.com/actions/checkout
```
",
};

/// The server of `repository` cannot be asked because of `why`, as git words it.
pub fn cannot_ask(repository: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{repository}` cannot be asked for its tags: {why}"))
        .help(format!("try `git ls-remote https://github.com/{repository}`; what is locked of it is kept"))
}
