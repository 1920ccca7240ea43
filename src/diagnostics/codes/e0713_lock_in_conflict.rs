//! A lock file in a merge conflict.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0713",
    title: "merge conflict in the lock file",
    page: r"
`pipelay.lock` has the markers of a merge that git could not finish. It need not be resolved by hand: `pipelay lock` reads both sides, takes the newer
tag where both have one, of an image the digest that was seen last, and writes the file anew.

This is about another file, so there is no spec that shows it.

```text
$ git merge topic || pipelay lock
```
",
};

/// There is a marker of a merge conflict at `at`.
pub fn lock_in_conflict(at: Span) -> Diag {
    Diag::new(&CODE, "the lock file is in a merge conflict")
        .label(at, "marker of the conflict")
        .help("run `pipelay lock`, which reads both sides")
}
