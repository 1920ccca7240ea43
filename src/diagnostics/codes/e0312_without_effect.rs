//! Statement without effect.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0312",
    title: "statement without effect",
    page: r"
The statement means nothing beside what else its job or step says, so that GitHub would ignore or refuse it. A job that calls a workflow has no
machine, and so no `env`, `runner`, `timeout` or the like: they stand in the called workflow. `fail-fast` and `max-parallel` are about the
rows of a matrix. `locks` and `concurrency` both name the one group that GitHub has for a job. `shell` and `in` are about commands. GitHub
refuses a workflow with both `branches` and `branches-ignore` for one event, and the same of tags and paths. A
condition around steps does not reach what is decided before they run.

## Bad
```pipe
job lint {
  timeout 10m
  uses example/workflows/.github/workflows/lint.yml@v3
}
```

## Good
```pipe
job lint {
  uses example/workflows/.github/workflows/lint.yml@v3 { minutes: 10 }
}
```
",
};

/// A statement at `at` that a job which calls a workflow, at `call`, has no use for.
pub fn in_a_call(word: &str, at: Span, call: Span) -> Diag {
    Diag::new(&CODE, format!("a job that calls a workflow takes no `{word}`"))
        .label(at, "without effect here")
        .label(call, "the call")
        .help("write it in the called workflow, and hand over what differs as an input")
}

/// A job that calls a workflow, at `call`, reads at `at` what job `writer` writes: files cross no border of a workflow.
pub fn read_by_a_call(path: &str, writer: &str, at: Span, call: Span) -> Diag {
    Diag::new(&CODE, format!("a called workflow gets no files, and job `{writer}` writes `{path}`"))
        .label(at, "without effect here")
        .label(call, "the call")
        .help(format!("write `needs {writer}`, and let the called workflow get what it needs from there"))
}

/// A statement at `at` has no condition, and the block around it gives it one.
pub fn without_condition(word: &str, at: Span) -> Diag {
    let diag = Diag::new(&CODE, format!("the condition of this block does not reach `{word}`")).label(at, "done in any case");
    diag.help(if word == "uses" {
        "write the condition as the job's own: `when EXPR` on a line before the call"
    } else {
        "move it out of the block"
    })
}

/// A secret or an output at `at` is declared, and no event beside it has callers.
pub fn only_of_calls(noun: &str, name: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("only `workflow_call` has {noun}s, and `{name}` is one of another event"))
        .label(at, "nobody gives or gets it")
        .help("write it in the block of `on workflow_call`, or remove it")
}

/// Both a filter and its opposite.
pub fn filter_and_opposite(filter: &str, at: Span, opposite: Span) -> Diag {
    Diag::new(&CODE, format!("`{filter}` and `{filter}-ignore` are about one event, and GitHub takes one of them"))
        .label(at, "what starts it")
        .label(opposite, "what does not")
        .help("keep one of the two; behind other patterns, `!PATTERN` leaves out as well")
}

/// `locks` beside `concurrency`.
pub fn two_groups(locks: Span, concurrency: Span) -> Diag {
    Diag::new(&CODE, "`locks` and `concurrency` both name the group of the job, and GitHub has one")
        .label(locks, "one group")
        .label(concurrency, "another")
        .help("keep one of the two")
}

/// `word` is about commands, and the step runs an action.
pub fn not_of_an_action(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` is about commands, and this step runs an action"))
        .label(at, "without effect here")
        .help("remove it; an action that needs it has an input for it")
}

/// `word` stands among steps that may run side by side.
pub fn in_parallel(word: &str, at: Span) -> Diag {
    let why = if word == "checkout" { "the steps beside it need its files" } else { "its steps run side by side already" };
    Diag::new(&CODE, format!("`{word}` may not stand in `parallel`: {why}"))
        .label(at, "not beside others")
        .help(if word == "checkout" { "write it before the block" } else { "write its steps into the block around it" })
}
