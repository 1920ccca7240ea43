//! Container on a machine that has none.

use crate::catalog::runners::SLIM;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0333",
    title: "container on a machine that has none",
    page: r"
GitHub starts containers, and so services, on machines with Linux alone. On macOS and Windows the job fails before its first step. `ubuntu-slim` is a container
itself, and not known to have Docker.

## Bad
```pipe
job test {
  runner macos-15
  service postgres
  run make test
}
```

## Good
```pipe
job test {
  runner ubuntu-24.04
  service postgres
  run make test
}
```
",
};

/// `what` at `at` is a container, and the job runs on `label`.
pub fn container_without_linux(what: &str, at: Span, label: &str, runner: Span) -> Diag {
    let message = if label.eq_ignore_ascii_case(SLIM) {
        format!("{what} needs Docker, which `{label}` is not known to have")
    } else {
        format!("{what} needs a machine with Linux, and `{label}` is none")
    };
    Diag::new(&CODE, message)
        .label(at, "a container")
        .label(runner, "the machine")
        .help("run the job on `ubuntu-latest`, or start what it needs in a step")
}
