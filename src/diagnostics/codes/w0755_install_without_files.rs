//! An install at a place where the checkout has put no files.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0755",
    title: "install without files",
    page: r"
`checkout { path: app }` puts the files of the repository into `app/`, and nothing at the root of the workspace, where a toolchain installs what its lockfile there lists. Toolchains look at what
git tracks, and know the places of the repository alone: with `install: off` they leave the command to the job, which says where.

## Bad
```pipe
on push

toolchain node

job test {
  checkout { path: app }
  in app { run npm test }
}
```

## Good
```pipe
on push

toolchain node { install: off }

job test {
  checkout { path: app }
  in app {
    run npm ci
    run npm test
  }
}
```
",
};

/// The files are in `path` alone, as is written at `at`, and toolchain `name`, at its use, installs by `command` elsewhere.
pub fn install_without_files(command: &str, name: &str, path: &str, used: Span, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{command}` of toolchain `{name}` runs where there are no files"))
        .label(at, format!("all files are in `{path}/`"))
        .label(used, "installs at its place in the repository")
        .help(format!("leave `path` out; or write `toolchain {name} {{ install: off }}` and `in {path} {{ run {command} }}`"))
}
