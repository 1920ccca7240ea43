//! Two artifacts of one name.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0314",
    title: "two artifacts of one name",
    page: r"
Artifacts of one run cannot have the same name: the second upload fails. Without `as`, `keep` makes names that differ. A workflow
that one run calls twice uploads what it keeps and hands over twice.

## Bad
```pipe
job unit {
  run npm run test:unit
  keep logs/ as logs
}

job e2e {
  run npm run test:e2e
  keep logs/ as logs
}
```

## Good
```pipe
job unit {
  run npm run test:unit
  keep logs/ as unit-logs
}

job e2e {
  run npm run test:e2e
  keep logs/ as e2e-logs
}
```
",
};

/// `name` is given at `again` and was at `before`.
pub fn artifact_twice(name: &str, again: Span, before: Span) -> Diag {
    Diag::new(&CODE, format!("two artifacts are called `{name}`"))
        .label(again, "this upload would fail")
        .label(before, "the name is taken here")
        .help("give one of the two another name")
}

/// One run calls `workflow` at `again` and `before`, and each of these has `artifact`.
pub fn uploaded_twice(workflow: &str, artifact: &str, again: Span, before: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` is called twice in one run, and its artifacts have the same names: {artifact}"))
        .label(again, "uploads them again")
        .label(before, "called here")
        .help("make the name with an input, `keep … as log-${{ inputs.name }}`, and hand nothing over in it, or call it once")
}
