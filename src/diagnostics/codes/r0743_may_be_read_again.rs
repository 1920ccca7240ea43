//! A value that strangers choose, in a script that may read it as code.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0743",
    title: "text of strangers beside what reads code",
    page: r#"
Pipelay gave the value to a variable, so that it is no code of this script. Something in the script may read a text as code once more: `eval`, a shell or an
interpreter that is not given a file of the repository, a command that is worked out, a variable such as `BASH_ENV`, a setting of git that is a command. Where Pipelay sees that the
value gets there it says so as W0707; here it does not see it, and does not see either that it cannot.

Look at what it is given. A value is safe as an argument of its own, which the inner script asks for by `"$1"`, or where that script asks for the variable itself. Of a script in a
file of the repository nothing is said.

## Bad
```pipe
on issues

job label {
  run """
    title="${{ github.event.issue.title }}"
    command="./label.sh --title"
    $command "$title"
    """
}
```

## Good
```pipe
on issues

job label {
  run """
    title="${{ github.event.issue.title }}"
    ./label.sh --title "$title"
    """
}
```
"#,
};

/// `what`, at `at`, may read a text as code, in a script that has the value of `expr` in `variable`.
pub fn may_be_read_again(expr: &str, variable: &str, what: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("whoever sets `{expr}` may write into what `{what}` reads"))
        .label(at, "may read a text as code")
        .help(format!("see that `${variable}` does not get there but as an argument or a variable of its own"))
}

/// `what` a command prints is set by strangers, and `reader`, at `at`, may read it as code.
pub fn print_may_be_read_again(what: &str, reader: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("strangers may write into what `{reader}` reads: {what}"))
        .label(at, "may read a text as code")
        .help("take it as data: into a variable, which the inner script asks for by `\"$1\"`")
}
