//! Code of pull requests on machines of one's own.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0725",
    title: "pull requests on a self-hosted runner",
    page: r#"
A pull request changes what a job runs. On a machine of GitHub's that ends with the job; on a self-hosted one it may stay, and see what later jobs do, as well as the network
that the machine is in. In a public repository anybody can open one. A group of machines without a label may be of such, too. In a private
repository, and with machines that are made anew for each job, that is no harm:
`allow R0725 "reason"` says so.

## Bad
```pipe
on pull_request

job test { runner self-hosted; run make test }
```

## Good
```pipe
on pull_request

job test: make test
```
"#,
};

/// A job that pull requests start runs on a self-hosted machine.
pub fn own_machine(event: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("code of a pull request runs on a self-hosted machine: `{event}` starts this"))
        .label(at, "keeps what such code leaves behind, unless it is made anew for each job")
        .help("run it on a machine of GitHub's, or silence this with `allow R0725 \"reason\"`")
}
