//! A job that reads what another makes, in runs without that.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0745",
    title: "reads what a skipped job makes",
    page: r"
The job asks for a status, so that it runs behind a skipped job, too. In some runs the writer of what it reads is left out by its condition: nothing is handed
over there, and the reader fails as it asks for it.

## Bad
```pipe
on push to main
on pull_request
job pages {
  when branch('main')
  writes site/
  run make site
}
job check {
  when !cancelled()
  reads site/
  run make check
}
```

## Good
```pipe
on push to main
on pull_request
job pages {
  when branch('main')
  writes site/
  run make site
}
job check {
  when !cancelled() && needs.pages.result != 'skipped'
  reads site/
  run make check
}
```
",
};

/// `reader` reads `path` of `writer`, and runs where that is left out.
pub fn read_of_skipped(reader: &str, writer: &str, path: &str, at: Span, when: Span) -> Diag {
    Diag::new(&CODE, format!("`{reader}` also runs where `{writer}` is skipped, which makes `{path}`"))
        .label(at, "there is nothing to read then")
        .label(when, format!("leaves `{writer}` out"))
        .help(format!("let it wait for it: `when !cancelled() && needs.{writer}.result != 'skipped'`"))
}
