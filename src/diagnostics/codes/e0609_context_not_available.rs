//! A context that cannot be seen where it is named.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0609",
    title: "context not available here",
    page: r"
GitHub works out the parts of a workflow at different times, and not every context is known at each. A job's condition is decided before its
matrix is expanded, and no condition sees secrets.

## Bad
```pipe
job test {
  when secrets.TOKEN != ''
  run npm test
}
```

## Good
```pipe
job test {
  env { HAS_TOKEN: ${{ secrets.TOKEN != '' }} }
  step when env.HAS_TOKEN == 'true': npm test
}
```
",
};

/// `name` cannot be seen in `here`, but in `places`.
pub fn context_not_available(name: &str, here: &str, places: &[&str], at: Span) -> Diag {
    let help = match (name, here) {
        ("secrets", "the condition of a step" | "the condition of a job") => {
            "put it into `env` of the job, and ask for that in the condition of a step".to_owned()
        }
        ("matrix", "the condition of a job") => {
            "ask for it in the condition of a step, or leave the row out of the matrix".to_owned()
        }
        ("needs", "an output of the workflow") => "write `jobs` in its place: `jobs.JOB.outputs.NAME`".to_owned(),
        ("steps", "an output of the workflow") => {
            "write it into `outputs` of its job, and ask for `jobs.JOB.outputs.NAME`".to_owned()
        }
        ("jobs", _) => "in a job, write `needs` in its place: `needs.JOB.outputs.NAME`".to_owned(),
        ("env", "the `env` of a job") => {
            "write the value itself, or put it into `env` of a step, which sees those of the job".to_owned()
        }
        ("env", "the condition of a job") => "ask for it in the condition of a step, or use `vars`".to_owned(),
        _ => format!("it can be used in {}", some(places)),
    };
    // What a run finds out is not known everywhere; what is set beforehand is just not handed out.
    let why =
        if matches!(name, "secrets" | "env" | "jobs" | "vars" | "inputs") { "not to be seen here" } else { "not known yet" };
    Diag::new(&CODE, format!("`{name}` cannot be used in {here}")).label(at, why).help(help)
}

/// The first few, as a sentence has them.
pub(super) fn some(places: &[&str]) -> String {
    match places {
        [] => "no place at all".to_owned(),
        [one] => (*one).to_owned(),
        [all @ .., last] if all.len() < 4 => format!("{} and {last}", all.join(", ")),
        many => format!("{} and others", many[..4].join(", ")),
    }
}
