//! An input that an action does not have.

use crate::diagnostics::{Code, Diag, nearest};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0320",
    title: "input that an action does not have",
    page: r"
The action declares no input of that name. GitHub warns of it in the log of the run and goes on, so that the action works without the value.
What well-known actions take is a table of the compiler's, by major version; an action of the repository is read from its `action.yml`. A
commit counts as the tag that the comment behind it names: `# v6.1.0`. Of one without, of a branch, and of other actions, nothing is said.

## Bad
```pipe
job test {
  uses actions/setup-node@v6 { node-versoin: 24 }
  run npm test
}
```

## Good
```pipe
job test {
  uses actions/setup-node@v6 { node-version: 24 }
  run npm test
}
```
",
};

/// `action` has no input `name`; it has `known`.
pub fn unknown_input(action: &str, name: &str, known: &[&str], at: Span) -> Diag {
    Diag::new(&CODE, format!("`{action}` has no input `{name}`"))
        .label(at, "GitHub warns, and the action does not see it")
        .maybe_help(meant(name, known))
}

/// The name that was perhaps meant, or all that there are.
pub(super) fn meant(name: &str, known: &[&str]) -> Option<String> {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return Some(format!("write `{near}`"));
    }
    let quoted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    match known.len() {
        0 => Some("leave it out: it has none".to_owned()),
        1..=12 => Some(format!("it has {}", quoted.join(", "))),
        _ => None,
    }
}
