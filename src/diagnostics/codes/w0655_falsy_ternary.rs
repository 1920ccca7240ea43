//! `a && b || c` with a falsy `b`.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0655",
    title: "`a && b || c` with a falsy `b`",
    page: r"
`a && b || c` yields `b` only where `b` holds; where it is empty, `false` or 0 the result is `c` although `a` holds. `case(a, b, c)` has no such trap,
but wants a condition that is `true` or `false`.

## Bad
```pipe
job test {
  env { LEVEL: ${{ github.event_name == 'push' && '' || 'debug' }} }
  run ./build
}
```

## Good
```pipe
job test {
  env { LEVEL: ${{ case(github.event_name == 'push', '', 'debug') }} }
  run ./build
}
```
",
};

/// `chosen` is falsy, and so `default` is what `condition` yields.
pub fn falsy_ternary(condition: &str, chosen: &str, default: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{chosen}` never holds, so that the result is always `{default}`"))
        .label(at, "chosen only where it holds")
        .help(format!("write `case({condition}, {chosen}, {default})`"))
}
