//! Lookup that finds nothing.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0215",
    title: "lookup that finds nothing",
    page: r#"
`dirs("…")` or `files("…")` finds nothing among what git tracks, and a loop, an axis or an entry rests on it: what they would have made is
not there. `hashFiles('…')` of such a pattern is the empty text, and a cache whose key would have it is neither restored nor saved. Where that is meant, an `if` around it says so: `if exists("…") { … }`, or `if %{list} { … }` for a constant.

## Bad
```pipe
# git tracks: packages/api/package.json, packages/web/package.json
job lint: npm run lint

for path in dirs("pakages/*") {
  job %{path.name}: npm test --prefix %{path}
}
```

## Good
```pipe
# git tracks: packages/api/package.json, packages/web/package.json
job lint: npm run lint

for path in dirs("packages/*") {
  job %{path.name}: npm test --prefix %{path}
}
```
"#,
};

/// `hashFiles` gets `patterns` at `at`, in the key of a cache or elsewhere, and nothing matches them; `near` is a pattern that matches something.
pub fn nothing_hashed(patterns: &str, near: Option<&str>, is_key: bool, at: Span) -> Diag {
    let (label, made) = if is_key {
        ("no cache without a hash", "what steps make is not there yet when caches are restored")
    } else {
        ("the hash is empty", "where a step makes it, silence this with `allow W0215 \"reason\"`")
    };
    let help = match near {
        Some(near) => format!("write `'{near}'`"),
        None => format!("mend the pattern, or add the file to git; {made}"),
    };
    Diag::new(&CODE, format!("git tracks nothing that matches `{patterns}`")).label(at, label).help(help)
}

/// The key of layer `name`, at `at`, hashes files in a job that has none when it is restored.
pub fn hashed_without_files(name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the job has no files when layer `{name}` is restored, whose key hashes some"))
        .label(at, "no cache without a hash")
        .help("have the repository checked out first, or make the key of something else")
}

/// Nothing matches `patterns`, and `effect` is what comes of it at `at`; `near` is a pattern that matches something.
pub fn nothing_found(patterns: &str, near: Option<&str>, effect: &str, at: Span) -> Diag {
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None => format!("mend the pattern, or put `if exists(\"{patterns}\") {{ … }}` around it"),
    };
    Diag::new(&CODE, format!("git tracks nothing that matches `{patterns}`")).label(at, effect).help(help)
}
