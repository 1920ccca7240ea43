//! A file that is too large to be a spec.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0109",
    title: "file too large",
    page: r"
A spec of more than 16 MiB is not read. A workflow may have 500 KB in the end, so such a file is something else, or was generated and
should be split.

This is about a file's size, so there is no spec that shows it.

```text
$ head -c 20000000 /dev/zero > ci.pipe && pipelay compile ci.pipe
```
",
};

/// `path` holds more than `limit` bytes.
pub fn file_too_large(path: &str, limit: u64) -> Diag {
    Diag::new(&CODE, format!("`{path}` is larger than {} MiB", limit >> 20)).help("split the spec; is this a `.pipe` file?")
}
