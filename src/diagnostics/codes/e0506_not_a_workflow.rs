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

/// An alias `name` stands for nothing that can be copied, because of `why`.
pub fn bad_alias(name: &str, why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` cannot be replaced by what it stands for: {why}"))
        .label(at, "an alias")
        .help("write out what is meant")
}

/// A merge key.
pub fn merge_key(at: Span) -> Diag {
    Diag::new(&CODE, "GitHub knows no merge keys")
        .label(at, "`<<` merges nothing in a workflow")
        .help("write out the keys that are to be merged")
}

/// Lists and mappings in one another, deeper than any workflow.
pub fn too_deep(at: Span) -> Diag {
    Diag::new(&CODE, "the file is nested deeper than any workflow").label(at, "too deep").help("take the file apart")
}

/// Reading stopped at `at` because of `why`.
pub fn not_a_workflow(why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the file is not a workflow: {why}")).label(at, "here")
}
