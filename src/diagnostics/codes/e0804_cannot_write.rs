//! An output that cannot be written.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0804",
    title: "file that cannot be written",
    page: r"
The output could not be written: the permissions forbid it, the disk is full, or a directory has its name. What was there before is
still there, since files are replaced as a whole or not at all.

This is about files, so there is no spec that shows it.

```text
$ chmod a-w .github/workflows && pipelay compile
```
",
};

/// Writing `path` failed because of `why`, as the system words it.
pub fn cannot_write(path: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be written: {why}"))
}
