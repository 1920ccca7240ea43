//! Loop over something that is no list.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0205",
    title: "loop over something that is no list",
    page: r#"
`for` runs over a list: `[a, b]`, a `let` that stands for one, or the answer of `dirs("…")` and `files("…")`. One value that a name stands for
is a list of one; a map is none, and neither is a text: loops are done at compile time, so that there is nothing to ask of it.

## Bad
```pipe
let versions = { old: 20, new: 22 }

for v in %{versions} {
  job test-%{v}: npx node@%{v} --test
}
```

## Good
```pipe
let versions = [20, 22]

for v in %{versions} {
  job test-%{v}: npx node@%{v} --test
}
```
"#,
};

/// The loop at `at` runs over a text; `help` says what is meant.
pub fn one_text(written: &str, help: String, at: Span) -> Diag {
    Diag::new(&CODE, format!("a loop runs over a list, and `{written}` is one text")).label(at, "not a list").help(help)
}

/// The loop at `at` runs over `noun`.
pub fn not_a_list(noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a loop runs over a list, and this is {noun}"))
        .label(at, "not a list")
        .help("let it be a list: `[a, b]`")
}
