//! Something is said twice.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0207",
    title: "something is said twice",
    page: r"
A statement that can be said once stands twice in the same block, or a key, a name or a value occurs again. Which of the two holds would be a
guess.

## Bad
```pipe
job test {
  timeout 5m
  timeout 10m
  run npm test
}
```

## Good
```pipe
job test {
  timeout 10m
  run npm test
}
```
",
};

/// `what` is said at `again` and was said at `before`.
pub fn said_twice(what: &str, again: Span, before: Span) -> Diag {
    Diag::new(&CODE, format!("`{what}` is said twice"))
        .label(again, "said again here")
        .label(before, "and before here")
        .help("remove one of the two")
}

/// A name is defined at `again` and was at `before`.
pub fn defined_twice(noun: &str, name: &str, again: Span, before: Span) -> Diag {
    Diag::new(&CODE, format!("{noun} `{name}` is defined twice"))
        .label(again, "defined again here")
        .label(before, "and before here")
        .help("give one of the two another name")
}
