//! Toolchain without its files.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0209",
    title: "toolchain without its files",
    page: r"
The repository tracks none of the files that show that a toolchain applies: `toolchain node` without a `package.json`, say. The usual files
are assumed, which is right where the spec is written before them; otherwise the toolchain is the wrong one, or its files lie in a folder.
Nothing is cached as long as no tracked file makes the key.

## Bad
```pipe
# git tracks: README.md, web/package.json, web/package-lock.json
toolchain node 24

job test: npm test
```

## Good
```pipe
# git tracks: README.md, web/package.json, web/package-lock.json
toolchain node 24 { directory: web }

job test {
  in web
  run npm test
}
```
",
};

/// None of `files` is tracked; `folder` has one of them. `used` is the toolchain as it is used, where it can be told a directory.
pub fn undetected_toolchain(name: &str, files: &[&str], folder: Option<&str>, used: Option<&str>, at: Span) -> Diag {
    let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
    let help = match (folder, used) {
        (Some(folder), Some(used)) => format!("it is in `{folder}/`: `{used} {{ directory: {folder} }}`"),
        (Some(folder), None) => {
            format!("it is in `{folder}/`, where this toolchain does not look; silence this with `allow R0209 \"reason\"`")
        }
        _ => "add the file to git, or silence this with `allow R0209 \"reason\"`".to_owned(),
    };
    Diag::new(&CODE, format!("git tracks no {} for toolchain `{name}`", files.join(" or ")))
        .label(at, "its usual files are assumed")
        .help(help)
}
