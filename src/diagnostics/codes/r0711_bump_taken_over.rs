//! Pins that a bot brought up to date in the committed output.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0711",
    title: "pin taken over from the committed workflow",
    page: r"
Bots such as Dependabot and Renovate bring pins up to date where they find them: in the workflow. A commit there whose tag the spec means, and which is
newer than that of `pipelay.lock` and of the table that comes with pipelay, is kept by `compile`, and no difference for `check`. That it is the commit
of that tag is what its comment says, and nobody proved; `pipelay lock` does, and then has it for all other workflows too.

This is about the committed workflow, so there is no spec that shows it.

```text
$ pipelay check
$ pipelay lock
```
",
};

/// The committed output has newer tags: action, tag, and the place where it is used.
pub fn bumps_taken_over(bumps: &[(String, String, Span)]) -> Diag {
    let names: Vec<String> = bumps.iter().map(|(action, tag, _)| format!("`{action}` at `{tag}`")).collect();
    Diag::new(&CODE, format!("the committed workflow has {}, and keeps it", names.join(", ")))
        .labels(bumps.iter().map(|(_, _, at)| *at), "its tag is newer than the one that is known", "and of this")
        .help("run `pipelay lock`, which proves that it is the commit of that tag")
}
