//! A called workflow that asks for more than its caller may do.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0747",
    title: "more rights than the caller has",
    page: r#"
A job of the called workflow asks for a right that the job which calls it does not have. The rights of the caller are the most that the called jobs can have, and
GitHub refuses the whole workflow: "The nested job 'rel' is requesting 'contents: write', but is only allowed 'contents: read'". A condition does not help
(actions/runner#4151).

## Bad
```pipe
job release {
  permissions { contents: read }
  uses ./.github/workflows/tag.yml
}
```

## Good
```pipe
job release {
  permissions { contents: write }
  uses ./.github/workflows/tag.yml
}
```
"#,
};

/// The job `nested` of `workflow`, which `job` calls at `at`, asks for `missing`, too.
pub fn more_than_the_caller(job: &str, workflow: &str, nested: &str, missing: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` asks for more than `{job}` may do: `{missing}`"))
        .label(at, format!("its job `{nested}` asks for it, and GitHub would refuse to start"))
        .help(format!("let `{job}` have `permissions {{ {missing} }}`, too"))
}
