//! Actions whose names are not what they seem.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0732",
    title: "action is named in a roundabout way",
    page: r"
GitHub takes `actions//cache/./@v5` for `actions/cache@v5`. Who looks for an action by its name, a reviewer, a policy or a bot that brings it up to date, does not find it.

## Bad
```pipe
job a { uses actions/cache/./restore@v5 { path: x, key: x }; run make }
```

## Good
```pipe
job a { uses actions/cache/restore@v5 { path: x, key: x }; run make }
```
",
};

/// `uses` could be `plain`.
pub fn roundabout_reference(uses: &str, plain: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{uses}` is `{plain}`")).label(at, "hides which action this is").help(format!("write `{plain}`"))
}
