//! More inputs of `workflow_dispatch` than GitHub takes.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0505",
    title: "too many inputs",
    page: r"
A workflow that is started by hand takes at most 25 inputs. Leave some out, or let one input hold several values as JSON.

An example would need 26 inputs, so the first one is only hinted at.

## Bad
```text
<a spec with 26 inputs>
```

## Good
```pipe
job test {
  run npm test
}
```
",
};

/// `workflow_dispatch` has `count` inputs.
pub fn too_many_inputs(count: usize, most: usize) -> Diag {
    Diag::new(&CODE, format!("the workflow asks for {count} inputs, and GitHub takes at most {most}"))
        .help("let one input hold several values as JSON")
}
