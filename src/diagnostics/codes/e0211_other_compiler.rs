//! Spec for another compiler.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0211",
    title: "spec for another compiler",
    page: r"
`requires pipelay` names the compiler that the spec is meant for. This one is older, or of another line of compatible versions, so that the
output could change without anybody having changed the spec.

## Bad
```pipe
requires pipelay 99.0

job test: npm test
```

## Good
```pipe
requires pipelay 0.1

job test: npm test
```
",
};

/// This compiler is `own`, and the spec wants `wanted`.
pub fn other_compiler(wanted: &str, own: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("this spec requires pipelay {wanted}, and this is {own}"))
        .label(at, "required here")
        .help("install that version, or change the line and review what the output becomes")
}
