//! Runs that GitHub cannot be asked for.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0351",
    title: "runs that cannot be fetched",
    page: r"
`pipelay profile fetch` asks GitHub for the runs of a workflow and for the jobs of each, and did not get all of them: the workflow is not there yet, the token
may not read it, GitHub was asked too often, or did not answer, three times. Runs that came as a whole before that are in the profile all the same, and those that are
missing are asked for the next time.

`GH_TOKEN` or `GITHUB_TOKEN` is a token, else `gh auth token` is asked for one; it must be allowed to read actions. This is about a server, so there is no spec
that shows it.

```text
$ GH_TOKEN=$(gh auth token) pipelay profile fetch --repo octocat/hello-world
```
",
};

/// The runs of `repository` cannot be fetched because of `why`.
pub fn cannot_fetch(repository: &str, why: &str, help: &str) -> Diag {
    Diag::new(&CODE, format!("the runs of `{repository}` cannot be fetched: {why}")).help(help)
}
