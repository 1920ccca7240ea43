//! A text that is used as if it were a boolean.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0656",
    title: "text used as a boolean",
    page: r"
Outputs of steps and jobs, and the inputs under `github.event.inputs`, are texts: `'false'` is not empty and so holds, and no text equals `true`
but one that is a number. The inputs under `inputs` have their types. A bare text is fine where any text will do: it is spoken of only where its
name is one of a boolean (`found`, `cache-hit`, `should-release`), or it was declared as one.

## Bad
```pipe
job test {
  step probe: ./probe
  step when steps.probe.outputs.found: npm test
}
```

## Good
```pipe
job test {
  step probe: ./probe
  step when steps.probe.outputs.found == 'true': npm test
}
```
",
};

/// `name` stands alone as a condition.
pub fn bare(name: &str, at: Span) -> Diag {
    text(name, "also `'false'` holds", at).help(format!("write `{name} == 'true'`, or `{name} != ''` if any text will do"))
}

/// `!name`
pub fn negated(name: &str, at: Span) -> Diag {
    text(name, "holds for `'false'` too, so that `!` of it does not", at)
        .help(format!("write `{name} != 'true'`, or `{name} == ''` if any text will do"))
}

/// `name` is compared with `value`.
pub fn compared(name: &str, value: bool, equal: bool, at: Span) -> Diag {
    let operator = if equal { "==" } else { "!=" };
    let label =
        if value { "of all texts only a `1` equals `true`" } else { "of all texts only `0` and the empty one equal `false`" };
    text(name, label, at).help(format!("write `{name} {operator} '{value}'`"))
}

fn text(name: &str, label: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` is a text, not a boolean")).label(at, label)
}
