//! Variable of a shell that is called like a name of compile time.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0217",
    title: "variable that is called like a name of compile time",
    page: r"
`$name` and `${name}` in a command are the shell's: it knows variables that `env` or a command sets, and nothing of `let`, of parameters or of the
variables of loops. Where it has no variable of that name it fills in nothing. What compile time knows is written `%{name}`.

## Bad
```pipe
for browser in [chromium, firefox] {
  job test-%{browser}: npx playwright test --project=${browser}
}
```

## Good
```pipe
for browser in [chromium, firefox] {
  job test-%{browser}: npx playwright test --project=%{browser}
}
```
",
};

/// `written` at `at` is the shell's, which has no variable `name`, and something of compile time is called so.
pub fn variable_like_a_name(written: &str, name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is a variable of the shell, and nothing sets it"))
        .label(at, "the shell fills in nothing")
        .help(format!("write `%{{{name}}}`, or set it: `env {{ {name}: VALUE }}`"))
}
