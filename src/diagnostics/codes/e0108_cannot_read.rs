//! A file that cannot be read.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0108",
    title: "file that cannot be read",
    page: r"
The file was named on the command line, or found in `.github/workflows`, and cannot be read: it does not exist, is a directory or no `.pipe` file, or
the permissions forbid it.

This is about files, so there is no spec that shows it.

```text
$ pipelay compile no-such-file.pipe
```
",
};

/// Reading `path` failed because of `why`, as the system words it.
pub fn cannot_read(path: &str, why: &str) -> Diag {
    Diag::new(&CODE, format!("`{path}` cannot be read: {why}"))
}

/// `path` is no spec; `of` where it is the output of one, which is named then.
pub fn not_a_spec(path: &str, of: Option<&str>) -> Diag {
    match of {
        Some(spec) => Diag::new(&CODE, format!("`{path}` is the output of `{spec}`")).help(format!("name the spec: `{spec}`")),
        None => Diag::new(&CODE, format!("`{path}` is not a `.pipe` file")).help("name a spec: its name ends with `.pipe`"),
    }
}

/// `path` does not exist; `near` is a spec whose name is close.
pub fn missing(path: &str, near: Option<&str>) -> Diag {
    let help = near.map_or_else(
        || {
            "without a name, all of `.github/workflows` are taken; where there is none, `pipelay init` writes a first spec"
                .to_owned()
        },
        |near| format!("`{near}` does"),
    );
    Diag::new(&CODE, format!("`{path}` does not exist")).help(help)
}

/// `path` is a directory.
pub fn directory(path: &str) -> Diag {
    let files = if path == "." { "*.pipe".to_owned() } else { format!("{path}/*.pipe") };
    let help = format!("name its files, `{files}`; without a name all of `.github/workflows` are taken");
    Diag::new(&CODE, format!("`{path}` is a directory")).help(help)
}
