//! Axis of a matrix that is no list.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0304",
    title: "axis of a matrix that is no list",
    page: r"
In `matrix { … }` an axis has a list in brackets, or an expression for one.

## Bad
```pipe
job test {
  matrix { os: ubuntu-latest }
  runner ${{ matrix.os }}
  run npm test
}
```

## Good
```pipe
job test {
  matrix { os: [ubuntu-latest, windows-latest] }
  runner ${{ matrix.os }}
  run npm test
}
```
",
};

/// The axis has `noun`.
pub fn bad_axis(axis: &str, noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("axis `{axis}` has {noun} where a list is wanted"))
        .label(at, "not a list")
        .help(format!("write `{axis}: [a, b]`"))
}
