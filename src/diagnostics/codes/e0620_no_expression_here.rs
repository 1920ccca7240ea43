//! An expression where GitHub takes none.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0620",
    title: "expression where none is taken",
    page: r"
Some things must be known before a run begins: its name in the list of workflows, what starts it, which actions it fetches, the shell of a step. GitHub
refuses a workflow with `${{ }}` there. Others are decided at compile time: how many shards a job has, how long it takes. What compile time knows is
filled in with `%{name}`.

## Bad
```pipe
job build {
  matrix v: v5, v6
  uses actions/checkout@${{ matrix.v }}
  run ./build
}
```

## Good
```pipe
let v = v6

job build {
  uses actions/checkout@%{v}
  run ./build
}
```
",
};

/// An expression at `at`, in `what`; `instead`: where it could stand.
pub fn no_expression_here(what: &str, instead: Option<&str>, at: Span) -> Diag {
    Diag::new(&CODE, format!("{what} takes no expression"))
        .label(at, "not filled in at run time")
        .help(instead.unwrap_or("write the value itself, or fill in a constant: `let NAME = VALUE`, `%{NAME}`"))
}
