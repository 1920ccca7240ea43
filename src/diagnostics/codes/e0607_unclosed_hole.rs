//! A `${{` without `}}`.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0607",
    title: "unclosed `${{`",
    page: r#"
A `${{` opens an expression, and no `}}` closes it. A `}}` inside a string does not count.

## Bad
```pipe
job test {
  env { REF: "${{ github.ref }" }
  run npm test
}
```

## Good
```pipe
job test {
  env { REF: "${{ github.ref }}" }
  run npm test
}
```
"#,
};

const MESSAGE: &str = "`${{` is never closed by `}}`";

/// Nothing closes the `${{` at `at`.
pub fn unclosed_hole(at: Span) -> Diag {
    Diag::new(&CODE, MESSAGE).label(at, "opened here").help("close it with `}}`")
}

/// One brace stands at `brace` where there should be two.
pub fn one_brace(at: Span, brace: Span) -> Diag {
    Diag::new(&CODE, MESSAGE).label(at, "opened here").label(brace, "one brace is not enough").help("close it with `}}`")
}

/// A string that begins at `quote` takes the `}}` in.
pub fn in_string(at: Span, quote: Span) -> Diag {
    Diag::new(&CODE, MESSAGE)
        .label(at, "opened here")
        .label(quote, "this string takes in the rest")
        .help("close the string with `'`; a quote inside it is doubled")
}
