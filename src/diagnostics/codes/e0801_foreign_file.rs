//! An output file that somebody else wrote.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0801",
    title: "file not written by pipelay",
    page: r"
The file that the spec compiles to exists already, and its first lines do not say that pipelay generated it. It is left as it is: a
workflow written by hand would be lost.

Rename one of the two, choose another output with `-o`, or replace the file with `--force`.

This is about files, so there is no spec that shows it.

```text
$ echo 'on: push' > .github/workflows/ci.yml
$ pipelay compile .github/workflows/ci.pipe
```
",
};

/// `output`, which `spec` compiles to, was not written by pipelay.
pub fn foreign_file(output: &str, spec: &str) -> Diag {
    Diag::new(&CODE, format!("`{output}` was not written by pipelay, and `{spec}` would replace it"))
        .help("rename one of the two, or replace the file with `pipelay compile --force`")
}
