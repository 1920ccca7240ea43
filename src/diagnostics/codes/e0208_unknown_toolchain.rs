//! Unknown toolchain or service.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0208",
    title: "unknown toolchain or service",
    page: r"
No toolchain or service of that name is in the standard library, and neither this file nor an imported one defines it. A service that is
not known can be used with its image: `service web { image: nginx:1.27, ports: [80:80] }`.

## Bad
```pipe
toolchain nodejs 20

job test: npm test
```

## Good
```pipe
toolchain node 20

job test: npm test
```
",
};

/// No toolchain is called that; `all` are.
pub fn unknown_toolchain(name: &str, near: Option<&str>, all: &[&str], at: Span) -> Diag {
    let help = near.map_or_else(
        || format!("known are {}; or define it: `toolchain {name}(…) {{ … }}`", all.join(", ")),
        |near| format!("write `{near}`"),
    );
    Diag::new(&CODE, format!("no toolchain is called `{name}`")).label(at, "not known").help(help)
}

/// No service is called that, and no image is given; `all` are.
pub fn unknown_service(name: &str, near: Option<&str>, all: &[&str], at: Span) -> Diag {
    let help = near.map_or_else(
        || format!("known are {}; others need their image: `service {name} {{ image: IMAGE }}`", all.join(", ")),
        |near| format!("write `{near}`"),
    );
    Diag::new(&CODE, format!("no service is called `{name}`")).label(at, "not known, and no image is given").help(help)
}
