//! A workflow that GitHub will not start for its size.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0504",
    title: "workflow file too large",
    page: r"
GitHub does not start workflows whose file has more than 500 KB, and says so nowhere but in the list of runs. Divide the spec
in two, or let jobs that differ in a value only be rows of one matrix.

An example would be half a megabyte long, so the first one is only hinted at.

## Bad
```text
<a spec whose workflow has more than 500 KB>
```

## Good
```pipe
job test {
  run npm test
}
```
",
};

/// The file has `size` bytes.
pub fn file_too_large(size: usize, most: usize) -> Diag {
    Diag::new(&CODE, format!("the workflow has {size} bytes, and GitHub starts none of more than {most}"))
        .help("divide the spec in two")
}
