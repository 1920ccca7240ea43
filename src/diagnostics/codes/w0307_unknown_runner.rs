//! Runner label that is almost one of GitHub's.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0307",
    title: "runner label that is almost a known one",
    page: r"
No machine of GitHub has this label, and one has a label that is very near. A job waits a day for a label that nobody has, and then fails. A
label of one's own machines is taken as it is once `runners` names it.

## Bad
```pipe
job test {
  runner ubuntu-lastest
  run npm test
}
```

## Good
```pipe
job test {
  runner ubuntu-latest
  run npm test
}
```
",
};

/// `label` is none of GitHub's, and `near` is.
pub fn unknown_runner(label: &str, near: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("no machine of GitHub has the label `{label}`"))
        .label(at, "the job would wait for such a machine")
        .help(format!("write `{near}`; or, if machines have this label, name it: `runners {{ {label}: {label} }}`"))
}
