//! A string that is not closed on its line.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0105",
    title: "string never closed",
    page: r#"
A string ends on the line on which it begins, with the quote that it began with. Text over several lines is written between `"""`.

## Bad
```pipe
workflow "CI
job test: npm test
```

## Good
```pipe
workflow "CI"
job test: npm test
```
"#,
};

/// The quote `open` has no partner before `end`, the end of its line.
pub fn unclosed_string(open: Span, end: Span) -> Diag {
    Diag::new(&CODE, "this string is never closed")
        .label(open, "opened here")
        .label(end, "its line ends here")
        .help("close it on its line; a quote inside a value is written between quotes of the other kind")
}
