//! A format string that asks for what is not given.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0614",
    title: "format string and arguments disagree",
    page: r"
`format` puts its further arguments in place of `{0}`, `{1}` and so on. A brace that is to stay a brace is doubled.

## Bad
```pipe
job test {
  env { TAG: ${{ format('{0}-{1}', github.ref_name) }} }
  run ./build
}
```

## Good
```pipe
job test {
  env { TAG: ${{ format('{0}-{1}', github.ref_name, github.sha) }} }
  run ./build
}
```
",
};

/// `format` asks for argument `index`, and only `given` are given.
pub fn missing_argument(format: &str, index: usize, given: usize, at: Span) -> Diag {
    let given = if given == 1 { "1 argument".to_owned() } else { format!("{given} arguments") };
    Diag::new(&CODE, format!("the format string `{format}` asks for `{{{index}}}`, and has {given}"))
        .label(at, "counted from `{0}`")
        .help("give one more argument, or ask for another")
}

/// A brace in `format` is neither doubled nor around a number.
pub fn stray_brace(format: &str, brace: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the format string `{format}` has a single `{brace}`"))
        .label(at, "in here")
        .help(format!("double it, `{brace}{brace}`, or write a placeholder such as `{{0}}`"))
}
