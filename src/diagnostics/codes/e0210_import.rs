//! Import that cannot be done.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0210",
    title: "import that cannot be done",
    page: r#"
`import` brings the lets, templates, toolchains and services of another `.pipe` file, whose path is written relative to the importing file.
Jobs and everything else that belongs to one workflow stay where they are.


## Bad
```pipe
import "comon.pipe"

job run: docker run %{registry}/app
```

## Good
```pipe
import "common.pipe"

job run: docker run %{registry}/app
```
"#,
};

/// There is no such file.
pub fn cannot_import(path: &str, near: Option<&str>, at: Span) -> Diag {
    let help = near.map_or_else(
        || "the path is relative to this file".to_owned(),
        |near| format!("git tracks `{near}`; the path is relative to this file"),
    );
    Diag::new(&CODE, format!("`{path}` cannot be imported")).label(at, "no such file").help(help)
}

/// `path` is a directory.
pub fn imports_a_directory(path: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be imported")).label(at, "a directory").help("name one of its `.pipe` files")
}

/// `path` is no `.pipe` file.
pub fn imports_another_file(path: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be imported"))
        .label(at, "not a `.pipe` file")
        .help("write what is shared into a `.pipe` file, as `let`, `template`, `toolchain` or `service`")
}

/// An imported file has a statement that is not imported.
pub fn import_brings_no(word: &str, at: Span, import: Span) -> Diag {
    Diag::new(&CODE, format!("an imported file cannot bring `{word}`"))
        .label(at, "not imported")
        .label(import, "imported here")
        .help("only lets, templates, toolchains and services are imported; move the rest to the file that compiles")
}
