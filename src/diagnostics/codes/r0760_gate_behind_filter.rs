//! A gate that does not report to every pull request.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0760",
    title: "gate that some pull requests wait for",
    page: r#"
With `paths` or `paths-ignore`, GitHub starts no run for a pull request whose files are others. A check that is required and is not reported is waited for, for ever: such a pull request
cannot be merged. A job that is skipped by its `when` has a check, and the gate says whether that was right.

## Bad
```pipe
on pull_request { paths: [src/**] }

gate "Tests"

job test: make test
```

## Good
```pipe
on pull_request

gate "Tests"

job test: make test
```
"#,
};

/// The gate `name` is not reported where `filter`, at `at`, leaves a pull request out.
pub fn gate_behind_filter(name: &str, filter: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a pull request that `{filter}` leaves out has no check `{name}`"))
        .label(at, "starts no run of such a pull request, which waits for ever where the gate is required")
        .help(format!(
            "drop `{filter}`, and let jobs be skipped by their `when`, which the gate judges; or do not require the gate"
        ))
}
