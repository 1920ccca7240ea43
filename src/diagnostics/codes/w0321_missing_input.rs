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

/// `action` is not given the inputs `names`; there is at least one.
pub fn missing_inputs(action: &str, names: &[&str], at: Span) -> Diag {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (noun, them) = if names.len() == 1 { ("input", "it") } else { ("inputs", "them") };
    let entries: Vec<String> = names.iter().map(|name| format!("{name}: VALUE")).collect();
    Diag::new(&CODE, format!("`{action}` needs the {noun} {}", quoted.join(", ")))
        .label(at, "not given to it")
        .help(format!("give {them}: `uses {action} {{ {} }}`", entries.join(", ")))
}
