//! An expression that is not well-formed.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0601",
    title: "malformed expression",
    page: r"
The text inside `${{ }}`, or behind `when`, is no expression of GitHub's language: a value or an operator is missing, or something
stands in it that the language does not have. There is no arithmetic, no list literal and no comment; a literal has no properties.

## Bad
```pipe
job test {
  when github.event_name ==
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

/// Something is missing or out of place at `at`; `fact` says what.
pub fn unexpected(fact: impl Into<String>, at: Span, help: Option<String>) -> Diag {
    Diag::new(&CODE, fact).label(at, "here").maybe_help(help)
}

/// A `.` or `[` behind a literal.
pub fn literal_property(at: Span) -> Diag {
    Diag::new(&CODE, "a literal has no properties")
        .label(at, "here")
        .help("put the literal in parentheses, or leave the property out")
}
