//! A call of what is no workflow for callers.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0328",
    title: "call of what is no workflow for callers",
    page: r"
A job calls a workflow of the repository by its file. That file must be there, and start by `workflow_call`; GitHub refuses to start otherwise.

## Bad
```pipe
job ship {
  uses ./.github/workflows/nightly.yml
}
```

## Good
```pipe
job ship {
  uses ./.github/workflows/lint.yml
}
```
",
};

/// `workflow` is there, and callers cannot start it.
pub fn not_callable(workflow: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` cannot be called"))
        .label(at, "not started by `workflow_call`")
        .help("add the event where that workflow is: `on workflow_call`")
}

/// `workflow` is not there.
pub fn no_workflow(workflow: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("git tracks no workflow `{workflow}`"))
        .label(at, "nothing to call")
        .help("correct the path, or add the file")
}
