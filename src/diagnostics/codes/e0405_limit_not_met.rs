//! A deadline or a budget that no plan meets.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0405",
    title: "limit that no plan meets",
    page: r"
`optimize { deadline 15m }` and `optimize { budget $0.40 }` say how long a run may take and what it may cost, in the mean. Of all the plans that were looked at none keeps to it.
The message names what takes or costs most, and what the nearest plan comes to: `pipelay plan` shows that plan.

So a change that makes runs slower or dearer than was agreed does not pass `pipelay check`.

## Bad
```pipe
on push

optimize balanced { deadline 10m }

job test {
  takes 30m
  run make test
}
```

## Good
```pipe
on push

optimize balanced { deadline 10m }

job test {
  takes 30m
  shards auto
  run make test SHARD=$SHARD/$SHARDS
}
```
",
};

/// What a run comes to, `found`, is more than `limit`; most of it is of `job`, at `job_at`, which comes to `most`. `nearest` would be met.
pub fn limit_not_met(limit: &str, found: &str, nearest: &str, at: Span, (job, most, job_at): (&str, &str, Span)) -> Diag {
    Diag::new(&CODE, format!("no plan keeps to `{limit}`: the nearest comes to {found}"))
        .label(at, "the limit")
        .label(job_at, format!("`{job}` comes to {most}"))
        .help(format!("write `{nearest}`, or make `{job}` less: `shards auto`, another `runner`, less work"))
}
