//! A value of a workflow in a form that GitHub does not take.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0508",
    title: "wrong form of a value",
    page: r"
GitHub wants one value where a list stands, a list where a mapping stands, or a number where a text stands, and refuses the file.

This is about YAML that Pipelay reads, so there is no spec that shows it.

## Bad
```yaml
on:
  schedule: '17 3 * * *'
```

## Good
```yaml
on:
  schedule:
    - cron: '17 3 * * *'
```
",
};

/// `of` is `found` where GitHub wants `wanted`.
pub fn wrong_form(of: &str, found: &str, wanted: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("{of} is {found}")).label(at, format!("{found} here")).help(format!("GitHub wants {wanted}"))
}
