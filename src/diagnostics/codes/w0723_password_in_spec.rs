//! A password for a registry, for all to read.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0723",
    title: "password in the spec",
    page: r"
Whoever can read the repository can read a password that is written into it, and it stays in the history when it is taken out. A secret is kept by GitHub,
and its value is masked in logs.

## Bad
```pipe
job build {
  container ghcr.io/example/build:7 { credentials: { username: robot, password: hunter2 } }
  run make
}
```

## Good
```pipe
job build {
  container ghcr.io/example/build:7 { credentials: { username: robot, password: ${{ secrets.REGISTRY }} } }
  run make
}
```
",
};

/// A password is written at `at`.
pub fn password_in_spec(at: Span) -> Diag {
    Diag::new(&CODE, "a password is written into the spec")
        .label(at, "can be read by all who see the repository")
        .help("change it where it is used, store the new one as a secret, and ask for that: `${{ secrets.NAME }}`")
}
