//! An event that starts no run.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0822",
    title: "event that starts no run",
    page: r"
`plan --event` shows the runs that one event starts, and the spec does not name that event in `on`: there are none.

This is about a command, so there is no spec that shows it.

```text
$ pipelay plan --event pull-request
```
",
};

/// `spec` does not react to `event`, but to `events`; `near` is one of them that may be meant.
pub fn unheard_event(spec: &str, event: &str, events: &[&str], near: Option<&str>) -> Diag {
    let all: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    let help = match near {
        Some(near) => format!("`{near}` does; it is started by {}", all.join(", ")),
        None => format!("it is started by {}", all.join(", ")),
    };
    Diag::new(&CODE, format!("`{event}` starts no run of `{spec}`")).help(help)
}
