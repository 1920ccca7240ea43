//! `startsWith` and `endsWith` with their arguments the other way round.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0658",
    title: "arguments the other way round",
    page: r"
`startsWith(text, part)` and `endsWith(text, part)` look for the second in the first. With a written text first and a value second they ask whether the
written text begins with the value, which is hardly ever meant.

## Bad
```pipe
job publish {
  when startsWith('refs/tags/', github.ref)
  run cargo publish
}
```

## Good
```pipe
job publish {
  when startsWith(github.ref, 'refs/tags/')
  run cargo publish
}
```
",
};

/// `function` looks for `part` in `text`, which is written out.
pub fn swapped_arguments(function: &str, text: &str, part: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{function}` looks for `{part}` in `{text}`"))
        .label(at, "the text that is looked into comes first")
        .help(format!("write `{function}({part}, {text})`"))
}
