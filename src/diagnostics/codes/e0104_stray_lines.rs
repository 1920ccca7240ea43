//! Lines or braces that belong to no block.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0104",
    title: "lines that belong to no block",
    page: r"
Lines are indented as if in a block, or a `}` closes one, and no line above opens it. Most often the line that opened it was deleted.

## Bad
```pipe
job a: npm test
  timeout 5m
}
```

## Good
```pipe
job a {
  timeout 5m
  run npm test
}
```
",
};

/// A `}`, or quotes, that close nothing.
pub fn stray_closer(closer: char, at: Span) -> Diag {
    let (what, open) = if closer == '"' {
        ("these quotes close", "no raw block is open here")
    } else {
        ("this `}` closes", "no block is open here")
    };
    Diag::new(&CODE, format!("{what} nothing")).label(at, open).help("remove it, or write the line that opens its block")
}

/// Lines that are indented under a statement that has no block.
pub fn stray_lines(at: Span) -> Diag {
    Diag::new(&CODE, "these lines are indented as a block, and no line opens it")
        .label(at, "indented deeper than the statement before")
        .help("write the line that opens the block, or indent these lines like the others")
}
