//! An output that an action does not have.

use super::w0320_unknown_input::meant;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0322",
    title: "output that an action does not have",
    page: r"
The action of the step declares no output of that name, and GitHub yields the empty text for it. What well-known actions give is a table of the
compiler's, by major version; an action of the repository is read from its `action.yml`.

## Bad
```pipe
job test {
  step deps uses actions/cache@v5 { path: ~/.m2, key: m2-${{ hashFiles('pom.xml') }} }
  when steps.deps.outputs.cache_hit != 'true' { run mvn dependency:go-offline }
}
```

## Good
```pipe
job test {
  step deps uses actions/cache@v5 { path: ~/.m2, key: m2-${{ hashFiles('pom.xml') }} }
  when steps.deps.outputs.cache-hit != 'true' { run mvn dependency:go-offline }
}
```
",
};

/// `action` has no output `name`; it has `known`.
pub fn unknown_output(action: &str, name: &str, known: &[String], at: Span) -> Diag {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Diag::new(&CODE, format!("`{action}` has no output `{name}`"))
        .label(at, "always empty")
        .maybe_help(meant(name, &known).filter(|_| !known.is_empty()))
}
