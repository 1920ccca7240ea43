//! A tag or branch that a repository does not have.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0717",
    title: "tag or branch that does not exist",
    page: r"
A spec uses an action at a tag or branch that its repository does not have: GitHub fails every job with it. `v6` means the newest tag that begins with it, such as
`v6.0.2`, or else the branch of that very name.

This is about a server, so there is no spec that shows it.

```text
$ git ls-remote --tags https://github.com/actions/checkout
```
",
};

/// `repository` has no `reference`; `near` is one that it has.
pub fn no_such_reference(repository: &str, reference: &str, near: Option<&str>) -> Diag {
    let diag = Diag::new(&CODE, format!("`{repository}` has no tag or branch `{reference}`"));
    match near {
        Some(near) => diag.help(format!("write `{repository}@{near}`")),
        None => diag.help(format!("look at `https://github.com/{repository}/tags`")),
    }
}
