//! `gh actions-lock` that does not do its work.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0740",
    title: "lock file of GitHub's out of step",
    page: r"
`.github/workflows/actions.lock` lists a workflow that is compiled from a spec, and lacks an action that it uses (W0719): GitHub refuses its runs. `pipelay lock` has
`gh actions-lock` record what is missing, and that failed: `gh` is not installed, or not its extension, it has no token, or the action cannot be found.

`pipelay lock` calls it for such workflows alone, and without letting it write `$/…` for local actions into them: they would no longer be what the spec compiles to.

This is about another file, so there is no spec that shows it.

```text
$ gh extension install github/gh-actions-lock
$ gh auth login
$ pipelay compile && pipelay lock
```
",
};

/// What is missing could not be recorded, as `why` says.
pub fn cannot_record(why: &str) -> Diag {
    Diag::new(&CODE, format!("`gh actions-lock` could not record what `.github/workflows/actions.lock` lacks: {why}"))
        .help("`gh extension install github/gh-actions-lock` installs it, and `gh auth login` gives it a token; then run `pipelay lock` again")
}
