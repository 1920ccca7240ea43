//! Steps of the compiler that ask for bash, in an image that has none.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0748",
    title: "image without bash",
    page: r"
The steps of most toolchains, and the one that chooses the files of a shard, are scripts of bash. Docker's official images of Alpine mostly have neither bash nor
git, so that these steps fail, and what is checked out is no repository.

## Bad
```pipe
job test {
  container ruby:3.4-alpine
  toolchain terraform
  run make test
}
```

## Good
```pipe
job test {
  container ruby:3.4
  toolchain terraform
  run make test
}
```
",
};

/// `what` at `at` needs `needs`, which the official image at `container` is not known to have.
pub fn image_without_bash(what: &str, needs: &str, at: Span, image: &str, container: Span) -> Diag {
    Diag::new(&CODE, format!("{what} needs {needs}, which `{image}` is not known to have"))
        .label(at, "its steps fail there")
        .label(container, "the image")
        .help("take an image of another system, such as the same without `alpine`, or do it in steps of `sh`")
}
