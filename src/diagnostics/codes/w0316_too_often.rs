//! A schedule that is closer than GitHub keeps.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0316",
    title: "a schedule that is too close",
    page: r#"
GitHub starts scheduled runs every five minutes at most, however close their times are, and drops some when it is busy: at the start of an hour above all.

## Bad
```pipe
on schedule "* * * * *"

job poll: ./poll.sh
```

## Good
```pipe
on schedule "2/5 * * * *"

job poll: ./poll.sh
```
"#,
};

/// Runs are wanted every `minutes`.
pub fn too_often(minutes: u32, at: Span) -> Diag {
    let every = if minutes == 1 { "every minute".to_owned() } else { format!("every {minutes} minutes") };
    Diag::new(&CODE, format!("GitHub starts no run {every}"))
        .label(at, "closer than five minutes")
        .help("leave five minutes between two times, as in `2/5 * * * *`")
}
