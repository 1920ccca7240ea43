//! A profile that is none.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0346",
    title: "profile that cannot be read",
    page: r"
`ci.profile.json` beside `ci.pipe` holds what was measured of its runs. This one is no JSON, has a key that is not known, or another version of the format.

The compiler chooses between plans by it: were it left out of account, the output might be another. `pipelay profile fetch` writes it; without one, less is known.
",
};

/// A profile says something that it cannot say.
pub fn unreadable_profile(what: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the profile cannot be read: {what}"))
        .label(at, "here")
        .help("write it anew with `pipelay profile fetch`, or delete it")
}
