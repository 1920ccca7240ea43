//! Workflow without jobs, or that nothing starts.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0311",
    title: "workflow without jobs or events",
    page: r"
A spec says when it runs, by `on`, and what, by jobs. This one lacks one of them, or both; or its loops and conditions make no job. GitHub refuses
such a workflow. A file that only defines something for others, to be imported, needs neither.

## Bad
```pipe
on push
```

## Good
```pipe
on push

job test: npm test
```
",
};

/// Nothing follows on the event at `at`.
pub fn no_job(at: Span) -> Diag {
    Diag::new(&CODE, "this spec has no job").label(at, "nothing runs then").help("write one: `job NAME: COMMAND`")
}

/// Nothing starts the job at `at`.
pub fn no_event(at: Span) -> Diag {
    Diag::new(&CODE, "nothing starts this workflow").label(at, "never runs").help("say when it runs: `on push, pull_request`")
}

/// There is nothing at all.
pub fn neither(at: Span) -> Diag {
    Diag::new(&CODE, "this spec has neither events nor jobs")
        .label(at, "nothing is said")
        .help("say when it runs, `on push`, and what: `job NAME: COMMAND`")
}
