//! A string that is not closed on its line.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0105",
    title: "string or bracket never closed",
    page: r#"
A string ends on the line on which it begins, with the quote that it began with. Text over several lines is written between `"""`.
A bracket or a parenthesis may be closed on a later line, before the statement ends.

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

/// The `bracket` at `open` has no partner before `end`, where the statement ends.
pub fn unclosed_bracket(bracket: &str, open: Span, end: Span) -> Diag {
    let closer = if bracket == "[" { "]" } else { ")" };
    Diag::new(&CODE, format!("this `{bracket}` is never closed"))
        .label(open, "opened here")
        .label(end, "its statement ends here")
        .help(format!("close it with `{closer}`"))
}
