//! `if` that asks what only the run knows.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0213",
    title: "`if` that asks what only the run knows",
    page: r#"
`if` is decided when the spec is compiled: it sees parameters, `let` and the files that git tracks. What the event is, what a matrix holds or
how a step ended is known at run time, and `when` asks for it: before the `run` of a job, in `step when …:`, or around steps in `when … { }`.

## Bad
```pipe
job deploy {
  if github.ref == "refs/heads/main" {
    run ./deploy.sh
  }
}
```

## Good
```pipe
job deploy {
  when branch('main') {
    run ./deploy.sh
  }
}
```
"#,
};

/// `written` at `at` is known at run time only.
pub fn run_time_if(written: &str, at: Span) -> Diag {
    let help = if written.ends_with(')') {
        "write `when` in place of `if`"
    } else {
        "write `when` in place of `if`; its texts stand in single quotes"
    };
    Diag::new(&CODE, format!("`{written}` is known at run time, and `if` is decided before"))
        .label(at, "not known yet")
        .help(help)
}
