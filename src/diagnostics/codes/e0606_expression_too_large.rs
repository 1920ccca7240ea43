//! An expression that is larger than GitHub takes.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0606",
    title: "expression too large",
    page: r"
GitHub takes expressions of at most 21,000 characters, nested at most 50 deep. A long list of conditions reads better as an output of a
job, or as a list: `contains(fromJSON('[…]'), x)`.

## Bad
```pipe
job test {
  when ((((((((((((((((((((((((((((((((((((((((((((((((((((true))))))))))))))))))))))))))))))))))))))))))))))))))))
  run npm test
}
```

## Good
```pipe
job test {
  when github.event_name == 'push'
  run npm test
}
```
",
};

/// More than 21,000 characters.
pub fn too_long(at: Span) -> Diag {
    Diag::new(&CODE, "the expression is longer than the 21,000 characters that GitHub takes")
        .label(at, "this expression")
        .help("move part of it into an output of a step or job")
}

/// Nested more than 50 deep, at `at`.
pub fn too_deep(at: Span) -> Diag {
    Diag::new(&CODE, "the expression is nested deeper than the 50 levels that GitHub takes")
        .label(at, "level 51 begins here")
        .help("move part of it into an output of a step or job")
}
