//! What the token may not do.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0734",
    title: "needs a permission",
    page: r"
Where no `permissions` are written, the pass `harden` lets the token read the repository's contents and nothing else. This needs more, and would fail. Rights of a job
replace all that the file says, so `contents: read` has to be named too where the job looks at the repository. `optimize { harden off }` leaves the token with what the
settings of the repository say.

Where `permissions` are written and leave out what a command or action needs for sure, that is said as well.

## Bad
```pipe
job tag {
  checkout { persist-credentials: true }
  run git push origin v1
}
```

## Good
```pipe
job tag {
  permissions { contents: write }
  checkout { persist-credentials: true }
  run git push origin v1
}
```
",
};

/// Each of `what`, at its place, needs these rights; `all` of a job are to be written.
pub fn needs_permission(what: &[(String, String, Span)], all: &str) -> Diag {
    of(what, all, "the token may only read the repository's contents")
}

/// The same where rights are written that leave it out.
pub fn lacks_permission(what: &[(String, String, Span)], all: &str) -> Diag {
    of(what, all, "the written `permissions` leave it out")
}

fn of(what: &[(String, String, Span)], all: &str, why: &'static str) -> Diag {
    let facts: Vec<String> = what.iter().map(|(name, scopes, _)| format!("`{name}` needs `{scopes}`")).collect();
    let mut diag = Diag::new(&CODE, facts.join(", "));
    for (_, _, at) in what {
        diag = diag.label(*at, why);
    }
    diag.help(format!("give the job `permissions {{ {all} }}`"))
}
