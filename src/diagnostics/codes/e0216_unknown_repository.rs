//! Lookup in a repository that could not be read.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0216",
    title: "lookup in a repository that could not be read",
    page: r#"
`exists(…)`, `files(…)` and `dirs(…)` ask what git tracks, and git said nothing: the spec lies in no repository, or `git` is not installed or
refuses to read it. Any answer would be a guess.

## Bad
```pipe
if exists("Makefile") {
  job make: make test
} else {
  job npm: npm test
}
```

## Good
```pipe
# git tracks: Makefile
if exists("Makefile") {
  job make: make test
} else {
  job npm: npm test
}
```
"#,
};

/// `name(…)` at `at` cannot be answered.
pub fn unknown_repository(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("what git tracks is not known, and `{name}` asks for it"))
        .label(at, "cannot be answered")
        .help("compile in a git repository, where `git ls-files` lists its files")
}
