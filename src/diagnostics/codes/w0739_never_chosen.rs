//! A plan of `optimize by` that no run has.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0739",
    title: "plan that no run has",
    page: r#"
`optimize by EXPR { NAME … }` gives the plan of a name to the runs in which the expression is that name. Nothing that starts this workflow makes it that: an event that is
not in `on`, say.

## Bad
```pipe
on push

optimize by github.event_name { schedule cost }

job test { takes 6m; run make test }
```

## Good
```pipe
on push
on schedule "17 3 * * *"

optimize by github.event_name { schedule cost }

job test { takes 6m; run make test }
```
"#,
};

/// No run has the plan `name`, which is at `at`.
pub fn never_chosen(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("no run has the plan `{name}`"))
        .label(at, "the expression of `optimize by` is never this")
        .help("name what starts the workflow in `on`, or leave the plan out")
}
