//! A budget, and a matrix of which only the run knows how many rows it has.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0407",
    title: "budget with an unknown number of rows",
    page: r"
`optimize { budget $0.40 }` says what a run may cost, and a job has a matrix that another job makes when the workflow runs: nobody knows how many machines that will be. It counts as one
row, so what is said of the budget is said of the rest and of that one.

Where the values are written in the spec, all of them count.

## Bad
```pipe
on push

optimize balanced { budget $0.40 }

job list {
  takes 1m
  outputs { parts: ${{ steps.parts.outputs.parts }} }
  step parts: ./list-parts
}

job test {
  takes 5m
  matrix part: ${{ fromJSON(needs.list.outputs.parts) }}
  run make test PART=${{ matrix.part }}
}
```

## Good
```pipe
on push

optimize balanced { budget $0.40 }

job test {
  takes 5m
  matrix part: core, api, web
  run make test PART=${{ matrix.part }}
}
```
",
};

/// How many rows `job` has only the run knows, and `limit` is about what they cost.
pub fn unknown_rows(job: &str, limit: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("how many rows `{job}` has is known only when it runs, and `{limit}` is about what they cost"))
        .label(at, "it is counted as one")
        .help("write the values of its `matrix` in the spec, or allow for the others in the limit")
}
