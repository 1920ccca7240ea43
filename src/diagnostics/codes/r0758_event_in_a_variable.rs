//! All that is known of the event, in one variable.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0758",
    title: "whole event in a variable",
    page: r#"
Linux lets one variable of a program have 128 KiB, and Windows 32 KiB. What an event tells may be longer: the text of a pull request alone has up to 65,536 characters, and a push names
each of its commits. Then no program of the step starts: `Argument list too long`. `toJSON(github.event)` as a whole is such a text, and so is `toJSON(github)`, which holds it;
in a script the pass `harden` gives it to a variable, as it is text of strangers.

GitHub has written the event into a file, which `GITHUB_EVENT_PATH` names, and which has no such limit.

## Bad
```pipe
on issues

job read {
  env { EVENT: ${{ toJSON(github.event) }} }
  run ./read
}
```

## Good
```pipe
on issues

job read: ./read "$GITHUB_EVENT_PATH"
```
"#,
};

/// `expr`, at `at`, is the value of a variable.
pub fn event_in_a_variable(expr: &str, is_event: bool, at: Span) -> Diag {
    let help = if is_event {
        "read the file that `GITHUB_EVENT_PATH` names: it has the same"
    } else {
        "name the parts that are wanted; the event, the longest, is in the file that `GITHUB_EVENT_PATH` names"
    };
    let said = format!("`{expr}` may be longer than the 128 KiB that a variable may have");
    Diag::new(&CODE, said).label(at, "becomes a variable").help(help)
}
