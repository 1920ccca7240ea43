//! Unknown job.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0401",
    title: "unknown job",
    page: r"
`needs` and `reads … from` name jobs of the same file, by their ids. No job has this one.

## Bad
```pipe
job build: npm run build

job deploy {
  needs biuld
  run npm run deploy
}
```

## Good
```pipe
job build: npm run build

job deploy {
  needs build
  run npm run deploy
}
```
",
};

/// No job is called that.
pub fn unknown_job(name: &str, near: Option<&str>, at: Span) -> Diag {
    let several: Vec<&str> = name.split([' ', ',']).filter(|name| !name.is_empty()).collect();
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None if several.len() > 1 => format!("each job is an item of its own: `{}`", several.join(", ")),
        None => format!("define it, `job {name} {{ … }}`, or remove the name"),
    };
    Diag::new(&CODE, format!("no job is called `{name}`")).label(at, "not a job of this file").help(help)
}
