//! `a && b || c` with a `b` that may be falsy.

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

/// `chosen` is falsy, or may be, and then `default` is what `condition` yields.
pub fn falsy_ternary(condition: &str, chosen: &str, default: &str, surely: bool, at: Span) -> Diag {
    let fact = if surely {
        format!("`{chosen}` never holds, so that the result is always `{default}`")
    } else {
        format!("where `{chosen}` is empty, the result is `{default}`")
    };
    Diag::new(&CODE, fact).label(at, "chosen only where it holds").help(format!("write `case({condition}, {chosen}, {default})`"))
}
