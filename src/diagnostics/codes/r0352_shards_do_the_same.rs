//! Shards of which each does all of the work.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0352",
    title: "shards that do the same",
    page: r"
`shards 4` runs a job four times, with `$SHARD` from 1 to 4 and `$SHARDS` 4. What is split by it is up to the commands: most tools want to be told on their
command line, as `--shard=$SHARD/$SHARDS`. Where no command asks for it, each shard does all of the work, unless a script reads the variables by itself: then
`allow R0352` says so.

## Bad
```pipe
job unit {
  shards 4
  run npx vitest run
}
```

## Good
```pipe
job unit {
  shards 4
  run npx vitest run --shard=$SHARD/$SHARDS
}
```
",
};

/// No command of `job` asks for its shard.
pub fn shards_do_the_same(job: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("no command of `{job}` asks for its shard"))
        .label(at, "each shard does all of it")
        .help("say which part to do: `--shard=$SHARD/$SHARDS`, or as the tool wants it")
}
