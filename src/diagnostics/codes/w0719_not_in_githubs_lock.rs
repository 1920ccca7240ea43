//! An action that GitHub's own lock file lacks.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0719",
    title: "action that GitHub's lock file lacks",
    page: r"
`.github/workflows/actions.lock` lists the workflow that the spec compiles to. GitHub then runs the commits that are recorded there, so that the output keeps
its tags; and it refuses every run of a workflow that uses an action which is not recorded. `gh actions-lock` records it: only that tool can, since it asks GitHub's API.
`pipelay lock` calls it, for the workflows that lack something and for no other. It reads the workflows that are there, so they are compiled first.

This is about another file, so there is no spec that shows it.

```text
$ pipelay compile && pipelay lock
```
",
};

/// GitHub's lock file lists the output, and lacks these actions, each with the place where it is used.
pub fn not_in_githubs_lock(actions: &[(&str, Span)]) -> Diag {
    let names: Vec<String> = actions.iter().map(|(action, _)| format!("`{action}`")).collect();
    Diag::new(&CODE, format!("`.github/workflows/actions.lock` does not record {}", names.join(", ")))
        .labels(actions.iter().map(|(_, at)| *at), "GitHub refuses to run this", "and this")
        .help("run `pipelay lock` when the workflow is compiled: it has `gh actions-lock` record this")
}
