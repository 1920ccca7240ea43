//! A call without what the workflow needs.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0326",
    title: "call without what the workflow needs",
    page: r"
The called workflow requires the input or secret, and GitHub refuses to start without it. An input may have a default instead, or none and a `?`
behind its type; `secrets inherit` passes all secrets.

## Bad
```pipe
job ship {
  uses ./.github/workflows/publish.yml {
    secrets inherit
  }
}
```

## Good
```pipe
job ship {
  uses ./.github/workflows/publish.yml {
    tag: v1
    secrets { TOKEN: ${{ secrets.TOKEN }} }
  }
}
```
",
};

/// `workflow` is not given the input or secret (`noun`) `name`.
pub fn missing_in_call(workflow: &str, noun: &str, name: &str, at: Span) -> Diag {
    let help = match noun {
        "secret" => format!("pass it: `secrets {{ {name}: ${{{{ secrets.{name} }}}} }}`, or all: `secrets inherit`"),
        _ => format!("give it: `uses {workflow} {{ {name}: VALUE }}`"),
    };
    Diag::new(&CODE, format!("`{workflow}` needs the {noun} `{name}`")).label(at, "not given to it").help(help)
}
