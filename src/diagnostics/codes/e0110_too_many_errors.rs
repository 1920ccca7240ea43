//! So many errors that the rest is not shown.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0110",
    title: "too many errors",
    page: r"
The file has so many faults that it is most likely not a `.pipe` file. The first hundred are shown, or the first
five hundred where each statement is well-formed.

```text
(an example would be a hundred faulty lines long)
```
",
};

/// From `at` on, errors beyond the first `shown` are not reported.
pub fn too_many_errors(shown: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("more than {shown} errors: the rest is not shown"))
        .label(at, "the first that is not shown")
        .help("mend the errors above first; is this a `.pipe` file?")
}
