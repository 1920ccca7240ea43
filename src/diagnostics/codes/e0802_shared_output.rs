//! Two specs that compile to one file.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0802",
    title: "two specs for one output",
    page: r"
Two specs have the same output, so one would replace the other. A spec in `.github/workflows` compiles to the file of its own name beside
it; one elsewhere to the file of its name in `.github/workflows`.

This is about files, so there is no spec that shows it.

```text
$ pipelay compile .github/workflows/ci.pipe tools/ci.pipe
```
",
};

/// Both `first` and `second` compile to `output`.
pub fn shared_output(output: &str, first: &str, second: &str) -> Diag {
    Diag::new(&CODE, format!("`{first}` and `{second}` both compile to `{output}`"))
        .help("rename one of the specs, or delete the one that is not meant")
}
