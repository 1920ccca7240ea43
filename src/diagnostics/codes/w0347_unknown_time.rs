//! What is asked to be chosen by a time that nobody knows.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0347",
    title: "choice without a time to choose by",
    page: r"
`shards auto` and `runner auto` leave a choice to the compiler, which makes it by how long the job takes. Of this job nothing is known: it is not split, and runs
on `ubuntu-latest`. A `deadline` and a `budget` are about how long all jobs take.

`takes 10m` in the job says how long it takes in one piece, and `pipelay profile` takes what was measured. What was measured counts more.

## Bad
```pipe
on push

job browser {
  shards auto
  run npx playwright test --shard=$SHARD/$SHARDS
}
```

## Good
```pipe
on push

job browser {
  takes 20m
  shards auto
  run npx playwright test --shard=$SHARD/$SHARDS
}
```
",
};

/// `choice` is left to the compiler, which does not know how long `job` takes, and does `instead`.
pub fn unknown_time(job: &str, choice: &str, instead: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("nothing is known of how long `{job}` takes, and `{choice}` is about that"))
        .label(at, instead)
        .help("say `takes 10m` in the job, or take in what was measured: `pipelay profile`")
}
