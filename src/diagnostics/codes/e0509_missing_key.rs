//! A key that GitHub wants and a workflow lacks.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0509",
    title: "missing key",
    page: r"
Some keys of a workflow have to be there: `on` and `jobs` of the file, `runs-on` and `steps` of a job that calls no workflow, `run` or `uses` of a step.

This is about YAML that Pipelay reads, so there is no spec that shows it.

## Bad
```yaml
jobs:
  test:
    steps:
      - run: npm test
```

## Good
```yaml
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
```
",
};

/// `of` has no `key`.
pub fn missing_key(of: &str, key: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("{of} has no `{key}`")).label(at, "here").help(format!("add `{key}`"))
}
