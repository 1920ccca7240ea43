//! A number of shards to be chosen for a job that has rows already.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0353",
    title: "`shards auto` of a job with a matrix",
    page: r"
The compiler chooses how many shards a job is split into by how long it takes. The rows of a matrix take different times, and all of them would be split alike: so
nothing is chosen for them, and each row is one shard. A number that is written holds for every row.

## Bad
```pipe
job test {
  matrix node: 20, 22
  shards auto
  toolchain node ${{ matrix.node }}
  run npx vitest run --shard=$SHARD/$SHARDS
}
```

## Good
```pipe
job test {
  matrix node: 20, 22
  shards 3
  toolchain node ${{ matrix.node }}
  run npx vitest run --shard=$SHARD/$SHARDS
}
```
",
};

/// Nothing is chosen for the rows of `job`.
pub fn shards_of_rows(job: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{job}` has a matrix, of which no number of shards is chosen"))
        .label(at, "each row is one shard")
        .help("write a number, `shards 3`, which holds for every row; or remove it")
}
