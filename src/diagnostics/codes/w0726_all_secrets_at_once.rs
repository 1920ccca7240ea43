//! Every secret, for one that is needed.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0726",
    title: "every secret at once",
    page: r"
GitHub gives a job the secrets that its expressions name. `toJSON(secrets)`, and a name that is known only at run time, are all of them: each is then on the
machine, in reach of all that runs there.

## Bad
```pipe
job deploy {
  step { env { SECRETS: ${{ toJSON(secrets) }} }; run ./deploy }
}
```

## Good
```pipe
job deploy {
  step { env { TOKEN: ${{ secrets.DEPLOY_TOKEN }} }; run ./deploy }
}
```
",
};

/// `expr`, at `at`, asks for every secret.
pub fn all_secrets_at_once(expr: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{expr}` puts every secret on the machine"))
        .label(at, "asks for all of them")
        .help("name those that are needed: `secrets.NAME`")
}
