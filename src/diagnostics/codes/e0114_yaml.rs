//! YAML where a spec is wanted.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0114",
    title: "spec written as YAML",
    page: r#"
A spec is no YAML. Statements have no colon, a block stands in `{ }`, and steps need no `-`: they stand in the job directly, in order.

| in YAML | in a spec |
| --- | --- |
| `name: CI` | `workflow "CI"` |
| `jobs:` | jobs stand at the file level |
| `runs-on: LABEL` | `runner LABEL` |
| `steps:` and its `- run: x` | `run x` |
| `- name: Test` | `step "Test": npm test` |
| `with:` | `uses ACTION@REF { input: value }` |
| `if: EXPR` | `when EXPR` |
| `working-directory: web` | `in web` |
| `strategy:` and its `matrix:` | `matrix AXIS: a, b` |
| `continue-on-error: true` | `may-fail` |
| `timeout-minutes: 15` | `timeout 15m` |
| anchors and `<<:` | `let`, `template` |

An input that is really called `if`, or `secrets` in a call, stands in quotes: `"if": VALUE`.

## Bad
```pipe
job test {
  steps:
    - run: npm ci
    - run: npm test
}
```

## Good
```pipe
job test {
  run npm ci
  run npm test
}
```
"#,
};

/// The whole text is a workflow; `jobs` is the line that tells it.
pub fn workflow(jobs: Span) -> Diag {
    Diag::new(&CODE, "this is a workflow in YAML, not a spec")
        .label(jobs, "no spec has this")
        .help("write its jobs as `job NAME { run COMMAND }`; `pipelay explain E0114` says what becomes of each key")
}

/// `key:` at `at` is followed by deeper lines, at `below`; `help` says how that is written.
pub fn indented_block(key: &str, help: String, at: Span, below: Span) -> Diag {
    Diag::new(&CODE, format!("`{key}:` begins a block as in YAML"))
        .label(at, "blocks stand in `{ }`")
        .label(below, "its lines")
        .help(help)
}

/// The lines `below` are meant to be those of the command at `at`, which begins with `head`: `run`, `job x:`.
pub fn lines_of_command(head: &str, at: Span, below: Span) -> Diag {
    Diag::new(&CODE, format!("the lines below are no part of this `{}`", head.split(' ').next().unwrap_or_default()))
        .label(at, "a command ends with its line")
        .label(below, "not part of it")
        .help(format!("write `{head} \"\"\"`, the lines, and `\"\"\"` alone on a line"))
}

/// The command that ends at `end` goes on, perhaps with the lines `below`.
pub fn command_over_lines(head: &str, end: Span, below: Option<Span>) -> Diag {
    let diag = Diag::new(&CODE, format!("this `{head}` goes on, and a command ends with its line")).label(end, "ends here");
    match below {
        Some(below) => diag
            .label(below, "not part of it")
            .help("end the line with `\\`, with which a command goes on, or write the lines between `\"\"\"`"),
        None => diag.help("write what follows the operator behind it, or remove the operator"),
    }
}

/// The lines `below`, of which the first is `input`, are meant to be inputs of the `action` at `at`.
pub fn lines_of_uses(action: &str, input: &str, at: Span, below: Span) -> Diag {
    Diag::new(&CODE, "the lines below are no inputs of this action")
        .label(at, "ends with its line")
        .label(below, "not part of it")
        .help(format!("inputs stand in `{{ }}` behind the action: `{action} {{ {input} }}`"))
}

/// `- …` at `at`; `instead` is what to write.
pub fn dash(instead: &str, at: Span) -> Diag {
    Diag::new(&CODE, "a spec has no items with `-`").label(at, "an item as in YAML").help(instead)
}

/// `---` and the like, at `at`.
pub fn marker(written: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is a marker of YAML")).label(at, "not needed in a spec").help("remove it")
}

/// Keys of a step in YAML stand among the inputs of `uses`, the first at `keys[0]`; `help` says how that is written.
pub fn keys_of_a_step(keys: &[(&str, Span)], help: &str) -> Diag {
    let names: Vec<String> = keys.iter().map(|(key, _)| format!("`{key}:`")).collect();
    let verb = if names.len() == 1 { "is no input" } else { "are no inputs" };
    let diag = Diag::new(&CODE, format!("{} {verb} of what is used", names.join(", ")));
    keys.iter().fold(diag, |diag, (_, at)| diag.label(*at, "as in YAML")).help(help)
}

/// `<<: *name` at `at`.
pub fn merge_key(at: Span) -> Diag {
    Diag::new(&CODE, "`<<` merges nothing in a spec")
        .label(at, "a merge key as in YAML")
        .help("put what is shared into a `template`, or at the file level, which holds for every job")
}

/// `mark` stands as the value of `key`: in YAML it begins a text of several lines.
pub fn block_scalar(key: &str, mark: &str, at: Span) -> Diag {
    let fold = if mark.starts_with('>') { ">" } else { "" };
    Diag::new(&CODE, format!("`{mark}` begins a text of several lines in YAML, and not here"))
        .label(at, "a value of its own")
        .help(format!("write `{key}: {fold}\"\"\"`, the lines, and `\"\"\"` on a line of its own"))
}
