//! Layers of images that overwrite each other in GitHub's cache.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0757",
    title: "layers that overwrite each other",
    page: r"
BuildKit keeps its layers in GitHub's cache under a name, `scope`, which is `buildkit` where none is written. Of two images that are built under one name only the layers of the last are found by the
next run, which builds the other one anew (docs.docker.com/build/cache/backends/gha).

## Bad
```pipe
on push

job images {
  uses docker/setup-buildx-action@v3
  uses docker/build-push-action@v6 { context: api, cache-from: type=gha, cache-to: type=gha }
  uses docker/build-push-action@v6 { context: web, cache-from: type=gha, cache-to: type=gha }
}
```

## Good
```pipe
on push

job images {
  uses docker/setup-buildx-action@v3
  uses docker/build-push-action@v6 { context: api, cache-from: type=gha,scope=api, cache-to: type=gha,scope=api }
  uses docker/build-push-action@v6 { context: web, cache-from: type=gha,scope=web, cache-to: type=gha,scope=web }
}
```
",
};

/// Two steps keep layers of different images under one name; their `cache-to` are at these places.
pub fn layers_overwritten(first: Span, second: Span) -> Diag {
    Diag::new(&CODE, "two images keep their layers under one name")
        .label(second, "overwrites what the other has kept")
        .label(first, "kept under `buildkit`, as without a name")
        .help("give each a name: `scope=NAME` in its `cache-from` and `cache-to`")
}
