//! `wait` or `cancel` of something that is no background step.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0308",
    title: "no background step of that id",
    page: r"
`wait` and `cancel` name steps of the same job, above them, by their ids, that run in the background.

## Bad
```pipe
target github { parallel-steps on }

job test {
  step server { background; run npm start }
  run npm test
  cancel sever
}
```

## Good
```pipe
target github { parallel-steps on }

job test {
  step server { background; run npm start }
  run npm test
  cancel server
}
```
",
};

/// No step is called `id`; `near` is a background step.
pub fn unknown_step(statement: &str, id: &str, near: Option<&str>, at: Span) -> Diag {
    let help = near.map_or_else(
        || "give it an id and `background`: `step ID { background; run COMMAND }`".to_owned(),
        |near| format!("write `{near}`"),
    );
    Diag::new(&CODE, format!("`{statement}` names no background step: `{id}`")).label(at, "no such step above").help(help)
}

/// The step `id` does not run in the background.
pub fn not_in_background(id: &str, at: Span, step: Span) -> Diag {
    Diag::new(&CODE, format!("step `{id}` does not run in the background"))
        .label(at, "it has ended here already")
        .label(step, "the step")
        .help("add `background` to the step, or remove this")
}
