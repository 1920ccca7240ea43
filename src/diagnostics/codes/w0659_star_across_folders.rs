//! A `*` behind a `/`, in a condition.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0659",
    title: "`*` matches more than one level",
    page: r"
GitHub's expressions can ask how a ref begins and ends, and not whether a `/` lies between: in `branch` and `tag` a `*` stands for any text. The
filters of `on` tell `*`, which ends at a `/`, from `**`, which does not. Where a pattern has levels, `**` says what is asked.

## Bad
```pipe
job publish {
  when branch('release/*')
  run cargo publish
}
```

## Good
```pipe
job publish {
  when branch('release/**')
  run cargo publish
}
```
",
};

/// `pattern` at `at`, an argument of `name`, matches `deeper` too.
pub fn star_across_folders(name: &str, pattern: &str, at: Span) -> Diag {
    let deeper = pattern.replacen('*', "a/b", 1);
    Diag::new(&CODE, format!("`{name}('{pattern}')` holds for `{deeper}` too"))
        .label(at, "`*` stands for any text here, a `/` included")
        .help(format!("write `{}`, which says so", pattern.replacen('*', "**", 1)))
}
