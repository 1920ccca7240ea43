//! Job or step without work, or with two kinds of it.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0303",
    title: "job or step without work, or with two kinds of it",
    page: r#"
A step does one thing: one `run` or one `uses`. A job has steps, or calls one workflow, and not both.

## Bad
```pipe
job test {
  step "Test" {
    env { CI: true }
  }
}
```

## Good
```pipe
job test {
  step "Test" {
    env { CI: true }
    run npm test
  }
}
```
"#,
};

/// A step or job without work.
pub fn without_work(noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("this {noun} does nothing"))
        .label(at, "neither `run` nor `uses`")
        .help("give it work: `run COMMAND`")
}

/// A second work where one is wanted.
pub fn two_works(again: Span, before: Span) -> Diag {
    Diag::new(&CODE, "one `run` or `uses` is wanted, and there are two")
        .label(again, "the second")
        .label(before, "the first")
        .help("make two of it")
}

/// A step calls a workflow.
pub fn call_in_a_step(workflow: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` is a workflow, which a job calls and no step"))
        .label(at, "a workflow")
        .help(format!("give it a job of its own, without steps: `job NAME {{ uses {workflow} }}`"))
}

/// A job that calls a workflow has steps, too.
pub fn call_with_steps(step: Span, call: Span) -> Diag {
    Diag::new(&CODE, "a job that calls a workflow has no steps of its own")
        .label(step, "a step")
        .label(call, "the call")
        .help("put the steps into a job of their own")
}
