//! A script or an expression that is longer than GitHub takes.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0502",
    title: "script or expression too long",
    page: r"
GitHub takes at most 21,000 characters in one script, and in one expression. Text around `${{ }}` counts as part of the
expression, with quotes and braces counted twice, since GitHub turns the whole into one call of `format`. Put a long script into
a file of the repository and run that.

An example would have to be longer than 21,000 characters, so the first one is only hinted at.

## Bad
```text
run <21,001 characters>
```

## Good
```pipe
job test {
  run ./ci/test.sh
}
```
",
};

/// The text at `path` has `length` characters.
pub fn text_too_long(path: &str, length: usize, most: usize) -> Diag {
    Diag::new(&CODE, format!("`{path}` has {length} characters, and GitHub takes at most {most}"))
        .help("put the script into a file of the repository and run that")
}
