//! A name that is no context.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0608",
    title: "unknown context",
    page: r"
A bare name in an expression is a context: `github`, `env`, `vars`, `job`, `jobs`, `steps`, `runner`, `secrets`, `strategy`, `matrix`, `needs`
or `inputs`. A text stands in single quotes; `true`, `false` and `null` are written in lower case.

## Bad
```pipe
job test {
  when github.ref_name == main
  run npm test
}
```

## Good
```pipe
job test {
  when github.ref_name == 'main'
  run npm test
}
```
",
};

/// `name` at `at` is no context; `near` is the one that was perhaps meant.
pub fn unknown_context(name: &str, near: Option<&str>, at: Span) -> Diag {
    let help = match (name.to_lowercase().as_str(), near) {
        (word @ ("true" | "false" | "null"), _) => format!("write `{word}`, in lower case"),
        (_, Some(near)) => format!("write `{near}`"),
        _ => format!("as a text it is written `'{name}'`"),
    };
    Diag::new(&CODE, format!("no context is named `{name}`")).label(at, "not a context").help(help)
}
