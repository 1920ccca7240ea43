//! A checkout of what the token may not read.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0737",
    title: "checkout without the right to read",
    page: r"
What `permissions` do not name, the token may not do: with `permissions { packages: write }` it may not read the repository, which a job with commands checks out. A
public repository can be read all the same; in a private one the job ends with `Repository not found`. Nothing is said of a `checkout` that is written.

## Bad
```pipe
job publish {
  permissions { packages: write }
  run ./publish.sh
}
```

## Good
```pipe
job publish {
  permissions { contents: read, packages: write }
  run ./publish.sh
}
```
",
};

/// The token of `job`, for which the repository is checked out, may not read it.
pub fn cannot_read(job: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the token of `{job}` may not read the repository, which is checked out for it"))
        .label(at, "fails where the repository is private")
        .help("add `contents: read` to its `permissions`, or say `checkout off` where it needs no files")
}
