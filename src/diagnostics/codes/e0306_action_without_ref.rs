//! Action without a reference.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0306",
    title: "action without a reference",
    page: r"
GitHub runs an action of another repository only at a reference: a tag, a branch or a commit behind `@`. What is written as a tag becomes a
commit in the output. Actions of the same repository begin with `./` and have none.

## Bad
```pipe
job test {
  uses actions/setup-node { node-version: 24 }
  run npm test
}
```

## Good
```pipe
job test {
  uses actions/setup-node@v7 { node-version: 24 }
  run npm test
}
```
",
};

/// `action` has no reference, perhaps behind an `@`; `known` is a reference that this compiler knows of.
pub fn action_without_ref(action: &str, behind: bool, known: Option<&str>, at: Span) -> Diag {
    let label = if behind { "nothing behind its `@`" } else { "no `@` follows" };
    let help =
        known.map_or_else(|| format!("say which version: `{action}@TAG`"), |known| format!("say which version: `{known}`"));
    Diag::new(&CODE, format!("`{action}` has no reference")).label(at, label).help(help)
}

/// `action` is none as it is written, and `meant` is one; `why` says what is wrong with it.
pub fn misspelt_action(action: &str, meant: &str, why: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{action}` names no action")).label(at, why).help(format!("write `{meant}`"))
}

/// A workflow of the same repository with a reference.
pub fn own_with_ref(workflow: &str, meant: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{workflow}` has a reference, and workflows of the same repository have none"))
        .label(at, "it is of the commit that runs")
        .help(format!("write `{meant}`"))
}

/// A template stands behind `uses`.
pub fn called_by_uses(template: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{template}` is a template, and no action"))
        .label(at, "not an action")
        .help(format!("a template is called by its name alone: `{template}(…)`"))
}

/// `action` is neither a repository, nor a path, nor an image; `workflow` if it looks like the path of one.
pub fn not_an_action(action: &str, workflow: bool, at: Span) -> Diag {
    let help = if workflow && action.starts_with('.') {
        format!("a path of this repository begins with `./`: `./{action}`")
    } else if workflow {
        format!("a path of this repository begins with `./`: `./{action}`; one of another ends with a reference: `{action}@TAG`")
    } else {
        "write `OWNER/REPOSITORY@TAG`, `./PATH` or `docker://IMAGE`".to_owned()
    };
    Diag::new(&CODE, format!("`{action}` names no action")).label(at, "no repository, path or image").help(help)
}
