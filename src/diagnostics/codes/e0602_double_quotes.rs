//! A string in double quotes.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0602",
    title: "double quotes in an expression",
    page: r#"
Strings of GitHub's expression language stand in single quotes only. A single quote in one is doubled: `'it''s'`.

## Bad
```pipe
job test {
  when github.ref == "refs/heads/main"
  run npm test
}
```

## Good
```pipe
job test {
  when github.ref == 'refs/heads/main'
  run npm test
}
```
"#,
};

/// `text` stands in double quotes at `at`.
pub fn double_quotes(text: &str, at: Span) -> Diag {
    Diag::new(&CODE, "strings take single quotes in an expression")
        .label(at, "in double quotes")
        .help(format!("write `'{}'`", text.replace('\'', "''")))
}
