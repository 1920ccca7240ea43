//! Files that no checkout fetches.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0336",
    title: "files that no checkout fetches",
    page: r"
With `checkout off` a job begins in an empty directory. A command that builds or tests what the repository holds, an action of the repository, and
a toolchain that installs what a lockfile lists find nothing there.

## Bad
```pipe
job test {
  checkout off
  run make test
}
```

## Good
```pipe
job test {
  run make test
}
```
",
};

/// `what` at `at` needs the repository's files, and `job` has none.
pub fn without_checkout(what: &str, at: Span, job: Span) -> Diag {
    Diag::new(&CODE, format!("`{what}` needs the repository's files, and nothing fetches them"))
        .label(job, "begins in an empty directory")
        .label(at, "needs them")
        .help("remove `checkout off`, or write `checkout` before it")
}
