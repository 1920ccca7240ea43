//! Unknown word.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0302",
    title: "unknown word",
    page: r"
Some values are one of a few words: an event, an activity type, a scope of `permissions`, an objective, a key of `concurrency`. This word is
none of them.

## Bad
```pipe
on pull_requests

job test: npm test
```

## Good
```pipe
on pull_request

job test: npm test
```
",
};

/// `word` is no `noun`; `all` are, where they are few.
pub fn unknown_word(noun: &str, word: &str, near: Option<&str>, all: &[&str], at: Span) -> Diag {
    let help = match near {
        Some(near) => Some(format!("write `{near}`")),
        None if (1..=24).contains(&all.len()) => Some(format!("there are {}", all.join(", "))),
        None => None,
    };
    Diag::new(&CODE, format!("`{word}` is no {noun}")).label(at, "not known").maybe_help(help)
}

/// The event `event` is not of branches, and is filtered by them.
pub fn no_branches(event: &str, at: Span) -> Diag {
    let where_then = if event == "schedule" { ": scheduled runs are of the default branch" } else { "" };
    Diag::new(&CODE, format!("`{event}` has no branches to choose from"))
        .label(at, "branches of what is not of a branch")
        .help(format!("write `on {event}` on a line of its own, without branches{where_then}"))
}
