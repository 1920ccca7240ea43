//! A lock file that cannot be read.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0712",
    title: "lock file that cannot be read",
    page: r"
`pipelay.lock` has a line for each tag or branch that specs ask for: what is asked for, its full tag, the commit, and the day of that tag;
behind these, one for each image that is pinned: its name and tag, the digest, and the day when that was seen first.
`pipelay lock` writes it. A line of another kind could be a pin that was lost, so that nothing is compiled with it.

This is about another file, so there is no spec that shows it.

```text
$ cat pipelay.lock
actions/checkout@v6 v6.0.2 de0fac2e4500dabe0009e67214ff5f5447ce83dd 2026-01-09
postgres:15 sha256:1d26d1ea1a8ae4ec9f4ff5a5ab6cba1b3a8bb9e1a7a1c9d6ae7a2e5e9be4d0ac 2026-01-09
```
",
};

/// `line` at `at` is no pin.
pub fn bad_line(line: &str, at: Span) -> Diag {
    let shown: String = line.chars().take(60).collect();
    Diag::new(&CODE, format!("`{shown}` is no line of a lock file"))
        .label(at, "not `ACTION@ASKED TAG COMMIT DATE` or `IMAGE:TAG DIGEST DATE`")
        .help("remove the line, and run `pipelay lock`")
}

/// What is `asked` for has two pins, at `at` and `first`.
pub fn twice(asked: &str, at: Span, first: Option<Span>) -> Diag {
    let diag = Diag::new(&CODE, format!("`{asked}` has two pins")).label(at, "the second");
    let diag = match first {
        Some(first) => diag.label(first, "the first"),
        None => diag,
    };
    diag.help("remove the wrong one; `pipelay lock --verify` says which that is")
}
