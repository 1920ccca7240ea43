//! A branch that is known by its name alone.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0741",
    title: "branch that may be of a fork",
    page: r"
A run that another one started, or a pull request, has the rights and the secrets of the repository, and tells of the branch only what it is called. A fork may call its
branch `main`, too: then the condition holds for code that nobody has reviewed. GitHub's own `branches` of `workflow_run` look at the name alone as well.

## Bad
```pipe
on workflow_run { workflows: CI, types: completed }

job deploy {
  when github.event.workflow_run.head_branch == 'main'
  environment production
  run ./deploy
}
```

## Good
```pipe
on workflow_run { workflows: CI, types: completed }

job deploy {
  when github.event.workflow_run.head_branch == 'main' && github.event.workflow_run.event == 'push'
  environment production
  run ./deploy
}
```
",
};

/// A condition at `at` takes any branch called `name` for the repository's own, in runs of `event`.
pub fn branch_of_a_fork(name: &str, event: &str, at: Span) -> Diag {
    let help = match event {
        "workflow_run" => "ask for `github.event.workflow_run.event == 'push'`, too",
        _ => "ask for `github.event.pull_request.head.repo.full_name == github.repository`, too",
    };
    Diag::new(&CODE, format!("a branch of a fork may be called `{name}`, too"))
        .label(at, "holds for code of strangers")
        .help(help)
}
