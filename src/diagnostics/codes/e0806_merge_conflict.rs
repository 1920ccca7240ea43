//! An output in a merge conflict.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0806",
    title: "merge conflict in an output",
    page: r"
The committed workflow has the markers of a merge that git could not finish, so GitHub cannot read it. It need not be resolved by hand:
once the spec is merged, compiling it replaces the whole file.

This is about files, so there is no spec that shows it.

```text
$ git merge topic || pipelay check
```
",
};

/// `output`, which `spec` compiles to, has a conflict marker at `at`.
pub fn merge_conflict(output: &str, spec: &str, command: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{output}`, which `{spec}` compiles to, is in a merge conflict"))
        .label(at, "marker of the conflict")
        .help(format!("run `{command}`, which makes the whole file anew"))
}
