//! A bot that was only the last to do something.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0728",
    title: "bot is not the author",
    page: r#"
`github.actor` is who started this run, not who wrote the pull request. Anybody can make a bot the last one: by a pull request whose branch the bot then updates, or
by a comment that asks it to. Then the run goes on, with the rights of the repository, as if all of it were of the bot.

## Bad
```pipe
on pull_request_target

job merge {
  permissions { contents: write, pull-requests: write }
  checkout off
  env { GH_TOKEN: ${{ github.token }} }
  when github.actor == 'dependabot[bot]'
  run gh pr merge --auto "$URL"
}
```

## Good
```pipe
on pull_request_target

job merge {
  permissions { contents: write, pull-requests: write }
  checkout off
  env { GH_TOKEN: ${{ github.token }} }
  when github.event.pull_request.user.login == 'dependabot[bot]'
  run gh pr merge --auto "$URL"
}
```
"#,
};

/// A condition at `at` takes whoever is `path` for the author.
pub fn spoofable_bot(path: &str, event: &str, at: Span) -> Diag {
    let help = match event {
        "pull_request" | "pull_request_target" => "ask for the author: `github.event.pull_request.user.login`",
        "workflow_run" => "ask for `github.event.workflow_run.event` and the pull request's author",
        _ => "ask for the author: `github.event.issue.user.login`",
    };
    Diag::new(&CODE, format!("`{path}` is who started the run, not who wrote the code"))
        .label(at, "anybody can make a bot start it")
        .help(help)
}
