//! Keyword among the items of a list.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0309",
    title: "keyword among the items of a list",
    page: r"
A list goes on after a comma, also on the next line. A comma at the end of a line takes the next statement's word for an item.

## Bad
```pipe
job build {
  writes dist/, run
  run npm run build
}
```

## Good
```pipe
job build {
  writes dist/
  run npm run build
}
```
",
};

/// `word` at `at` stands among the items of `statement`, and is a statement's word.
pub fn keyword_in_list(statement: &str, word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` is taken for an item of `{statement}`"))
        .label(at, "a statement's word")
        .help(format!("end the list before it, without a comma, and begin a new line; a file of that name is `./{word}`"))
}
