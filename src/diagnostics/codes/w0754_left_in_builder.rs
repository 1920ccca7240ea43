//! An image that is in a builder, and wanted elsewhere.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0754",
    title: "image that is left in its builder",
    page: r"
`docker/setup-buildx-action`, which `toolchain docker` has, makes a builder of its own. What `docker buildx build` makes there stays there: `docker run`, `docker push` and scanners look in the
store of Docker, and do not find it. `--load` puts it there, `--push` into its registry. `docker build` without `buildx` uses Docker's own builder, and needs neither.

## Bad
```pipe
on push

job image {
  toolchain docker { layers: off }
  run docker buildx build --tag app .
  run docker run --rm app --version
}
```

## Good
```pipe
on push

job image {
  toolchain docker { layers: off }
  run docker buildx build --load --tag app .
  run docker run --rm app --version
}
```
",
};

/// The image `name`, which is built at `built`, is not where the command at `taken` looks for it.
pub fn left_in_builder(name: &str, built: Span, taken: Span) -> Diag {
    Diag::new(&CODE, format!("the image `{name}` stays in its builder"))
        .label(taken, "looks for it in the store of Docker")
        .label(built, "puts it nowhere else")
        .help("write `--load` into the build, or `--push` where it goes to a registry anyway")
}
