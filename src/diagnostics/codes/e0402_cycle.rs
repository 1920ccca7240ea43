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

/// The jobs of a cycle: each with the next one and the place that says so.
pub fn cycle(steps: &[(String, String, Span)]) -> Diag {
    if let [(job, _, at)] = steps {
        return Diag::new(&CODE, format!("job `{job}` waits for itself")).label(*at, "names its own job").help("take this away");
    }
    let mut path: Vec<&str> = steps.iter().map(|(from, _, _)| from.as_str()).collect();
    if path.len() > 20 {
        path.drain(10..path.len() - 9);
        path[9] = "…";
    }
    path.extend(path.first().copied());
    let mut diag = Diag::new(&CODE, format!("these jobs wait for each other: {}", path.join(" -> ")));
    for (from, to, span) in steps {
        diag = diag.label(*span, format!("`{to}` comes after `{from}`"));
    }
    diag.help("take one of these away")
}
