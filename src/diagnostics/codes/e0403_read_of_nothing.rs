//! Read that nothing writes.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0403",
    title: "read that nothing writes",
    page: r"
A job reads a path that no job writes and that git does not track. Most often the path is misspelt, or the job that makes it does not say so
with `writes`.

## Bad
```pipe
# git tracks: package.json
job build {
  writes dist/
  run npm run build
}

job deploy {
  reads dits/
  run npm run deploy
}
```

## Good
```pipe
job build {
  writes dist/
  run npm run build
}

job deploy {
  reads dist/
  run npm run deploy
}
```
",
};

/// Nothing makes `path`; `near` is a path, and who has it.
pub fn read_of_nothing(path: &str, near: Option<(&str, &str)>, at: Span) -> Diag {
    let help = near.map_or_else(
        || "let the job that makes it say `writes`, or add it to git".to_owned(),
        |(near, whose)| format!("write `{near}`, which {whose}"),
    );
    Diag::new(&CODE, format!("nothing writes `{path}`, and git does not track it")).label(at, "read here").help(help)
}

/// `path` is read from `job`, which writes none of it; `others` do.
pub fn not_written_by(path: &str, job: &str, others: &[&str], at: Span, from: Span) -> Diag {
    let help = match others.first() {
        Some(other) => format!("write `from {other}`, which writes it"),
        None => format!("let `{job}` say `writes {path}`"),
    };
    Diag::new(&CODE, format!("job `{job}` does not write `{path}`"))
        .label(at, "read here")
        .label(from, "from this job")
        .help(help)
}
