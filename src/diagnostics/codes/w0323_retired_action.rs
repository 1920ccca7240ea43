//! A version of an action that is retired.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0323",
    title: "version of an action that is retired",
    page: r"
The version was made for Node.js 12 or 16, which GitHub's machines no longer have: it runs on another, which it was never tried with, and GitHub
warns of it. Old versions of `actions/cache`, `actions/upload-artifact` and `actions/download-artifact` are switched off: GitHub fails every job
with them. With `target ghes` nothing is said, since servers of one's own differ.

## Bad
```pipe
job test {
  uses actions/setup-node@v3 { node-version: 24 }
  run npm test
}
```

## Good
```pipe
job test {
  uses actions/setup-node@v6 { node-version: 24 }
  run npm test
}
```
",
};

/// `action` was made for a Node.js that is gone; `newest` runs on a later one.
pub fn retired(action: &str, newest: Option<String>, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{action}` is made for a Node.js that GitHub's machines no longer have"))
        .label(at, "runs on another, and GitHub warns")
        .maybe_help(newest.map(|newest| format!("write `{newest}`, and look at what changed since")))
}

/// GitHub fails every job with `action`; it runs `newest`.
pub fn switched_off(action: &str, newest: Option<String>, at: Span) -> Diag {
    Diag::new(&CODE, format!("GitHub fails every job that uses `{action}`"))
        .label(at, "switched off")
        .maybe_help(newest.map(|newest| format!("write `{newest}`, and look at what changed since")))
}
