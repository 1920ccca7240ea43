//! Statements about rows in a job that has none.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0318",
    title: "about rows that are not there",
    page: r"
`fail-fast` and `max-parallel` say how the rows of a job run: those of its `matrix`, or its `shards`. In a job without either they say nothing. Under
`optimize off` it is a warning, since GitHub takes them.

## Bad
```pipe
job test {
  fail-fast off
  run npm test
}
```

## Good
```pipe
job test {
  matrix node: 20, 22
  fail-fast off
  toolchain node ${{ matrix.node }}
  run npm test
}
```
",
};

/// `word` is about rows, and there are none.
pub fn without_rows(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` is about the rows of a job, and this one has none"))
        .label(at, "without effect here")
        .help("add a `matrix` or `shards`, or remove it")
}
