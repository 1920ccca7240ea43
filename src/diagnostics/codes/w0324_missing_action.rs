//! An action of the repository that is not there.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0324",
    title: "action of the repository that is not there",
    page: r"
Git tracks no `action.yml` and no `Dockerfile` in that folder, and nothing that runs before in the job may make one: the job fails when it comes to the
step. Behind a command, another action, or a checkout of something else nothing is said.

## Bad
```pipe
# git tracks: tools/lint/action.yml
job lint {
  uses ./tools/lnt
}
```

## Good
```pipe
# git tracks: tools/lint/action.yml
job lint {
  uses ./tools/lint
}
```
",
};

/// `action` is not there: `file` would be it.
pub fn missing_action(action: &str, file: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("git tracks no `{file}`"))
        .label(at, "nothing to run")
        .help(format!("correct the path `{action}`, or add the file"))
}
