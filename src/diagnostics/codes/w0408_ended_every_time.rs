//! A timeout that ends what it is of in every run.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0408",
    title: "timeout below the time that it takes",
    page: r"
`takes` says how long a job or step takes, and `timeout` after how long it is ended. Where it may not take longer than it takes, about half of all runs are ended there, or all of them: they
fail, what comes behind is left out, and what is said of times and money is about runs that never come to their end.

## Bad
```pipe
on push
job test {
  takes 20m
  timeout 10m
  run npm test
}
```

## Good
```pipe
on push
job test {
  takes 20m
  timeout 40m
  run npm test
}
```
",
};

/// `what` takes so long, and is ended after no more.
pub fn ended_every_time(what: &str, (takes, at): (&str, Span), (timeout, limit): (&str, Span), enough: &str) -> Diag {
    Diag::new(&CODE, format!("{what} takes {takes}, and is ended after {timeout}"))
        .label(limit, "ends it before it is done")
        .label(at, "takes that long")
        .help(format!("allow for the runs in which it takes longer: `timeout {enough}`"))
}
