//! A condition that the gate cannot ask for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0704",
    title: "condition that the gate cannot look at",
    page: r#"
The gate passes where a job was skipped and its condition says so, and looks at the condition itself. It needs all jobs, so that `needs` as a whole is not
in it what it is in the job: where a condition asks for that, the gate takes every skip of the job for a failure.

## Bad
```pipe
gate "Tests"
job build: make
job deploy {
  needs build
  when contains(toJSON(needs), 'success')
  run make deploy
}
```

## Good
```pipe
gate "Tests"
job build: make
job deploy {
  needs build
  when contains(needs.*.result, 'success')
  run make deploy
}
```
"#,
};

/// The condition of `job`, at `at`, asks for all of `needs`.
pub fn gate_cannot_judge(job: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the gate fails whenever `{job}` is skipped"))
        .label(at, "asks for `needs` as a whole, which in the gate is another")
        .help(format!("name the jobs, `needs.build.result`, or leave it out: `gate \"Name\" except {job}`"))
}
