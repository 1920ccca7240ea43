//! A command of Cargo whose component was not installed.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0753",
    title: "component of Rust that is not installed",
    page: r"
A version of Rust that is installed by name comes with the compiler, the standard library and Cargo. `cargo fmt`, `cargo clippy` and `cargo miri` are components, and end with an error where
they were not added; only the `stable` of GitHub's images has the first two.

## Bad
```pipe
on push

job lint {
  toolchain rust nightly
  run cargo fmt --check
}
```

## Good
```pipe
on push

job lint {
  toolchain rust nightly { components: rustfmt }
  run cargo fmt --check
}
```
",
};

/// What stands at `at` is `component`, which was not added to Rust `version`.
pub fn missing_component(component: &str, version: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("Rust {version} was installed without `{component}`"))
        .label(at, "ends with an error")
        .help(format!("write `components: {component}` where the toolchain is asked for"))
}
