//! An action without an input that it needs.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0321",
    title: "action without an input that it needs",
    page: r"
The action requires the input and has no default for it. GitHub starts it all the same, and most actions then fail.

## Bad
```pipe
job test {
  uses actions/cache@v5 { path: ~/.m2 }
  run mvn verify
}
```

## Good
```pipe
job test {
  uses actions/cache@v5 { path: ~/.m2, key: m2-${{ hashFiles('pom.xml') }} }
  run mvn verify
}
```
",
};

/// `action` is not given the input `name`.
pub fn missing_input(action: &str, name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{action}` needs the input `{name}`"))
        .label(at, "not given to it")
        .help(format!("give it: `uses {action} {{ {name}: VALUE }}`"))
}
