//! A bump in the committed output that the spec does not allow.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0714",
    title: "newer version in the committed workflow than the spec means",
    page: r"
The committed workflow has an action at a version that is newer than what the spec asks for, most likely since a bot put it there: `v7.0.0` where the spec
says `v6`. Only the author can say that the new version is meant, so that `compile` takes it back. A bot that is told to leave major versions alone
proposes none.

This is about the committed workflow, so there is no spec that shows it.

```text
$ pipelay check
```
",
};

/// The committed output has `tag` where `action` is asked for at `at`; `alike` asks for that tag in the same way.
pub fn bump_not_meant(action: &str, tag: &str, alike: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the committed workflow has `{tag}` in place of `{action}`"))
        .label(at, "this does not mean it")
        .help(format!("where this is written, write `@{alike}` to have it; else `pipelay compile` takes it back"))
}
