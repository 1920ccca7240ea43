//! A backslash in `"…"` before something that is no escape.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0111",
    title: "unknown escape",
    page: r#"
In `"…"` a backslash begins an escape: `\n`, `\t`, `\r`, `\0`, `\\`, `\"`, `\/` or `\u{1F980}`. In `'…'` it is an ordinary character, so
paths and regular expressions are best written there.

## Bad
```pipe
job test {
  env { HOME: "D:\a\b" }
  run npm test
}
```

## Good
```pipe
job test {
  env { HOME: 'D:\a\b' }
  run npm test
}
```
"#,
};

/// `written` at `at` is no escape.
pub fn unknown_escape(written: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is no escape"))
        .label(at, "a backslash begins an escape here")
        .help("write the string as '…', which takes no escapes, or double the backslash")
}
