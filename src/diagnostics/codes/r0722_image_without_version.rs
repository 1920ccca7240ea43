//! Images that are whatever was pushed last.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0722",
    title: "image without a version",
    page: r"
Without a tag, and with `latest`, an image is whatever was pushed last: the same commit passes today and fails tomorrow, and whoever takes over the image
runs code in the job. A version keeps it from changing by itself; a digest, `node:22@sha256:…`, keeps it from changing at all:
`pipelay lock --images` finds it out, and the output has it.

## Bad
```pipe
job test { container node; run npm test }
```

## Good
```pipe
job test { container node:22; run npm test }
```
",
};

/// The image at `at` has no version.
pub fn image_without_version(image: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("image `{image}` has no version"))
        .label(at, "is whatever was pushed last")
        .help("name its version or digest behind it: `NAME:VERSION`, `NAME@sha256:…`")
}
