//! A literal that `fromJSON` cannot read.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0615",
    title: "text is no JSON",
    page: r#"
The text that `fromJSON` gets is no JSON, and the run would fail. JSON takes double quotes, and no comma behind the last item.

## Bad
```pipe
job test {
  when contains(fromJSON('["push", "schedule",]'), github.event_name)
  run npm test
}
```

## Good
```pipe
job test {
  when contains(fromJSON('["push", "schedule"]'), github.event_name)
  run npm test
}
```
"#,
};

/// `text` is no JSON, for the reason that the reader gave.
pub fn bad_json(text: &str, reason: &str, at: Span) -> Diag {
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    let quoted =
        "texts stand in double quotes in JSON, and nothing but lists, maps, numbers, `true`, `false` and `null` beside them";
    let help = match reason {
        _ if text.contains('\'') => "JSON takes double quotes".to_owned(),
        "expected value" | "expected ident" => quoted.to_owned(),
        reason => format!("the reader says: {reason}"),
    };
    Diag::new(&CODE, format!("`{text}` is no JSON")).label(at, "read by `fromJSON`").help(help)
}
