//! A cache layer without a key, or without a known place.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0705",
    title: "cache layer left out",
    page: r"
A layer of a toolchain is left out, since nothing says what it holds: `hashFiles` yields the empty text where it finds no file, and a layer under such
a key would be restored for ever, whatever the repository needs by then.

So is one that a variable of the job moves, `CARGO_HOME` for one, where its value is no plain path from the root or below the workspace: what the layer would
hold is elsewhere. Where it is plain, the layer is what lies there.

## Bad
```pipe
# git tracks: README.md, main.go, go.work
toolchain go

job test: go test ./...
```

## Good
```pipe
# git tracks: README.md, main.go, go.work, go.mod, go.sum
toolchain go

job test: go test ./...
```
",
};

/// What layer `name` of a toolchain would hold is where `variable` says, which only the run knows.
pub fn moved_away(name: &str, toolchain: &str, variable: &str, at: Span) -> Diag {
    Diag::new(
        &CODE,
        format!("layer `{name}` of toolchain `{toolchain}` is not cached: `{variable}` moves it to where only the run knows"),
    )
    .label(at, "works without the layer")
    .help(format!("give `{variable}` a path from the root, or leave it out"))
}

/// Layer `name` of a toolchain has no key, and `why`.
pub fn no_cache_key(name: &str, toolchain: &str, why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("layer `{name}` of toolchain `{toolchain}` is not cached: {why}"))
        .label(at, "works without the layer")
        .help("commit the lockfile, or silence this with `allow R0705 \"reason\"`")
}
