//! An input of a called workflow of another type.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0327",
    title: "input of a called workflow of another type",
    page: r#"
The called workflow wants `true` or `false`, or a number, and GitHub refuses to start with anything else. In quotes, `"true"` is a text. What an
expression becomes is known when it runs.

## Bad
```pipe
job ship {
  uses ./.github/workflows/publish.yml {
    tag: v1
    dry-run: yes
    secrets inherit
  }
}
```

## Good
```pipe
job ship {
  uses ./.github/workflows/publish.yml {
    tag: v1
    dry-run: true
    secrets { TOKEN: ${{ secrets.TOKEN }} }
  }
}
```
"#,
};

/// The input `name` is given `found`, where the workflow wants `wanted`.
pub fn wrong_type_in_call(name: &str, wanted: &str, found: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the input `{name}` is {wanted}, and {found} is given"))
        .label(at, "GitHub would refuse to start")
        .help(format!("write {wanted}, without quotes"))
}
