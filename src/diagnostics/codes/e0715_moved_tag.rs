//! A tag that is another commit than its pin says.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0715",
    title: "tag that is another commit now",
    page: r"
`pipelay lock` asked the server of an action, and a tag is not the commit that is pinned. Either somebody moved the tag, which is how actions that were taken
over spread foreign code, or the pin was never true: a comment in a workflow can say anything. The pinned commit is what runs; the tag is what
readers believe. Look at both commits before anything is changed.

This is about a server, so there is no spec that shows it.

```text
$ pipelay lock --verify
```
",
};

/// The tag `tag` of `repository` is pinned as `pinned`, and is `now`.
pub fn moved(repository: &str, tag: &str, pinned: &str, now: &str) -> Diag {
    Diag::new(&CODE, format!("the tag `{tag}` of `{repository}` is `{now}`, and is pinned as `{pinned}`")).help(format!(
        "compare them: `https://github.com/{repository}/compare/{pinned}...{now}`; to take the tag as it is now, remove its pin from `pipelay.lock` and the \
         workflows, and run `pipelay lock`"
    ))
}

/// The tag `tag` of `repository` is pinned as `pinned`, and is not there.
pub fn gone(repository: &str, tag: &str, pinned: &str) -> Diag {
    Diag::new(&CODE, format!("`{repository}` has no tag `{tag}`, which is pinned as `{pinned}`"))
        .help(format!("find out what became of it; `pipelay lock --update {repository}` takes another tag"))
}
