//! GitHub's own lock file, where it cannot be understood.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0742",
    title: "lock file of GitHub's that cannot be read",
    page: r"
`.github/workflows/actions.lock` says for which workflows GitHub runs the commits that are recorded there. In those tags stay tags, in all others they become commits: so
nothing is written before it is known. It is in a merge conflict, damaged, or of a version that is newer than this compiler. `gh actions-lock` writes it anew.

This is about another file, so there is no spec that shows it.

```text
$ git checkout --theirs .github/workflows/actions.lock && gh actions-lock --no-migrate-local-actions
```
",
};

/// It cannot be understood, as `why` says.
pub fn unreadable_lock(why: &str) -> Diag {
    Diag::new(&CODE, format!("`.github/workflows/actions.lock` cannot be understood: {why}"))
        .help("mend it, or have `gh actions-lock --no-migrate-local-actions` write it anew")
}
