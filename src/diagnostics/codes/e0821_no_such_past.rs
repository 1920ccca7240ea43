//! A revision that cannot be compared with.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0821",
    title: "no such revision",
    page: r"
`plan --diff REV` compares specs with what they were at a revision of their repository: a commit, a branch, a tag, or whatever else git takes for one
(`HEAD~3`, `origin/main`). Git knows none of that name here, or there is no git or no repository to ask.

In GitHub's jobs, `actions/checkout` fetches a single commit. With `fetch-depth: 2` there is also the one before: in the run of a pull request, `HEAD^` is then
the tip of the branch that it goes into.

This is about a repository, so there is no spec that shows it.

```text
$ pipelay plan --diff origin/mian
```
",
};

/// Git knows no revision of that name; `near` is one that it knows. `shallow`: the clone has the newest commits alone.
pub fn unknown(name: &str, near: Option<&str>, shallow: bool) -> Diag {
    let diag = Diag::new(&CODE, format!("git knows no revision `{name}`"));
    match near {
        Some(near) => diag.help(format!("`{near}` is one")),
        None if shallow => diag.help(
            "this clone has its newest commits alone: `git fetch --unshallow` brings all, and `fetch-depth: 2` of \
             `actions/checkout` one more",
        ),
        None => diag.help("name a commit, a branch or a tag; `HEAD` is the newest commit"),
    }
}

/// The specs of `root` belong to no repository.
pub fn no_repository(root: &str) -> Diag {
    Diag::new(&CODE, format!("`{root}` is no git repository, and has no past to compare with"))
        .help("leave out `--diff`, or go to a repository")
}

/// There is no git to ask.
pub fn no_git() -> Diag {
    Diag::new(&CODE, "git is not there, and nothing else knows the past of a repository")
        .help("install git, or put it on the `PATH`")
}

/// Git does not open the repository, and says why.
pub fn refused(root: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("git does not open `{root}`: {why}")).help("`git status` there says more")
}
