//! Code of a pull request in a run that has the rights of the repository.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0720",
    title: "foreign code in a privileged run",
    page: r"
A run of `pull_request_target`, `workflow_run` or `issue_comment` has the secrets and the token of the repository, and anybody with a pull request can start
it. Where it fetches the code of that pull request and then builds, tests or installs it, that code has these secrets and that token.

Code that is not trusted belongs into a run of `pull_request`, which has none of them. What needs rights, a label or a comment, is done in a
second workflow, which takes results of the first as data and never runs them.

## Bad
```pipe
on pull_request_target

job test {
  checkout { ref: ${{ github.event.pull_request.head.sha }} }
  run make test
}
```

## Good
```pipe
on pull_request

job test: make test
```
",
};

/// A run of `event` fetches, at `at`, what a pull request holds.
pub fn foreign_code(event: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a run of `{event}` has the rights of the repository, and this is the code of a pull request"))
        .label(at, "anybody may have written what this fetches")
        .help("run that code in a workflow that `pull_request` starts")
}
