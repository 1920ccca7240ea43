//! A number of YAML that is not the one that is written.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0511",
    title: "a number that loses its zeros",
    page: r"
GitHub reads `0755` and `1.10` without quotes as numbers, and passes on `755` and `1.1`. YAML 1.1 takes the first for 493. What is meant as a text stands in quotes.

This is about YAML that Pipelay reads, so there is no spec that shows it: in a spec `0755` and `1.10` are texts.

## Bad
```yaml
env:
  MODE: 0755
```

## Good
```yaml
env:
  MODE: '0755'
```
",
};

/// `written` becomes `read`.
pub fn other_number(written: &str, read: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is the number {read}"))
        .label(at, format!("GitHub passes on `{read}`"))
        .help(format!("write `'{written}'` where that is meant; the spec has `{read}`, as GitHub does"))
}
