//! Caches that only the branch which saves them can use.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0706",
    title: "caches of no other branch",
    page: r"
A run finds what its own branch, its base and the default branch have saved. A workflow that never runs on the default branch has nothing from there:
each pull request fills caches of its own, which no other can use, and which push others out of the 10 GB that a repository has. A run on the default branch
makes one cache for all. It is the same for a job that never runs there, where no other job has its cache.

## Bad
```pipe
# git tracks: package.json, package-lock.json
on pull_request

toolchain node 24

job test: npm test
```

## Good
```pipe
# git tracks: package.json, package-lock.json
on push to main
on pull_request

toolchain node 24

job test: npm test
```
",
};

/// No run is of the default branch, or none of `job` alone; `at` is the first thing that is cached.
pub fn saved_for_itself(job: Option<&str>, at: Span) -> Diag {
    let runs = job.map_or_else(|| "no run".to_owned(), |job| format!("no run of `{job}`"));
    let help = job.map_or_else(
        || "add `on push to main`, so that there is one cache for all".to_owned(),
        |job| format!("let `{job}` run there too, so that there is one cache for all, or say `optimize {{ cache off }}`"),
    );
    Diag::new(&CODE, "caches are of use only to the branch or pull request that saves them")
        .label(at, format!("is cached, but never for all: {runs} is of the default branch"))
        .help(format!("{help}; or silence this with `allow R0706 \"reason\"`"))
}
