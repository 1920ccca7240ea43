//! A job with secrets that a comment of anybody starts.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0756",
    title: "anybody's comment starts a job with secrets",
    page: r#"
`issue_comment` starts a run for each comment of anybody, with the secrets of the repository. A condition about what the comment says, `/deploy`, asks nobody who says so:
`github.event.comment.author_association` does, or a job before it that asks for the rights of the one who wrote it.

## Bad
```pipe
on issue_comment { types: created }

job deploy {
  when startsWith(github.event.comment.body, '/deploy')
  env { TOKEN: ${{ secrets.DEPLOY }} }
  run ./deploy.sh
}
```

## Good
```pipe
on issue_comment { types: created }

job deploy {
  when startsWith(github.event.comment.body, '/deploy') && contains(fromJSON('["OWNER", "MEMBER"]'), github.event.comment.author_association)
  env { TOKEN: ${{ secrets.DEPLOY }} }
  run ./deploy.sh
}
```
"#,
};

/// A run of `event` has `what` of the job at `at`, and nothing asks who started it.
pub fn anybody_may_start(what: &str, event: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("a run of `{event}` has {what}, and anybody's comment starts it"))
        .label(at, "nothing here asks who wrote the comment")
        .help("ask for it in the condition: `contains(fromJSON('[\"OWNER\", \"MEMBER\", \"COLLABORATOR\"]'), github.event.comment.author_association)`")
}
