//! A release that rests on a cache.

use crate::catalog::caching::Off;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0731",
    title: "cache in a release",
    page: r"
Whoever can run code on the default branch, a dependency of its tests for one, can write into its caches, and a release restores from there: what is published has then
been made of what nobody has reviewed. A run of `pull_request_target` and the like, which looks at the code of strangers, would write into the caches of the default branch itself.

A `cache` is left out there, be it of a toolchain or the spec's own: of the latter that is said. An action that restores one stays, and is told, and so is what builds images
on layers that BuildKit keeps in GitHub's cache, `type=gha`.

## Bad
```pipe
on release

job publish {
  uses actions/cache@v5 { path: target, key: target }
  run cargo publish
}
```

## Good
```pipe
on release

job publish: cargo publish
```
",
};

/// `action` restores a cache unless it is told not to, and `why` nothing of the job may rest on one.
pub fn cache_in_release(action: &str, why: &str, off: Off, at: Span) -> Diag {
    let help = match off {
        Off::Never => "take it out of this job".to_owned(),
        Off::By(input, word) => format!("`{input}: {word}` switches that off"),
        Off::Without(input) => format!("leave `{input}` out in this job"),
        Off::Part(input, part) => format!("leave `{part}` out of `{input}` in this job"),
    };
    Diag::new(&CODE, format!("`{action}` restores a cache, and {why}"))
        .label(at, "whoever can write that cache changes what is made here")
        .help(help)
}

/// A layer that the spec has is not there, as `why` says.
pub fn cache_left_out(layer: &str, why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("cache `{layer}` is left out here: {why}"))
        .label(at, "nothing is restored or saved")
        .help("take it out of this job")
}
