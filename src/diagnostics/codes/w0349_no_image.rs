//! The name of an image that is none.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0349",
    title: "no name of an image",
    page: r"
What a container or a service is made of is written as Docker has it: a registry, where it is not Docker Hub, a path in lower case, and a tag or a digest
(`ghcr.io/owner/name:v1`). Docker refuses any other text, and the job fails before its first step.

## Bad
```pipe
on push

job test {
  service cache { image: Redis:7 }
  run make test
}
```

## Good
```pipe
on push

job test {
  service cache { image: redis:7 }
  run make test
}
```
",
};

/// Nothing is named `written`; `right` would be a name.
pub fn no_image(written: &str, right: Option<&str>, at: Span) -> Diag {
    let help = right.map_or_else(
        || "write it as `registry.example/path:tag`".to_owned(),
        |right| format!("names of images are in lower case: `{right}`"),
    );
    Diag::new(&CODE, format!("`{written}` names no image")).label(at, "Docker refuses this").help(help)
}
