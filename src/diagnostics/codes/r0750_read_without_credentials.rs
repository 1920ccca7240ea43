//! A read of the repository that nothing lets in, where it is private.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0750",
    title: "read without credentials",
    page: r"
The pass `harden` lets a checkout keep no credentials, so that no later step can use or leak them. A public repository is read without any; in a private one `git fetch`, `git pull`,
`git ls-remote` and `git lfs pull` ask for a name and a password, and fail.

Mostly the checkout can do it itself, while it has the token: `fetch-depth: 0` fetches the history of all branches and tags, `lfs: true` the files of Git LFS.
Where it cannot, it may keep the credentials.

## Bad
```pipe
job changes: git fetch origin main && git diff --stat origin/main
```

## Good
```pipe
job changes {
  checkout { fetch-depth: 0 }
  run git diff --stat origin/main
}
```
",
};

/// What reads the repository at this place, by its name, has no credentials; `instead` is an input of the checkout, and what it fetches by that.
pub fn read_without_credentials(name: &str, instead: Option<(&str, &str)>, at: Span) -> Diag {
    let kept = "`checkout { persist-credentials: true }`";
    let help = match instead {
        Some((input, what)) => format!("write `checkout {{ {input} }}`, which fetches {what} itself, or {kept}"),
        None => format!("write {kept} before it, where the repository is private"),
    };
    Diag::new(&CODE, format!("`{name}` has no credentials: the checkout keeps none"))
        .label(at, "in a private repository this asks for a name and a password, and fails")
        .help(help)
}
