//! Axis that nothing asks for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0335",
    title: "axis that nothing asks for",
    page: r"
A matrix runs its job once for each value of an axis, and nothing of the job asks for the value: the rows do the same. No shell sees an axis by
itself. Where the same is meant to run several times, `allow W0335` says so.

## Bad
```pipe
job test {
  matrix node: 20, 22
  run npm test
}
```

## Good
```pipe
job test {
  matrix node: 20, 22
  toolchain node ${{ matrix.node }}
  run npm test
}
```
",
};

/// Nothing of the job asks for `axis`.
pub fn unused_axis(axis: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("nothing asks for the axis `{axis}`: its rows do the same"))
        .label(at, "the job runs once for each")
        .help(format!("write `${{{{ matrix.{axis} }}}}` where it counts, or remove the axis"))
}
