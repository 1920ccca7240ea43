//! An image that is pushed without a login.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0752",
    title: "push without a login",
    page: r"
A machine of GitHub's is logged in to no registry: a push ends with an error, however many minutes the build before it took. For GitHub's own, `ghcr.io`, the token of the
run is enough, with `packages: write`.

## Bad
```pipe
on push { branches: main }

job image {
  run docker build --tag ghcr.io/acme/app .
  run docker push ghcr.io/acme/app
}
```

## Good
```pipe
on push { branches: main }

job image {
  permissions { contents: read, packages: write }
  uses docker/login-action@v4 { registry: ghcr.io, username: ${{ github.actor }}, password: ${{ github.token }} }
  run docker build --tag ghcr.io/acme/app .
  run docker push ghcr.io/acme/app
}
```
",
};

/// `what`, at `at`, pushes, and no step before it has logged in.
pub fn push_without_login(what: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("no step before `{what}` logs in to a registry"))
        .label(at, "ends with an error")
        .help("write `uses docker/login-action { registry: …, username: …, password: … }` before it, for ghcr.io with `${{ github.actor }}` and `${{ github.token }}`")
}
