//! An argument that no placeholder asks for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0657",
    title: "unused argument of `format`",
    page: r"
The format string has no placeholder for one of the arguments. GitHub drops it silently.

## Bad
```pipe
job test {
  env { TAG: ${{ format('v{0}', github.run_number, github.sha) }} }
  run ./build
}
```

## Good
```pipe
job test {
  env { TAG: ${{ format('v{0}-{1}', github.run_number, github.sha) }} }
  run ./build
}
```
",
};

/// `format` has no placeholder for argument `index`, which is `written`.
pub fn unused_argument(format: &str, index: usize, written: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the format string `{format}` never asks for `{written}`"))
        .label(at, format!("would be `{{{index}}}`"))
        .help("ask for it, or leave it out")
}
