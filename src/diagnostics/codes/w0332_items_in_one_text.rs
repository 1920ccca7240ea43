//! Several items in one text.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0332",
    title: "several items in one text",
    page: r#"
A text in quotes is one item, whatever it holds. Two paths or branches in it are one that nothing is called like: items of a list stand between
commas, each in quotes of its own where it needs them.

## Bad
```pipe
job build {
  writes "dist/, reports/"
  run make
}
```

## Good
```pipe
job build {
  writes dist/, reports/
  run make
}
```
"#,
};

/// `text` is one item, called a `noun`, and reads as these `items`.
pub fn items_in_one_text(noun: &str, text: &str, items: &[&str], at: Span) -> Diag {
    Diag::new(&CODE, format!("`{text}` is one {noun}")).label(at, "one text").help(format!("write `{}`", items.join(", ")))
}
