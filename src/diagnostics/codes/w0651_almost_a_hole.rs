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

/// `written` at `at` is the variable `name` of a shell, where there is no shell; perhaps itself the value of a variable (`of_a_variable`).
pub fn shell_variable(written: &str, name: &str, of_a_variable: bool, at: Span) -> Diag {
    let help = if of_a_variable {
        format!("write `{written}` in the command, which a shell reads")
    } else {
        format!("write `${{{{ vars.{name} }}}}`, which asks for a variable of the repository")
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
