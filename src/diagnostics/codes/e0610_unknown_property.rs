//! A property that is not there.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0610",
    title: "unknown property",
    page: r"
The context is known, and has nothing of that name: a job that is not needed, a step without that id, an axis that the matrix does not have.
GitHub yields `null` for it, which becomes the empty text.

## Bad
```pipe
job build {
  matrix os: ubuntu-latest, macos-latest
  run make OS=${{ matrix.so }}
}
```

## Good
```pipe
job build {
  matrix os: ubuntu-latest, macos-latest
  run make OS=${{ matrix.os }}
}
```
",
};

/// `base` has no `name`; it has `known`, and `near` was perhaps meant.
pub fn unknown_property(base: &str, name: &str, near: Option<&str>, known: &[&str], at: Span) -> Diag {
    let help = match (near, known) {
        (Some(near), _) => Some(format!("write `{near}`")),
        (None, []) => match base {
            "steps" => Some(format!("give the step that it asks an id: `step {name}: COMMAND`")),
            "inputs" => Some(format!("declare it in the block of an event: `on workflow_dispatch {{ input {name}: string }}`")),
            "matrix" => Some(format!("add the axis: `matrix {name}: a, b`")),
            _ => base
                .strip_prefix("needs.")
                .and_then(|job| job.strip_suffix(".outputs"))
                .map(|job| format!("let job `{job}` say it: `outputs {{ {name}: ${{{{ steps.ID.outputs.{name} }}}} }}`")),
        },
        (None, known) if known.len() <= 8 => {
            let quoted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            Some(format!("it has {}", quoted.join(", ")))
        }
        _ => None,
    };
    Diag::new(&CODE, format!("`{base}` has no `{name}`")).label(at, "not there").maybe_help(help)
}

/// The same of outputs of a workflow that is called, and gives none.
pub fn of_a_call(diag: Diag, name: &str) -> Diag {
    diag.help(format!(
        "declare it where the called workflow is: `on workflow_call {{ output {name}: ${{{{ jobs.JOB.outputs.{name} }}}} }}`"
    ))
}

/// A step has `title` for a name to show, and no id.
pub fn title_of_a_step(title: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("no step has the id `{title}`, and one has it as its name"))
        .label(at, "not an id")
        .help(format!("an id stands without quotes, before the name: `step {title}: COMMAND`"))
}

/// The step `id` comes later than the place that asks for it, or is that place.
pub fn not_run_yet(id: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("step `{id}` has not run yet"))
        .label(at, "known once the step is done")
        .help(format!("move step `{id}` up, before what asks for it"))
}

/// `base` is a `noun`, and so has no properties at all.
pub fn no_properties(base: &str, noun: &str, name: &str, at: Span) -> Diag {
    let help = if noun == "a list" { Some(format!("`.*.{name}` takes it from every item")) } else { None };
    Diag::new(&CODE, format!("`{base}` is {noun} and has no `{name}`")).label(at, "not there").maybe_help(help)
}
