//! More levels than anyone reads, and than a stack holds.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0115",
    title: "nested too deep",
    page: r#"
Blocks, lists, maps and parentheses may lie in each other, 64 levels deep at most; each `else if` counts as a level.

## Bad
```pipe
# git tracks: package.json
job test {
  if ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((exists("package.json"))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) {
    run npm test
  }
  run npm run lint
}
```

## Good
```pipe
# git tracks: package.json
job test {
  if exists("package.json") {
    run npm test
  }
  run npm run lint
}
```
"#,
};

/// At `at` the level after the last one of `limit` begins.
pub fn nested_too_deep(limit: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("this is nested more than {limit} levels deep"))
        .label(at, "too deep from here on")
        .help("say it with fewer levels: a list for a chain of `else if`, a `let` for data in data")
}
