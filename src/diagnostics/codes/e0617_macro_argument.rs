//! An argument of `branch`, `event` and the like that is no text.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0617",
    title: "argument is no text",
    page: r"
`branch`, `tag` and `event` take texts or expressions that yield one; `changed` takes patterns, which must stand in the spec.

## Bad
```pipe
job test {
  when branch(1)
  run npm test
}
```

## Good
```pipe
job test {
  when branch('main')
  run npm test
}
```
",
};

/// The argument at `at` of `name` is no text.
pub fn not_a_text(name: &str, usage: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` takes texts")).label(at, "not a text").help(format!("as in `{usage}`"))
}
