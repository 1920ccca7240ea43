//! A text that was perhaps meant as `${{ }}`.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0651",
    title: "almost an expression",
    page: r#"
GitHub fills in `${{ … }}` and nothing else: with another opening or closing the text stays as it stands, and a shell or a program gets it.

## Bad
```pipe
job test {
  env { REF: "${ github.ref }" }
  run npm test
}
```

## Good
```pipe
job test {
  env { REF: "${{ github.ref }}" }
  run npm test
}
```
"#,
};

/// What a variable of a shell is the value of, where there is no shell.
#[derive(Clone, Copy)]
pub enum ValueOf {
    /// A variable.
    Variable,
    /// An output of a job.
    Output,
    /// Anything else.
    Other,
}

/// `written` at `at` is the variable `name` of a shell, where there is no shell.
pub fn shell_variable(written: &str, name: &str, of: ValueOf, at: Span) -> Diag {
    let help = match of {
        ValueOf::Variable => format!("write `{written}` in the command, which a shell reads"),
        ValueOf::Output => {
            "write it to `$GITHUB_OUTPUT` in a step with an id, and ask here for `${{ steps.ID.outputs.NAME }}`".to_owned()
        }
        ValueOf::Other => format!("write `${{{{ vars.{name} }}}}`, which asks for a variable of the repository"),
    };
    Diag::new(&CODE, format!("`{written}` is no expression, and no shell reads it"))
        .label(at, "stays in the text as it is")
        .help(help)
}

/// `written` at `at` holds `inner`, which only makes sense as an expression.
pub fn almost_a_hole(written: &str, inner: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is no expression"))
        .label(at, "stays in the text as it is")
        .help(format!("write `${{{{ {} }}}}`", inner.trim_matches(['{', '}', ' '])))
}
