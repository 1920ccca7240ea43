//! Warning of a definition.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0206",
    title: "warning of a definition",
    page: r#"
The definition of a toolchain, service or template says something about the way it is used, with `warn`. Most often a lockfile is missing:
without one every run resolves versions anew, and no cache can be exact.

## Bad
```pipe
template deploy(to = "") {
  if %{to} == "" { warn "no target: staging is meant" }
  run ./deploy.sh %{to}
}

job ship {
  deploy()
}
```

## Good
```pipe
template deploy(to = "") {
  if %{to} == "" { warn "no target: staging is meant" }
  run ./deploy.sh %{to}
}

job ship {
  deploy(staging)
}
```
"#,
};

/// What the definition says, at the place of its use.
pub fn note(text: &str, at: Span) -> Diag {
    Diag::new(&CODE, text).label(at, "used here").help("mend it, or silence it with `allow W0206 \"reason\"`")
}
