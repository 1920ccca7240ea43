//! Expansion without end.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0204",
    title: "expansion without end",
    page: r"
A template calls itself, or loops and templates multiply into more than a pipeline can be. Compile time ends always: there is no recursion,
and there are limits.

## Bad
```pipe
template a() {
  a()
}

job test {
  a()
  run npm test
}
```

## Good
```pipe
template a() {
  run npm ci
}

job test {
  a()
  run npm test
}
```
",
};

/// A definition uses itself, perhaps through others.
pub fn calls_itself(noun: &str, name: &str, at: Span, defined: Span) -> Diag {
    Diag::new(&CODE, format!("{noun} `{name}` uses itself"))
        .label(at, "used here")
        .label(defined, "inside its own definition")
        .help("remove the use")
}

/// More is expanded than can be meant.
pub fn too_large(what: &str, limit: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("this expands to more than {limit} {what}"))
        .label(at, "the limit is reached here")
        .help("make the loops around it shorter")
}
