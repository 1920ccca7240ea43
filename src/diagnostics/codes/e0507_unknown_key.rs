//! A key of a workflow that GitHub does not know.

use crate::diagnostics::{Code, Diag};
use crate::text::Text;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0507",
    title: "unknown key",
    page: r"
GitHub refuses a workflow file with a key that it does not know. A misspelt key is the usual cause, or one that stands a level too deep or not deep enough.

This is about YAML that Pipelay reads, so there is no spec that shows it.

## Bad
```yaml
jobs:
  test:
    runs_on: ubuntu-latest
```

## Good
```yaml
jobs:
  test:
    runs-on: ubuntu-latest
```
",
};

/// `key` is none that `of` has; `near` is, and so are all `known`.
pub fn unknown_key(of: &str, key: &Text, near: Option<&str>, known: &[&str]) -> Diag {
    let diag = Diag::new(&CODE, format!("unknown key `{}` of {of}", key.as_str())).label(key.span(), "unknown key");
    match near {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None => diag.help(format!("its keys are {}", known.join(", "))),
    }
}
