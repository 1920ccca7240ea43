//! A spec with bytes that are not UTF-8.

use crate::diagnostics::merge::{MAX_LABELS, and_more};
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0107",
    title: "text that is not UTF-8",
    page: r#"
A spec is UTF-8 text. Some bytes of this file are not: it was saved in another encoding (Latin-1, UTF-16), or it is no text. Each such
byte is read as `?`, so that the rest is still checked.

There is no example, since a page cannot hold such bytes. `iconv -f latin1 -t utf-8 old.pipe > new.pipe` converts a file.

```text
workflow "Pr\xfcfung"
```
"#,
};

/// The sequences at `places` are not UTF-8; `wide` where the text looks like UTF-16.
pub fn not_utf8(places: &[Span], wide: bool) -> Diag {
    let message = if wide { "the file is UTF-16, not UTF-8" } else { "the file is not UTF-8" };
    let shown = places.iter().take(MAX_LABELS);
    let mut diag = shown.fold(Diag::new(&CODE, message), |diag, &place| diag.label(place, "not UTF-8"));
    // There may be millions, so they are not left for `merge` to count.
    if let Some(last) = diag.labels.last_mut() {
        and_more(&mut last.text, places.len().saturating_sub(MAX_LABELS));
    }
    diag.help(if wide { "save the file as UTF-8: `iconv -f utf-16 -t utf-8 OLD > NEW`" } else { "save the file as UTF-8" })
}
