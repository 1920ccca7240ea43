//! A condition of `case` that is no boolean.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0619",
    title: "condition of `case` is no boolean",
    page: r"
Elsewhere GitHub asks of a value whether it holds; `case` takes `true` and `false` only, and anything else fails the run.

## Bad
```pipe
job test {
  env { MODE: ${{ case(github.head_ref, 'review', 'build') }} }
  run ./build
}
```

## Good
```pipe
job test {
  env { MODE: ${{ case(github.head_ref != '', 'review', 'build') }} }
  run ./build
}
```
",
};

/// `written`, which is `noun`, is a condition of `case`.
pub fn case_condition(written: &str, noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is {noun}, and `case` takes `true` or `false`"))
        .label(at, "a condition of `case`")
        .help("compare it with what it should be")
}
