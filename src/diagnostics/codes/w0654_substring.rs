//! A list that is a text.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0654",
    title: "a text is searched, not a list",
    page: r#"
`contains` with a text looks for a part of it: `contains('ubuntu macos', 'mac')` holds, and so does any other part, the empty text among them. A
list is what `fromJSON` makes.

## Bad
```pipe
job test {
  when contains('push pull_request', github.event_name)
  run npm test
}
```

## Good
```pipe
job test {
  when contains(fromJSON('["push", "pull_request"]'), github.event_name)
  run npm test
}
```
"#,
};

/// `text` is searched for `one`; `list` is its items as JSON.
pub fn substring(text: &str, one: &str, list: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`contains` holds for every part of `{text}`, the empty text included"))
        .label(at, "a text, not a list")
        .help(format!("write `contains(fromJSON('{list}'), {one})`"))
}
