//! A command of `gh` that has no token.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0751",
    title: "gh without a token",
    page: r"
`gh` takes no token by itself: in a workflow it ends with an error where none is in `GH_TOKEN` or `GITHUB_TOKEN`. That of the run is `${{ github.token }}`; what it may do is another matter,
`permissions`.

## Bad
```pipe
on push

job list: gh release list
```

## Good
```pipe
on push

job list {
  env { GH_TOKEN: ${{ github.token }} }
  run gh release list
}
```
",
};

/// This command of `gh` has none.
pub fn gh_without_token(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` has no token"))
        .label(at, "ends with an error")
        .help("write `env { GH_TOKEN: ${{ github.token }} }` in the step or the job")
}
