//! Commands that GitHub took out.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0730",
    title: "commands in the output of a step",
    page: r#"
With `ACTIONS_ALLOW_UNSECURE_COMMANDS` a step sets variables and paths by what it prints: `::set-env` in any text that it shows, a title or a file's contents, sets
them for all later steps. GitHub took these commands out in 2020 for that reason.

## Bad
```pipe
env { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }

job a: echo "::set-env name=MODE::fast"
```

## Good
```pipe
job a: echo "MODE=fast" >> "$GITHUB_ENV"
```
"#,
};

/// The commands are let in at `at`.
pub fn unsecure_commands(at: Span) -> Diag {
    Diag::new(&CODE, "whatever a step prints can set variables of later steps")
        .label(at, "lets in `::set-env` and `::add-path`")
        .help("take it out, and write to `$GITHUB_ENV` and `$GITHUB_PATH` in place of these commands")
}
