//! A value that is known only when it runs, as code.

use super::w0707_script_injection::variable_instead;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0736",
    title: "run-time text in a script",
    page: r#"
GitHub writes the value of `${{ }}` into a script before the shell reads it. Strangers do not choose this one, but it may be any text: an input of whoever starts
the run, the name of a branch, a variable of the repository, the output of a step. A blank, a quote or an `&` in it is taken for code.

As with W0707, Pipelay gives such expressions to variables by itself where it knows that the shell does the same with them. It does not know cmd, nor the shell of a
machine that may be of any system, until `shell` names one that it knows.

What is a number, a commit, `true` or `false`, a secret, or written in the spec is not told. Nothing is told with `optimize { harden off }`, as expressions stay
everywhere then.

## Bad
```pipe
on workflow_dispatch { input tag: string = "nightly" }

job tag {
  runner windows-latest
  step { shell cmd; run git tag "${{ inputs.tag }}" }
}
```

## Good
```pipe
on workflow_dispatch { input tag: string = "nightly" }

job tag {
  runner windows-latest
  step { shell pwsh; run git tag "${{ inputs.tag }}" }
}
```
"#,
};

/// `expr`, at all of these places, is code in a script, which could have `asked` instead: a variable of the step's, or one that is to be given to it under the name `new`.
pub fn text_as_code(expr: &str, new: Option<&str>, asked: &str, at: &[Span]) -> Diag {
    let diag = Diag::new(&CODE, format!("what `{expr}` says is written into the script"));
    let label = |diag: Diag, (index, at): (usize, &Span)| {
        diag.label(*at, if index == 0 { "becomes a part of the code" } else { "and here" })
    };
    at.iter().enumerate().fold(diag, label).help(variable_instead(expr, new, asked))
}
