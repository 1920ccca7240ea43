//! Statement that a command takes in.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0310",
    title: "statement that a command takes in",
    page: r"
A command takes all of its line, also what stands behind `;`, and the next line where it ends with `\`. In a block on one line it comes last, so
that a statement behind it is part of the command.

## Bad
```pipe
job test { run npm ci; run npm test }
```

## Good
```pipe
job test {
  run npm ci
  run npm test
}
```
",
};

/// The command at `at` holds `; word`.
pub fn statement_in_command(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the `{word}` behind `;` is part of the command"))
        .label(at, "a command takes all of its line")
        .help("write each statement on a line of its own")
}

/// The command goes on after a `\`, and `word` at `at` begins the next line, which is no deeper than the command.
pub fn statement_below(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the `{word}` below `\\` is part of the command"))
        .label(at, "the command goes on here")
        .help("remove the `\\` at the end of the line before; a line of the command is indented deeper")
}

/// The command at `at` begins with `word`, as a statement would.
pub fn command_of_statement(word: &str, at: Span) -> Diag {
    let help = match word {
        "run" => "remove it: a command stands behind the colon as it is",
        _ => "an action stands behind `uses`, without a colon before it: `step uses ACTION@REF`",
    };
    Diag::new(&CODE, format!("the `{word}` is part of the command")).label(at, "the command begins here").help(help)
}

/// The command at `at` is the call of template `name`.
pub fn call_in_command(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}(…)` is a command here, and does not call template `{name}`"))
        .label(at, "a shell gets it")
        .help(format!("a template is called on a line of its own, without `run`: `{name}(…)`"))
}
