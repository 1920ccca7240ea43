//! Credentials of a checkout in an artifact.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0759",
    title: "credentials in an artifact",
    page: r"
Before its version 6, `actions/checkout` keeps the token of the job in `.git/config`, unless it is told not to. An artifact of the whole folder, hidden files with it, has that file in it: whoever
may read the repository, anybody where it is public, can take the token from there while the job still runs.

The statement `checkout` keeps no credentials.

## Bad
```pipe
on push

job build {
  uses actions/checkout@v5
  run make
  uses actions/upload-artifact@v7 { name: all, path: ., include-hidden-files: true }
}
```

## Good
```pipe
on push

job build {
  uses actions/checkout@v5 { persist-credentials: false }
  run make
  uses actions/upload-artifact@v7 { name: all, path: ., include-hidden-files: true }
}
```
",
};

/// The checkout at `checkout` keeps its credentials in what is uploaded at `at`.
pub fn credentials_in_artifact(checkout: Span, at: Span) -> Diag {
    Diag::new(&CODE, "the token of the job is in this artifact")
        .label(at, "has `.git/config` in it")
        .label(checkout, "keeps the token there")
        .help("give the checkout `persist-credentials: false`, or upload no more than what was built")
}
