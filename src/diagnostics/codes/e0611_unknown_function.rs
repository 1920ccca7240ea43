//! A function that does not exist.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0611",
    title: "unknown function",
    page: r"
GitHub has the functions `always`, `cancelled`, `case`, `contains`, `endsWith`, `failure`, `format`, `fromJSON`, `hashFiles`, `join`, `startsWith`,
`success` and `toJSON`; `when` also takes `branch`, `changed`, `event`, `fork` and `tag`.

## Bad
```pipe
job test {
  when startWith(github.ref, 'refs/tags/')
  run npm test
}
```

## Good
```pipe
job test {
  when startsWith(github.ref, 'refs/tags/')
  run npm test
}
```
",
};

/// `name` is no function; `near` was perhaps meant.
pub fn unknown_function(name: &str, near: Option<&str>, at: Span) -> Diag {
    let help = match (name.to_lowercase().as_str(), near) {
        ("not", _) => Some("the opposite is written `!`".to_owned()),
        ("failed" | "fails" | "fail", _) => Some("write `failure()`".to_owned()),
        ("succeeded" | "succeeds" | "passed" | "ok", _) => Some("write `success()`".to_owned()),
        ("if" | "iif" | "ternary", _) => Some("`case(condition, a, b)` chooses between values".to_owned()),
        ("lower" | "upper" | "tolower" | "toupper" | "lowercase" | "uppercase", _) => {
            Some("texts are compared in any case; a step has to change it".to_owned())
        }
        ("length" | "len" | "size" | "count", _) => {
            Some("nothing counts; `x != ''` asks for a text, and `x[0] != null` for a list with an item".to_owned())
        }
        (_, Some(near)) => Some(format!("write `{near}`")),
        _ => None,
    };
    Diag::new(&CODE, format!("no function is named `{name}`")).label(at, "not a function").maybe_help(help)
}
