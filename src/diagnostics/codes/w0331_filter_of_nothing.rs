//! Filter that lets nothing through.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0331",
    title: "filter that lets nothing through",
    page: r"
The patterns of a filter are read in order, and `!` takes away from those before it. A filter of nothing but `!` patterns, one whose `!`
takes all of it away, and an `…-ignore` of everything start no run at all.

## Bad
```pipe
on push to main { paths: [!docs/**] }

job test: make test
```

## Good
```pipe
on push to main { paths-ignore: [docs/**] }

job test: make test
```
",
};

/// All patterns of `filter` begin with `!`; `plain` is the filter that takes such patterns without it.
pub fn only_negations(filter: &str, first: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("every pattern of `{filter}` takes something away, and none lets anything through"))
        .label(at, "no run begins")
        .help(format!("write `{filter}-ignore` and the patterns without `!`, or `'**'` before `{first}`"))
}

/// What the patterns of `filter` let through is taken away by `by`.
pub fn all_taken_away(filter: &str, by: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{by}` takes away all that `{filter}` lets through"))
        .label(at, "no run begins")
        .help("remove it, or write the patterns that count behind it")
}

/// `filter` ignores everything.
pub fn all_ignored(filter: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{filter}` leaves out everything"))
        .label(at, "no run begins")
        .help("name less, or remove the event")
}
