//! A comment that speaks to a tool which reads the workflow.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0512",
    title: "a comment for a tool that reads the workflow",
    page: r"
zizmor reads the workflow, not the spec: a comment that silences it comes along into the spec, and the workflow that is compiled from that has none. What it is to
leave out is kept in its own file, where it stays: `.github/zizmor.yml` (as zizmor 1.32.0 does with it, tried on 2026-11-27).

This is about YAML that Pipelay reads, so there is no spec that shows it.

## Bad
```yaml
      - uses: owner/action@main # zizmor: ignore[unpinned-uses]
```

## Good
```yaml
rules:
  unpinned-uses:
    ignore:
      - ci.yml
```
",
};

/// A comment silences `rule` in `file`.
pub fn comment_for_a_tool(rule: &str, file: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("zizmor does not see `ignore[{rule}]` any more"))
        .label(at, "stays in the spec, and zizmor reads the workflow")
        .help(format!("write into .github/zizmor.yml, under `rules:`, `{rule}: {{ ignore: [{file}] }}`"))
}
