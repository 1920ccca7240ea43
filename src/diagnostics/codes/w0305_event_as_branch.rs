//! Event among branches.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0305",
    title: "event among branches",
    page: r"
What stands behind `to` are branches, to the end of the statement. A branch that is called like an event is most likely meant as one.

## Bad
```pipe
on push to main, pull_request

job test: npm test
```

## Good
```pipe
on push to main
on pull_request

job test: npm test
```
",
};

/// The branch at `at` is called like an event.
pub fn event_as_branch(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` is taken for a branch here"))
        .label(at, "behind `to` stand branches")
        .help(format!("write `on {name}` on a line of its own; a branch of that name stands in quotes"))
}
