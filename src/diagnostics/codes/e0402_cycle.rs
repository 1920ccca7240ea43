//! Jobs that wait for each other.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0402",
    title: "jobs that wait for each other",
    page: r"
Each of these jobs comes after another of them, by `needs`, by what it reads, or by an output that it asks for. None could ever start.

## Bad
```pipe
job a {
  needs b
  run make a
}

job b {
  needs a
  run make b
}
```

## Good
```pipe
job a: make a

job b {
  needs a
  run make b
}
```
",
};

/// One job after another, and why.
#[derive(Debug, Clone)]
pub struct Wait<'a> {
    /// What comes first.
    pub from: &'a str,
    /// What comes after it.
    pub to: &'a str,
    /// The place that says so.
    pub at: Span,
    /// How it says so.
    pub why: Why<'a>,
}

/// How something says that a job comes after another.
#[derive(Debug, Clone, Copy)]
pub enum Why<'a> {
    /// `needs`
    Needs,
    /// `needs.JOB.outputs`
    Asks,
    /// It reads what the other writes.
    Reads {
        /// The written path.
        path: &'a str,
        /// Where it is written.
        at: Span,
    },
}

/// The jobs of a cycle, each waiting for the one before, and the first for the last.
pub fn cycle(waits: &[Wait<'_>]) -> Diag {
    if let [only] = waits {
        let title = format!("job `{}` waits for itself", only.to);
        return Diag::new(&CODE, title).label(only.at, "names its own job").help("take this away");
    }
    let mut path: Vec<&str> = waits.iter().map(|wait| wait.from).collect();
    if path.len() > 20 {
        path.drain(10..path.len() - 9);
        path[9] = "…";
    }
    path.extend(path.first().copied());
    let mut diag = Diag::new(&CODE, format!("these jobs wait for each other: {}", path.join(" -> ")));
    for Wait { from, to, at, why } in waits {
        diag = match why {
            Why::Needs => diag.label(*at, format!("`{to}` needs `{from}`")),
            Why::Asks => diag.label(*at, format!("`{to}` asks for the outcome of `{from}`")),
            Why::Reads { path, at: written } => {
                diag.label(*at, format!("`{to}` reads what `{from}` writes")).label(*written, format!("`{from}` writes `{path}`"))
            }
        };
    }
    let named = waits.iter().any(|wait| matches!(wait.why, Why::Needs));
    let data = waits.iter().any(|wait| matches!(wait.why, Why::Reads { .. }));
    diag.help(if named && data {
        "take a `needs` away: what is read and written gives the order"
    } else {
        "take one of these away"
    })
}
