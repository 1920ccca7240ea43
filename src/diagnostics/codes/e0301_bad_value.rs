//! Value of the wrong kind.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0301",
    title: "value of the wrong kind",
    page: r"
The statement is right, and its value is of the wrong kind: `timeout` wants a duration such as `15m`, `max-parallel` a whole number,
`fail-fast` `on` or `off`.

## Bad
```pipe
job test {
  timeout soon
  run npm test
}
```

## Good
```pipe
job test {
  timeout 15m
  run npm test
}
```
",
};

/// `found` stands where `wanted` is; `usage` is how it is written.
pub fn bad_value(found: &str, wanted: &str, usage: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("{found} stands where {wanted} is wanted"))
        .label(at, format!("wanted: {wanted}"))
        .help(format!("write it like `{usage}`"))
}

/// There are fewer files than shards, whose number stands at `at`.
pub fn few_files(shards: usize, files: usize, patterns: &str, at: Span) -> Diag {
    let help = match files {
        0 => "name files that git tracks: `shards 2 of files \"tests/**/*.spec.ts\"`".to_owned(),
        1 => "leave `shards` out".to_owned(),
        _ => format!("write `shards {files}`, or name more files"),
    };
    let found = match files {
        0 => format!("git tracks no file like `{patterns}`"),
        1 => format!("git tracks one file like `{patterns}`"),
        _ => format!("git tracks {files} files like `{patterns}`"),
    };
    Diag::new(&CODE, format!("{found}, for {shards} shards")).label(at, "each needs a file").help(help)
}
