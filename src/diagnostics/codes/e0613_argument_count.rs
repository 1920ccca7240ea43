//! Too few or too many arguments.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0613",
    title: "wrong number of arguments",
    page: r"
The function exists and takes another number of arguments. GitHub refuses the workflow.

## Bad
```pipe
job test {
  when contains(github.ref)
  run npm test
}
```

## Good
```pipe
job test {
  when contains(github.ref, 'release')
  run npm test
}
```
",
};

/// `name` takes `takes` and gets `count`.
pub fn argument_count(name: &str, takes: &str, count: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` takes {takes}, and gets {count}")).label(at, "called here")
}
