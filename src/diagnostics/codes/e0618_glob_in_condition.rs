//! A pattern that no run-time expression can ask for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0618",
    title: "pattern cannot be asked for at run time",
    page: r"
GitHub's expressions can ask how a text begins and ends, and no more: one `*` in a branch or tag is all they can say, and it stands for
any text, also one with a `/` in it. The filters of `on` take every pattern.

## Bad
```pipe
job publish {
  when tag('v[0-9]+.[0-9]+')
  run cargo publish
}
```

## Good
```pipe
job publish {
  when tag('v*')
  run cargo publish
}
```
",
};

/// `pattern` at `at`, an argument of `name`, has more than one star, or something other than stars.
pub fn glob_in_condition(name: &str, pattern: &str, at: Span) -> Diag {
    let filter = if name == "tag" { "tags" } else { "branches" };
    Diag::new(&CODE, format!("the pattern `{pattern}` cannot be asked for at run time"))
        .label(at, "more than one `*` or another wildcard")
        .help(format!("use one `*`, or put the pattern among the `{filter}` of `on push`"))
}
