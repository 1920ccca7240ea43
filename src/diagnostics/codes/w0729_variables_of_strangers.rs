//! Text of strangers, in the environment of all later steps.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0729",
    title: "text of strangers in the environment",
    page: r#"
What a script writes into `$GITHUB_ENV` or `$GITHUB_PATH` holds for all later steps of the job. A text with a line break in it sets more variables than the one that is
meant, `LD_PRELOAD`, `NODE_OPTIONS` or `BASH_ENV` among them, and with these its author runs code. The same holds of what a
command reads of the event, of a pull request or, in a run that follows another, of a file that it downloaded. An output, `$GITHUB_OUTPUT`, is no variable
of other programs; but what has line breaks, the text of an issue or of a comment, sets other outputs of its step too, and a condition may go by one. Behind an end that nobody knows
beforehand, `body<<$(uuidgen)`, it is one output.

## Bad
```pipe
on issues

job name {
  env { TITLE: ${{ github.event.issue.title }} }
  run echo "TITLE=$TITLE" >> "$GITHUB_ENV"
}
```

## Good
```pipe
on issues

job name {
  step { env { TITLE: ${{ github.event.issue.title }} }; run ./label "$TITLE" }
}
```
"#,
};

/// A script writes the text of strangers that `what` is into `file`.
pub fn variables_of_strangers(what: &str, file: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("whoever sets {what} sets variables of all later steps"))
        .label(at, format!("written into `{file}`"))
        .help("give the value to the step that needs it, by its `env`")
}

/// A script writes the text of `expr`, which may have line breaks, into the outputs of its step.
pub fn outputs_of_strangers(expr: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("whoever sets `{expr}` sets other outputs of this step, too"))
        .label(at, "a line break in it begins another output")
        .help("give the value to the step that needs it, by its `env`, or end it by what nobody knows: `end=$(uuidgen)` and `name<<$end`")
}
