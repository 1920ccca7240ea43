//! A push that nothing lets in.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0735",
    title: "push without credentials",
    page: r"
The pass `harden` lets a checkout keep no credentials, so that no later step can use or leak them. Then `git push` asks for a name and a password, and fails; so does
what pushes with these credentials by itself, as `mkdocs gh-deploy` and some actions do.

Where the job is to push, its checkout says so; the right to push is another matter, `permissions { contents: write }`.

## Bad
```pipe
job tag {
  permissions { contents: write }
  run git push origin v1
}
```

## Good
```pipe
job tag {
  permissions { contents: write }
  checkout { persist-credentials: true }
  run git push origin v1
}
```
",
};

/// What pushes at this place, by its name, has no credentials.
pub fn no_credentials(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` has no credentials: the checkout keeps none"))
        .label(at, "asks for a name and a password, and fails")
        .help("write `checkout { persist-credentials: true }` before it")
}

/// What pushes at this place does so from a clone of its own, which has no credentials.
pub fn no_credentials_in_clone(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` has no credentials: it pushes from a clone of its own"))
        .label(at, "asks for a name and a password, and fails")
        .help("give it a URL with a token by `--repo`, or `git remote set-url origin` one before it")
}
