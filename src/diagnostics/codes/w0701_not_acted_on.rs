//! Statement that nothing acts on yet.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0701",
    title: "statement that nothing acts on yet",
    page: r"
The statement is understood and kept in the plan, and this version of the compiler does nothing with it yet. The output is correct without
it: everything runs, and nothing is left out.

## Bad
```pipe
job test {
  memo
  run npm test
}
```

## Good
```pipe
job test: npm test
```
",
};

/// Nothing acts on `what` yet; `instead` is what happens.
pub fn not_acted_on(what: &str, instead: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("nothing acts on `{what}` yet"))
        .label(at, instead)
        .help("leave it for a later version, or silence this with `allow W0701 \"reason\"`")
}
