//! A file that the next commit would not have as it is.

use crate::diagnostics::{Code, Diag};
use crate::shell::quoted;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0820",
    title: "not staged as it is",
    page: r"
With `--staged`, as hooks use it, `compile` and `check` are about the next commit: each spec that git tracks goes into it with its workflow. Here one
of them is not staged, or was changed since: `compile` has just written it, or it was forgotten. The commit would have a spec and another's workflow.

`git add` stages it, and the removal of a workflow whose spec is gone as well. If a part of a spec is to be committed alone, pre-commit
puts the other part aside while hooks run.

This is about files, so there is no spec that shows it.

```text
$ git add .github/workflows/ci.pipe && pipelay compile --staged
```
",
};

/// What lies at `paths` is not what git has staged; to commit them, all of `together` belongs to it: a spec and its workflow.
pub fn not_staged(paths: &[String], together: &[String]) -> Diag {
    let names: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    let (is, it) = if paths.len() == 1 { ("is", "it is") } else { ("are", "they are") };
    let words: Vec<String> = together.iter().map(|path| quoted(path)).collect();
    Diag::new(&CODE, format!("{} {is} not staged as {it}", names.join(", ")))
        .help(format!("run `git add {}`, and commit again", words.join(" ")))
}
