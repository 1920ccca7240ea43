//! A statement whose word is known and whose rest does not fit.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0102",
    title: "malformed statement",
    page: r"
The statement's word is known, but what follows does not have its shape. The caret stands where the text stops making sense; the help
shows how the statement is written. Items of a list are separated by commas; a statement ends at its line's end, or at `; `.

## Bad
```pipe
job a: npm test
job b: npm run lint
job c {
  needs a b
  run npm run deploy
}
```

## Good
```pipe
job a: npm test
job b: npm run lint
job c {
  needs a, b
  run npm run deploy
}
```
",
};

/// `subject` (a keyword, `entry`, `list` or `command`) goes wrong at `at`, where `found` stands and one of `expected` would fit.
pub fn malformed_statement(subject: Option<&str>, found: &str, expected: &[&str], at: Span) -> Diag {
    let subject = match subject {
        Some(data @ ("entry" | "list" | "command")) => format!("this {data}"),
        Some(word) => format!("this `{word}`"),
        None => "this".to_string(),
    };
    let found: String = found.trim_end().chars().take(24).collect();
    let what = if found.is_empty() { "ends too early".to_string() } else { format!("goes wrong at `{found}`") };
    let label = match expected {
        [] if found.is_empty() => "something is missing here".to_string(),
        [] => "not expected here".to_string(),
        some => format!("expected {}", some.join(" or ")),
    };
    Diag::new(&CODE, format!("{subject} {what}")).label(at, label)
}
