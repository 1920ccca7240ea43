//! A bracket or a string that is never closed.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0604",
    title: "unclosed bracket or string in an expression",
    page: r"
A `(`, a `[` or a `'` in an expression has no partner. Often a quote inside a string is the reason: it must be doubled, as in `'it''s'`.

## Bad
```pipe
job test {
  when contains(github.ref, 'release'
  run npm test
}
```

## Good
```pipe
job test {
  when contains(github.ref, 'release')
  run npm test
}
```
",
};

/// `opener` at `at` has no partner.
pub fn unclosed(opener: &str, at: Span) -> Diag {
    let (closer, help) = match opener {
        "(" => (")", Some("write `)` where its arguments or its group end".to_owned())),
        "[" => ("]", Some("write `]` behind the name or number".to_owned())),
        _ => ("'", Some("a quote inside a string is doubled: `'it''s'`".to_owned())),
    };
    Diag::new(&CODE, format!("`{opener}` is never closed by `{closer}`")).label(at, "opened here").maybe_help(help)
}
