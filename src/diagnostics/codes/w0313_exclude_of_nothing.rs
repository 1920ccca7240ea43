//! Exclusion that takes nothing away.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0313",
    title: "exclusion that takes nothing away",
    page: r"
An `exclude` of a matrix leaves out the combinations that have all of its values. One that names a value which the axis does not have leaves out
none; most often it is misspelt. Of a value that is a map it is enough to name some keys. One that names an axis which the matrix does not have
passes GitHub's parser, but what starts the jobs refuses it.

## Bad
```pipe
job test {
  matrix {
    os: [ubuntu-latest, windows-latest]
    node: [20, 22]
    exclude { os: windows, node: 20 }
  }
  runner ${{ matrix.os }}
  run npm test
}
```

## Good
```pipe
job test {
  matrix {
    os: [ubuntu-latest, windows-latest]
    node: [20, 22]
    exclude { os: windows-latest, node: 20 }
  }
  runner ${{ matrix.os }}
  toolchain node ${{ matrix.node }}
  run npm test
}
```
",
};

/// No combination has `value` at `axis`; `known`: there is such an axis. `near` is a value or an axis that was perhaps meant.
pub fn exclude_of_nothing(axis: &str, value: &str, known: bool, near: Option<&str>, at: Span) -> Diag {
    let (fact, label, help) = if known {
        (
            format!("axis `{axis}` has no value `{value}` to exclude"),
            "takes nothing away",
            "write one of its values, or remove the exclusion".to_owned(),
        )
    } else {
        (
            format!("the matrix has no axis `{axis}` to exclude from"),
            "refused when the job starts",
            format!("remove `{axis}` from the exclusion, or add the axis"),
        )
    };
    let help = near.map_or(help, |near| format!("write `{near}`"));
    Diag::new(&CODE, fact).label(at, label).help(help)
}
