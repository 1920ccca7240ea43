//! All secrets, for a workflow of another repository, or for one that strangers start.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0721",
    title: "all secrets passed on",
    page: r"
With `secrets inherit` a called workflow gets every secret of the repository and of its organisation, those that are added later too. Of a workflow of another
repository nobody here decides what it does with them, and in a run that strangers can start, of `pull_request_target` and the like, each secret is one that they may get at.
Passed by name, it has those that it needs.

## Bad
```pipe
on push

job lint { uses example/workflows/.github/workflows/lint.yml@v3 { secrets inherit } }
```

## Good
```pipe
on push

job lint { uses example/workflows/.github/workflows/lint.yml@v3 { secrets { TOKEN: ${{ secrets.LINT_TOKEN }} } } }
```
",
};

/// A call at `at` passes all secrets to `workflow`.
pub fn all_secrets_passed(workflow: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` gets every secret that there is"))
        .label(at, "called with `secrets inherit`")
        .help("pass those that it needs by name: `secrets { NAME: ${{ secrets.NAME }} }`")
}
