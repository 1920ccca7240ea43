//! Workflow without jobs.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0311",
    title: "workflow without jobs",
    page: r"
The spec says when it runs, and not what: it has no job, or its loops and conditions make none. GitHub refuses such a workflow.

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
