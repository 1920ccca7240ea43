//! Code of a pull request in a run that has the rights of the repository.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0720",
    title: "foreign code in a privileged run",
    page: r"
A run of `pull_request_target`, `workflow_run` or `issue_comment` has the secrets and the token of the repository, and anybody with a pull request can start
it. Where it fetches the code of that pull request and then builds, tests or installs it, that code has these secrets and that token. The same holds of an image, a package
or a commit whose name is the title of an issue, or what a comment says.

Code that is not trusted belongs into a run of `pull_request`, which has none of them. What needs rights, a label or a comment, is done in a
second workflow, which takes results of the first as data and never runs them: who writes the code of a run writes its artifacts, and the names of their files. They
are unpacked into `${{ runner.temp }}/…`, where they take the place of no file that the run goes by.

## Bad
```pipe
on pull_request_target

job test {
  checkout { ref: ${{ github.event.pull_request.head.sha }} }
  run make test
}
```

## Good
```pipe
on pull_request

job test: make test
```
",
};

/// A run of `event` fetches, at `at`, what a pull request holds.
pub fn foreign_code(event: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a run of `{event}` has the rights of the repository, and this is the code of a pull request"))
        .label(at, "anybody may have written what this fetches")
        .help("run that code in a workflow that `pull_request` starts")
}

/// A run of `event` has, by what stands at `download`, files of a run that a pull request may have started, and by what stands at `run` it runs them, or does as they say.
pub fn foreign_artifact(event: &str, run: Span, download: Span) -> Diag {
    Diag::new(&CODE, format!("a run of `{event}` has the rights of the repository, and this goes by files of the run before it"))
        .label(run, "runs one of them, or does as one of them says")
        .label(download, "anybody may have made these files")
        .help("unpack them into `${{ runner.temp }}/artifacts`, and take them as data")
}

/// In a run of `event` strangers choose, by what they set `expr` to, `what` at `at`.
pub fn chosen_code(event: &str, expr: &str, what: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a run of `{event}` has the rights of the repository, and whoever sets `{expr}` chooses {what}"))
        .label(at, "anybody may choose another")
        .help("write it in the spec, or let a script choose among those that it knows")
}
