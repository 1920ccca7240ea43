//! Lock that may cancel a waiting run.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0702",
    title: "lock that may cancel a waiting run",
    page: r"
`locks NAME` becomes GitHub's `concurrency`, whose queue holds one run: a third one that comes cancels the second. `target github { queue-max on }`
lets up to a hundred wait, where the server and the linters know it.

## Bad
```pipe
on push

job deploy {
  locks production
  run ./deploy.sh
}
```

## Good
```pipe
target github { queue-max on }

on push

job deploy {
  locks production
  run ./deploy.sh
}
```
",
};

/// The lock at `at` has room for one that waits.
pub fn lock_may_cancel(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a third run that wants `{name}` cancels the second, which waits"))
        .label(at, "GitHub's queue holds one")
        .help("let more wait: `target github { queue-max on }`")
}
