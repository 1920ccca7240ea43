//! An output that cannot be written.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0804",
    title: "file that cannot be written",
    page: r"
The output could not be written: the permissions forbid it, the disk is full, or a directory has its name. What was there before is
still there, since files are replaced as a whole or not at all.

Nor is a file removed by `pipelay compile --prune` when the permissions forbid it, or when git cannot keep a copy of it. What that file holds
may be nowhere else, so `--force` says that it may go.

This is about files, so there is no spec that shows it.

```text
$ chmod a-w .github/workflows && pipelay compile
```
",
};

/// Removing `path` failed because of `why`, as the system words it.
pub fn cannot_remove(path: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be removed: {why}"))
}

/// `path` was not removed, since git could not keep a copy of it.
pub fn cannot_keep(path: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` is not removed: git cannot keep a copy of it"))
        .help("remove it with `pipelay compile --prune --force`, where nothing in it is needed")
}

/// Writing `path` failed because of `why`, as the system words it.
pub fn cannot_write(path: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be written: {why}"))
}
