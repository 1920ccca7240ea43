//! A file that is read as a workflow and is not one.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0506",
    title: "not a workflow",
    page: r"
The file was to be read as a GitHub Actions workflow, and is not one: it is not YAML, or no mapping of keys to values.

This is about YAML that Pipelay reads, so there is no spec that shows it.

## Bad
```text
jobs: [
```

## Good
```text
jobs: {}
```
",
};

/// Reading stopped at `at` because of `why`.
pub fn not_a_workflow(why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the file is not a workflow: {why}")).label(at, "here")
}
