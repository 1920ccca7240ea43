//! An output whose spec is gone.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0805",
    title: "output without a spec",
    page: r"
A workflow says that pipelay generated it from a spec that does not exist: the spec was deleted, or it was renamed and now compiles to
another file. GitHub still runs the workflow, and nobody can change it where it was written.

`pipelay compile --prune` removes such files, and no others. Git keeps a copy of what they hold, and the command says how to get at it. A
workflow that is to live on without its spec needs its first comment deleted: then it is not pipelay's any more.

This is about files, so there is no spec that shows it.

```text
$ pipelay compile && git mv .github/workflows/ci.pipe .github/workflows/test.pipe && pipelay check
```
",
};

/// `output` was generated from `spec`, as it says at `at`; there is no such file.
pub fn orphan(output: &str, spec: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{output}` was generated from `{spec}`, which does not exist"))
        .label(at, "says so here")
        .help("remove it with `pipelay compile --prune`, or restore the spec")
}
