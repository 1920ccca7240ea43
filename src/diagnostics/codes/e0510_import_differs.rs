//! An import that would change what a workflow means.

use crate::diagnostics::{Code, Diag};
use crate::import::Difference;
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0510",
    title: "import would change the workflow",
    page: r"
`pipelay import` compiles the spec that it made, and compares the result with the file that was imported. Where the two do not mean the same, it says at which key,
and writes nothing.

That is a gap of Pipelay's: please report it, with the lines that it names.

## Bad
```yaml
jobs: {}
```

## Good
```yaml
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
```
",
};

/// The file and what its spec compiles to differ.
pub fn import_differs(found: &Difference, at: Span) -> Diag {
    let Difference { path, left, right } = found;
    Diag::new(&CODE, format!("`{}` would not be the same: {left} becomes {right}", path.join(".")))
        .label(at, "changed by the import")
        .help("please report this; until it is mended, take these lines out and import the rest")
}

/// It could not be shown that the spec means the same.
pub fn not_proven(why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the import could not be proven: {why}")).label(at, "this file").help("please report this")
}
