//! Images that may be others tomorrow: those without a version, and those without a digest.

use std::fmt::Display;

use crate::diagnostics::{Code, Diag};
use crate::pins::image::Image;
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0722",
    title: "image without a version or digest",
    page: r"
Without a tag, and with `latest`, an image is whatever was pushed last: the same commit passes today and fails tomorrow, and whoever takes over the image
runs code in the job. A version keeps it from changing by itself; a digest, `node:22@sha256:…`, keeps it from changing at all:
`pipelay lock --images` finds it out for all images of all specs, also those of the library's services, and the output has it. Once the lock file has one, an image that it lacks
is a warning, W0710.

An image that only a run knows, `node:${{ matrix.version }}`, has its digest in the values that it is made of.

## Bad
```pipe
job test { container node; run npm test }
```

## Good
```pipe
job test { container node:22.12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef; run npm test }
```
",
};

/// The image at `at` has no version.
pub fn image_without_version(image: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("image `{image}` has no version"))
        .label(at, "is whatever was pushed last")
        .help("name its version or digest behind it: `NAME:VERSION`, `NAME@sha256:…`")
}

/// No digest is known of these images, each with the place where it is used, and none was asked for.
pub fn images_without_digest(images: &[(&Image, Span)]) -> Diag {
    without_digest(images, "can be moved to another image", "so can this")
        .help("run `pipelay lock --images`: it asks for the digests of all, and the output has them")
}

/// These images are known only when they run, and nothing says their digest.
pub fn images_of_runs(images: &[(&str, Span)]) -> Diag {
    without_digest(images, "is known only when it runs, and can be moved to another image", "so is this")
        .help("name the digest with the values that it is made of: `NAME:TAG@sha256:…`")
}

fn without_digest(images: &[(impl Display, Span)], first: &str, other: &str) -> Diag {
    let names: Vec<String> = images.iter().map(|(image, _)| format!("`{image}`")).collect();
    Diag::new(&CODE, format!("no digest pins {}", names.join(", "))).labels(images.iter().map(|(_, at)| *at), first, other)
}
