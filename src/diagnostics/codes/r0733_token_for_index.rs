//! A token that need not be kept.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0733",
    title: "token where none is needed",
    page: r"
PyPI takes packages from a workflow that it was told of, without a password: the action proves by a token of GitHub, valid for minutes, which workflow it runs in. A
token of PyPI that is kept as a secret can be stolen, and is valid until someone notices.

## Bad
```pipe
on release

job publish {
  uses pypa/gh-action-pypi-publish@release/v1 { password: ${{ secrets.PYPI_TOKEN }} }
}
```

## Good
```pipe
on release

job publish {
  permissions { contents: read, id-token: write }
  uses pypa/gh-action-pypi-publish@release/v1
}
```
",
};

/// `action` is given a password, which the index could do without.
pub fn token_for_index(action: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{action}` needs no password"))
        .label(at, "can be stolen where it is kept")
        .help("register the workflow as a trusted publisher, leave this out, and give the job `permissions { contents: read, id-token: write }`")
}
