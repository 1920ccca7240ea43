//! What a called workflow does not take.

use super::w0320_unknown_input::meant;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0325",
    title: "what a called workflow does not take",
    page: r"
The called workflow declares no input or secret of that name, and GitHub refuses to start. What it declares is read from its file, or from its spec
where it has one.

## Bad
```pipe
job ship {
  uses ./.github/workflows/publish.yml {
    taag: v1
    secrets { TOKEN: ${{ secrets.TOKEN }} }
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

/// `workflow` takes no input or secret (`noun`) `name`; it takes `known`.
pub fn not_of_the_call(workflow: &str, noun: &str, name: &str, known: &[&str], at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` takes no {noun} `{name}`"))
        .label(at, "GitHub would refuse to start")
        .maybe_help(meant(name, known))
}
