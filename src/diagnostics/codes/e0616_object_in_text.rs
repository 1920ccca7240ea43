//! A list or an object where a text is wanted.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0616",
    title: "list or object in a text",
    page: r"
A list becomes the text `Array` and an object the text `Object`, which nobody wants to read. `toJSON` writes all of it, `join` the items of a list.

## Bad
```pipe
job test {
  env { EVENT: ${{ github.event }} }
  run ./report
}
```

## Good
```pipe
job test {
  env { EVENT: ${{ toJSON(github.event.inputs) }} }
  run ./report
}
```
",
};

/// `written` is `noun`, and stands in a text.
pub fn object_in_text(written: &str, noun: &str, at: Span) -> Diag {
    let becomes = if noun == "a list" { "Array" } else { "Object" };
    let help = match noun {
        "a list" => format!("write `join({written}, ', ')` or `toJSON({written})`"),
        _ => format!("name one of its properties, or write `toJSON({written})`"),
    };
    Diag::new(&CODE, format!("`{written}` is {noun}, and becomes the text `{becomes}`")).label(at, "in a text").help(help)
}
