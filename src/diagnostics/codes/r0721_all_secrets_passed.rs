//! All secrets, for a called workflow.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "R0721",
    title: "all secrets passed on",
    page: r"
With `secrets inherit` a called workflow gets every secret of the repository and of its organisation, those that are added later too. Of a workflow of another
repository nobody here decides what it does with them; in one of the repository itself each of its steps, and each action there, may get at all of them, and in a run that
strangers can start, of `pull_request_target` and the like, so may they. Passed by name, it has those that it needs, and `workflow_call` says there which these are.

## Bad
```pipe
on push

job lint { uses example/workflows/.github/workflows/lint.yml@v3 { secrets inherit } }
```

## Good
```pipe
on push

job lint { uses example/workflows/.github/workflows/lint.yml@v3 { secrets { TOKEN: ${{ secrets.LINT_TOKEN }} } } }
```
",
};

/// A call at `at` passes all secrets to `workflow`.
pub fn all_secrets_passed(workflow: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` gets every secret that there is"))
        .label(at, "called with `secrets inherit`")
        .help("pass those that it needs by name: `secrets { NAME: ${{ secrets.NAME }} }`")
}

/// The same of a workflow of the repository, which declares these.
pub fn all_secrets_passed_here<'a>(workflow: &str, declared: impl Iterator<Item = &'a String>, at: Span) -> Diag {
    let passed: Vec<String> = declared.map(|name| format!("{name}: ${{{{ secrets.{name} }}}}")).collect();
    let help = if passed.is_empty() {
        "it declares none: declare those that it needs under its `workflow_call`, and pass them by name; without any, leave `secrets inherit` out".to_owned()
    } else {
        format!("pass those that it declares: `secrets {{ {} }}`", passed.join(", "))
    };
    let diag = Diag::new(&CODE, format!("`{workflow}` gets every secret that there is"));
    diag.label(at, "called with `secrets inherit`").help(help)
}
