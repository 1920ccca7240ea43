//! An expression without anything in it.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0605",
    title: "empty expression",
    page: r"
Nothing stands inside `${{ }}`. GitHub refuses the workflow.

## Bad
```pipe
job test {
  env { MODE: ${{ }} }
  run npm test
}
```

## Good
```pipe
job test {
  env { MODE: ${{ github.event_name }} }
  run npm test
}
```
",
};

/// Nothing at `at`.
pub fn empty_expression(at: Span) -> Diag {
    Diag::new(&CODE, "the expression is empty").label(at, "nothing in here").help("write a value, or remove the expression")
}
