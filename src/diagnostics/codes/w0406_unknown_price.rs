//! A budget, and a machine without a price.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0406",
    title: "budget without a price",
    page: r"
`optimize { budget $0.40 }` says what a run may cost, and of a machine that a job runs on no price is known: a larger one has the label that your organisation gave it, and another
may be known only when the job runs. It counts as free, so what is said of the budget is said of the rest.

`runners { NAME: { label: LABEL, price: $0.01 } }` says what a minute of it costs, and with `cores: 8` it has the price of GitHub's machine of that shape.

## Bad
```pipe
on push

optimize balanced { budget $0.40 }

runners { big: our-machine }

job test {
  takes 15m
  runner big
  run make test
}
```

## Good
```pipe
on push

optimize balanced { budget $0.40 }

runners { big: { label: our-machine, price: $0.022 } }

job test {
  takes 15m
  runner big
  run make test
}
```
",
};

/// A machine of `label`, on which `job` runs, costs nobody knows what, and `limit` is about that.
pub fn unknown_price(job: &str, label: &str, limit: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("nothing is known of what `{label}` costs, on which `{job}` runs, and `{limit}` is about that"))
        .label(at, "what it costs is left out")
        .help("say what a minute costs: `runners { NAME: { label: LABEL, price: $0.01 } }`, and `runner NAME` in the job")
}
