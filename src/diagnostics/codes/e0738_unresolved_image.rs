//! An image whose digest is not to be had.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0738",
    title: "image whose digest is not to be had",
    page: r"
`pipelay lock` asks the registry of each image for the digest of its tag, and did not get it: there is no such image or tag, a password is needed, the registry was asked
too often, did not answer three times, or not with a digest. Or `pipelay lock --verify` found that the registry does not have the image any more that is locked: no job can
start it. All others were still asked, and what `pipelay.lock` had is kept.

No password is used, and none is looked for. An image that needs one has its digest in the spec, `ghcr.io/example/app:1@sha256:…`, and is not asked for then.

This is about a server, so there is no spec that shows it.

```text
$ docker buildx imagetools inspect postgres:15
```
",
};

/// `registry` does not say what `image` is, because of `why`.
pub fn unresolved(image: &str, registry: &str, why: &str, help: &str) -> Diag {
    Diag::new(&CODE, format!("`{registry}` does not say what `{image}` is: {why}")).help(help)
}

/// `image` is locked as `digest`, which its registry does not have.
pub fn gone(image: &str, digest: &str) -> Diag {
    Diag::new(&CODE, format!("`{image}` is locked as `{digest}`, which its registry does not have any more"))
        .help(format!("find out what became of it; `pipelay lock --update {image}` takes what the tag is now"))
}
