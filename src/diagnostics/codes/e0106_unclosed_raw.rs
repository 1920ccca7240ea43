//! A raw block without its closing quotes.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0106",
    title: "raw block never closed",
    page: r#"
A raw block ends with as many quotes as it began with, alone on a line. Where these are missing, those of the next block are not taken for
them: the text of a block that holds one like it is indented deeper than the line that opens it, or stands between more quotes.

## Bad
```pipe
job a {
  run """
    npm ci
    npm test
}
```

## Good
```pipe
job a {
  run """
    npm ci
    npm test
    """
}
```
"#,
};

/// The block that `quotes` at `opener` open is not closed where its text ends.
pub fn unclosed_raw(quotes: &str, opener: Span) -> Diag {
    Diag::new(&CODE, format!("the lines that `{quotes}` opens are never closed"))
        .label(opener, "opened here")
        .help(format!("write `{quotes}` alone on a line, under its text"))
}

/// Behind the quotes `opener` the text begins on their line.
pub fn text_behind_quotes(opener: Span) -> Diag {
    Diag::new(&CODE, "the quotes of a raw block end their line")
        .label(opener, "opens nothing: text follows")
        .help("begin a new line behind the quotes")
}
