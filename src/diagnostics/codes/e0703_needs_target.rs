//! Step that the target does not know.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0703",
    title: "step that the target does not know",
    page: r"
`background`, `wait` and `cancel` become steps that run side by side, which GitHub Enterprise Server and some linters do not know yet.
They are written only where `target` says that they may be.

## Bad
```pipe
job test {
  step server { background; run npm start }
  run npm test
  cancel server
}
```

## Good
```pipe
target github { parallel-steps on }

job test {
  step server { background; run npm start }
  run npm test
  cancel server
}
```
",
};

/// The statement at `at` needs more than the target has.
pub fn needs_target(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` needs steps that run side by side"))
        .label(at, "the target does not have them")
        .help("say that it does: `target github { parallel-steps on }`")
}
