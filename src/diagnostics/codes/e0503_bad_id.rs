//! An id of a job or step that GitHub refuses.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0503",
    title: "id that GitHub does not take",
    page: r"
The id of a job or step begins with a letter or `_`, goes on with letters, digits, `_` and `-`, and has fewer than 100
characters.

An id is made of the name in the spec, whose form is narrower; it can be wrong only where a name is too long or where raw keys give it.

## Bad
```text
job a-name-of-a-hundred-characters-or-more {
```

## Good
```pipe
job test {
  run npm test
}
```
",
};

/// `id` is that of a `kind` (job, step).
pub fn bad_id(kind: &str, id: &str) -> Diag {
    let shown: String = id.chars().take(110).collect();
    Diag::new(&CODE, format!("`{shown}` cannot be the id of a {kind}"))
        .help("begin with a letter or `_`, use only letters, digits, `_` and `-`, and stay below 100 characters")
}
