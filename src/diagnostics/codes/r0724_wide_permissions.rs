//! Rights that a job does not need.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0724",
    title: "more rights than needed",
    page: r"
Whatever runs in a job, each of its actions and dependencies, can use the rights of its token. Rights to write that stand at file level are those of every job, also
of one that only runs tests, and `write-all` is all that there are. Written in the job that needs them, no other has them.

## Bad
```pipe
permissions { contents: write }

job test: make test
job tag: ./tag.sh
```

## Good
```pipe
job test: make test
job tag { permissions { contents: write }; run ./tag.sh }
```
",
};

/// The token of a job may write everything.
pub fn write_all(job: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the token of job `{job}` may write everything: `write-all`"))
        .label(at, "also what it never writes")
        .help("name what it writes: `permissions { contents: write }`")
}

/// `scope`, written at file level at `at`, may be written by each of `jobs`.
pub fn wide_scope(scope: &str, jobs: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("{jobs} jobs may write `{scope}`, as the file says so"))
        .label(at, "holds for each job without `permissions` of its own")
        .help(format!("give `permissions {{ {scope}: write }}` to the jobs that need it"))
}
