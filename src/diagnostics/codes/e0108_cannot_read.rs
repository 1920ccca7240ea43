//! A file that cannot be read.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0108",
    title: "file that cannot be read",
    page: r"
The file was named on the command line, or found in `.github/workflows`, and cannot be read: it does not exist, is a directory, or
the permissions forbid it.

This is about files, so there is no spec that shows it.

```text
$ pipelay compile no-such-file.pipe
```
",
};

/// Reading `path` failed because of `why`, as the system words it.
pub fn cannot_read(path: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be read: {why}"))
}

/// `path` does not exist; `near` is a spec whose name is close.
pub fn missing(path: &str, near: Option<&str>) -> Diag {
    Diag::new(&CODE, format!("`{path}` does not exist")).maybe_help(near.map(|near| format!("`{near}` does")))
}

/// `path` is a directory.
pub fn directory(path: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` is a directory")).help(format!("name its files: `{path}/*.pipe`"))
}
