//! A function that cannot be called where it is.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0612",
    title: "function not available here",
    page: r"
`success`, `failure`, `cancelled` and `always` answer only in conditions; `hashFiles` only in steps, where there are files to look at.

## Bad
```pipe
job test {
  when hashFiles('Cargo.lock') != ''
  run cargo test
}
```

## Good
```pipe
job test {
  step when hashFiles('Cargo.lock') != '': cargo test
}
```
",
};

/// `name` cannot be called in `here`, but in `places`.
pub fn function_not_available(name: &str, here: &str, places: &[&str], at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` cannot be called in {here}"))
        .label(at, "not available here")
        .help(format!("it can be called in {}", super::e0609_context_not_available::some(places)))
}
