//! A deadline or a budget that no plan meets.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0405",
    title: "limit that no plan meets",
    page: r"
`optimize { deadline 15m }` and `optimize { budget $0.40 }` say how long a run may take and what it may cost, in the mean. Of all the plans that were looked at none keeps to it.
The message names what takes or costs most, what the nearest plan comes to, which `pipelay plan` shows, and, where one thing more would be enough, what the spec would have to allow:
a number of shards or a machine that is chosen, or what `optimize` has switched off. Where plans keep to either limit, and none to both, it says what the nearest ones come to.

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

/// What a run comes to, `found`, is more than `limit`; most of it is of `job`, at `job_at`, which comes to `most`. `nearest` would be met as things are, and the limit with what
/// `would` says; `less` is what makes the job less.
pub fn limit_not_met(
    (limit, at): (&str, Span),
    (found, nearest): (&str, &str),
    would: Option<&str>,
    (job, most, job_at): (&str, &str, Span),
    less: &str,
) -> Diag {
    let help = match would {
        Some(would) => format!("the nearest plan that keeps to it: {would}; else write `{nearest}`"),
        None => format!("write `{nearest}`, or make `{job}` less: {less}"),
    };
    Diag::new(&CODE, format!("no plan keeps to `{limit}`: the nearest comes to {found}"))
        .label(at, "the limit")
        .label(job_at, format!("`{job}` comes to {most}"))
        .help(help)
}

/// Each of the two limits is kept by a plan, and both by none: within the first, a run costs `costs` at least, and within the second it takes `takes`. One of `instead` would be enough.
pub fn both_not_met(
    [(deadline, at), (budget, budget_at)]: [(&str, Span); 2],
    (costs, takes): (&str, &str),
    would: Option<&str>,
    instead: [&str; 2],
    (job, job_at): (&str, Span),
    less: &str,
) -> Diag {
    let [dearer, longer] = instead;
    let help = match would {
        Some(would) => format!("the nearest plan that keeps to both: {would}; else write `{dearer}` or `{longer}`"),
        None => format!("write `{dearer}` or `{longer}`, or make `{job}` less: {less}"),
    };
    let found = format!("within the first, the nearest costs {costs}; within the second, it takes {takes}");
    Diag::new(&CODE, format!("no plan keeps to both `{deadline}` and `{budget}`: {found}"))
        .label(at, "one limit")
        .label(budget_at, "the other")
        .label(job_at, format!("`{job}` takes most"))
        .help(help)
}
