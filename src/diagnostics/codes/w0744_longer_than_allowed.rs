//! A job that GitHub ends before it is done.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0744",
    title: "longer than a job may run",
    page: r"
GitHub ends a job on its machines after six hours, and on `ubuntu-slim` after 15 minutes, whatever `timeout` says. What says that it takes longer is ended each time; a longer
`timeout` is none. Machines of one's own have no such limit.

## Bad
```pipe
on push

job test { runner ubuntu-slim; takes 20m; run make test }
```

## Good
```pipe
on push

job test { runner ubuntu-latest; takes 20m; run make test }
```
",
};

/// Job `job` says with the statement `word` that it runs longer than the `longest` minutes that GitHub gives it.
pub fn longer_than_allowed(job: &str, word: &str, longest: u64, at: Span) -> Diag {
    Diag::new(&CODE, format!("GitHub ends `{job}` after {longest} minutes on this machine"))
        .label(at, if word == "takes" { "takes longer" } else { "comes too late" })
        .help(match word {
            "takes" => "give it another machine, or make several jobs of it".to_owned(),
            _ => format!("say at most `{word} {longest}m`"),
        })
}
