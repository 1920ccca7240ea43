//! Call of an unknown template.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0202",
    title: "call of an unknown template",
    page: r"
`NAME(…)` stands for the body of `template NAME(…)`, of this file or an imported one. At compile time `exists(…)`, `files(…)` and
`dirs(…)` ask what git tracks; there are no other functions.

## Bad
```pipe
template lint(tool) {
  run npx %{tool} .
}

job check {
  lnt(eslint)
}
```

## Good
```pipe
template lint(tool) {
  run npx %{tool} .
}

job check {
  lint(eslint)
}
```
",
};

/// No template is called that.
pub fn unknown_template(name: &str, near: Option<&str>, at: Span) -> Diag {
    let help = near.map_or_else(|| format!("define it: `template {name}(…) {{ … }}`"), |near| format!("write `{near}`"));
    Diag::new(&CODE, format!("no template is called `{name}`")).label(at, "called here").help(help)
}

/// No function of compile time is called that.
pub fn unknown_lookup(name: &str, near: Option<&str>, at: Span) -> Diag {
    let help = near.map_or_else(|| "there are `exists`, `files` and `dirs`".to_owned(), |near| format!("write `{near}`"));
    Diag::new(&CODE, format!("no function of compile time is called `{name}`")).label(at, "called here").help(help)
}
