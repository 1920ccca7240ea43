//! A part of a secret, which no log masks.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0727",
    title: "part of a secret is not masked",
    page: r"
GitHub masks the value of a secret in logs, and only the whole of it: a part, taken out of it by `fromJSON`, is printed as it is.

## Bad
```pipe
job deploy {
  step { env { PASSWORD: ${{ fromJSON(secrets.ACCOUNT).password }} }; run ./deploy }
}
```

## Good
```pipe
job deploy {
  step { env { PASSWORD: ${{ secrets.ACCOUNT_PASSWORD }} }; run ./deploy }
}
```
",
};

/// `expr`, at `at`, takes a secret apart.
pub fn part_of_secret(expr: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("logs show what `{expr}` takes out of a secret: GitHub masks the whole alone"))
        .label(at, "is not masked")
        .help("store each part as a secret of its own")
}
