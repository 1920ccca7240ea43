//! A tag that is too young, and the only one.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0718",
    title: "tag that is younger than the minimum age",
    page: r"
Every tag that the spec means is younger than the minimum age of `pipelay lock`. It is pinned all the same: without a pin the tag would run as it is now, which is no
older. Its code has not been looked at by many yet.

This is about a server, so there is no spec that shows it.

```text
$ pipelay lock --min-age 7d
```
",
};

/// What is `asked` for is pinned at `tag`, which is of `day`.
pub fn young_tag(asked: &str, tag: &str, day: &str) -> Diag {
    Diag::new(&CODE, format!("`{asked}` is pinned at `{tag}` of {day}, which is younger than the minimum age"))
        .help("read what it changes before it is used, or ask for an older tag")
}
