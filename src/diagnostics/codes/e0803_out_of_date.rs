//! A committed output that is not what its spec compiles to.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0803",
    title: "output out of date",
    page: r"
The committed workflow is not what its spec compiles to: the spec was changed and not compiled again, the workflow was edited by hand,
or another version of pipelay wrote it. What `check` prints is the difference, from what is there to what should be.

This is about files, so there is no spec that shows it.

```text
$ echo 'job new: npm test' >> .github/workflows/ci.pipe && pipelay check
```
",
};

/// `output` differs from what `spec` compiles to, first at `at`.
pub fn out_of_date(output: &str, spec: &str, command: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{output}` is not what `{spec}` compiles to"))
        .label(at, "differs from here on")
        .help(format!("run `{command}`"))
}

/// `output` of `spec` does not exist.
pub fn missing_output(output: &str, spec: &str, command: &str) -> Diag {
    Diag::new(&CODE, format!("`{output}`, which `{spec}` compiles to, does not exist")).help(format!("run `{command}`"))
}
