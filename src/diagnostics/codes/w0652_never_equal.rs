//! A comparison of values that are never equal.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0652",
    title: "never equal",
    page: r"
The two sides of `==` or `!=` cannot be equal, whatever happens: a value that is not among the possible ones, a boolean compared with the text
`'true'` (as a number the text is NaN, which equals nothing), a list compared with a text.

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
  step when runner.os == 'Linux': sudo apt-get install -y jq
}
```
",
};

/// `left` and `right` are never equal; `near` was perhaps meant.
pub fn never_equal(left: &str, right: &str, equal: bool, near: Option<String>, help: Option<String>, at: Span) -> Diag {
    let outcome = if equal { "never holds" } else { "always holds" };
    let help = near.map(|near| format!("`'{near}'` is one of its values")).or(help);
    Diag::new(&CODE, format!("`{left}` and `{right}` are never equal")).label(at, outcome).maybe_help(help)
}
