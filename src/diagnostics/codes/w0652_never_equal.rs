//! A comparison of values that are never equal.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0652",
    title: "never equal",
    page: r"
The two sides of `==` or `!=` cannot be equal, whatever happens: a value that is not among the possible ones, a boolean compared with the text
`'true'` (as a number the text is NaN, which equals nothing), a list compared with a text. Nothing is said of what was copied from another
workflow and does no harm: `!=` with an event or a value that is not among its own, or `==` with one as an alternative, in `a || b`.

## Bad
```pipe
job test {
  matrix os: ubuntu-latest, windows-latest
  step when runner.os == 'ubuntu': sudo apt-get install -y jq
}
```

## Good
```pipe
job test {
  matrix os: ubuntu-latest, windows-latest
  runner ${{ matrix.os }}
  step when runner.os == 'Linux': sudo apt-get install -y jq
}
```
",
};

/// No event is named `name`; `near` was perhaps meant.
pub fn no_event(name: &str, near: Option<&str>, at: Span) -> Diag {
    let help = near.map(|near| format!("write `{near}`"));
    Diag::new(&CODE, format!("no event is named `{name}`")).label(at, "never the event of a run").maybe_help(help)
}

/// The event `name` does not start the workflow; `all` do.
pub fn not_started_by(name: &str, all: &[String], at: Span) -> Diag {
    let listed: Vec<String> = all.iter().take(8).map(|name| format!("`{name}`")).collect();
    Diag::new(&CODE, format!("`{name}` does not start this workflow"))
        .label(at, "never the event of a run")
        .help(format!("ask for {}, or add `on {name}`", listed.join(" or ")))
}

/// `text` never begins with `part`.
pub fn never_begins(text: &str, part: &str, help: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{text}` never begins with `{part}`")).label(at, "never holds").help(help)
}

/// `left` and `right` are never equal; `near` was perhaps meant.
pub fn never_equal(left: &str, right: &str, equal: bool, near: Option<String>, help: Option<String>, at: Span) -> Diag {
    let outcome = if equal { "never holds" } else { "always holds" };
    let help = near.map(|near| format!("`'{near}'` is one of its values")).or(help);
    Diag::new(&CODE, format!("`{left}` and `{right}` are never equal")).label(at, outcome).maybe_help(help)
}
