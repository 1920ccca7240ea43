//! A job that waits for its own workflow.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0317",
    title: "job that waits for its own run",
    page: r"
The run holds the `concurrency` group of its workflow until it ends. A job of the same group waits for the run that it is part of: GitHub sees the deadlock and
cancels the run.

## Bad
```pipe
on push

concurrency deploy

job deploy {
  concurrency deploy
  run ./deploy.sh
}
```

## Good
```pipe
on push

concurrency deploy

job deploy: ./deploy.sh
```
",
};

/// The job at `job` has the group `group`, and so has the workflow at `workflow`.
pub fn deadlock(group: &str, job: Span, workflow: Span) -> Diag {
    Diag::new(&CODE, format!("the job waits for its own run, which holds the group `{group}`"))
        .label(job, "the group of the job")
        .label(workflow, "the group of the workflow")
        .help("give one of them another name, or take one away")
}
