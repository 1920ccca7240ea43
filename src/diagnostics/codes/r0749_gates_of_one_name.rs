//! Gates of several workflows with one name.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0749",
    title: "gates of one name",
    page: r"
Several workflows of the repository have a gate, and their checks have the same name. GitHub knows a required check by its name alone: whichever of the workflows
runs fulfils it. A gate that no spec asks for is called `gate`; `gate` with a name gives it another, and `optimize { gate off }` leaves it out.

This is about several files, so there is no spec that shows it.

```text
$ pipelay compile
```
",
};

/// The gates of all these specs are called `name`.
pub fn gates_of_one_name(name: &str, specs: &[String]) -> Diag {
    let all: Vec<String> = specs.iter().map(|spec| format!("`{spec}`")).collect();
    Diag::new(&CODE, format!("the gates of {} are one check to GitHub: `{name}`", all.join(", ")))
        .help("give all but one a name of their own, as `gate \"Tests\"` does, or none: `optimize { gate off }`")
}
