//! Lines of a raw block whose common indent is blanks in one and tabs in another.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0112",
    title: "tabs and blanks mixed in the indent of a raw block",
    page: "
The indent that all lines of a raw block share is taken away. Where some lines have tabs and others blanks, nothing says what they share.

## Bad
```pipe
job test {
  run \"\"\"
    npm ci
\t\t\t\tnpm test
    \"\"\"
}
```

## Good
```pipe
job test {
  run \"\"\"
    npm ci
    npm test
    \"\"\"
}
```
",
};

/// The raw block at `at` mixes both.
pub fn mixed_indent(at: Span) -> Diag {
    Diag::new(&CODE, "lines of this block share no indent: some begin with tabs, others with blanks")
        .label(at, "mixed in here")
        .help("indent all of its lines with blanks")
}
