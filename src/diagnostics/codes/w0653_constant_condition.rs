//! A condition that always comes out the same.

use crate::diagnostics::{Code, Diag};
use crate::hir::Trigger;
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0653",
    title: "condition is constant",
    page: r"
The condition does not depend on anything: an operand is a text that is not empty and so always holds, or text stands around the `${{ }}`, which
makes it all one text. Or two parts of it never hold together, one of them perhaps the `success()` that is implied where no status is asked for. Often a comparison is missing: `x == 'a' || 'b'`. A
plain `false`, which switches something off, is left alone. It also never holds where it asks for a branch or tag of which `on` starts no run, or excludes
the condition of a job that is needed: a skipped job takes those behind it along, unless they ask for a status as `!cancelled()` does.

## Bad
```pipe
job test {
  when github.ref_name == 'main' || 'next'
  run npm test
}
```

## Good
```pipe
job test {
  when github.ref_name == 'main' || github.ref_name == 'next'
  run npm test
}
```
",
};

/// The condition always holds, or never does, because of `written`.
pub fn constant_condition(holds: bool, written: &str, at: Span) -> Diag {
    let how = if holds { "always holds" } else { "never holds" };
    Diag::new(&CODE, format!("the condition {how}, because of `{written}`"))
        .label(at, format!("this {how}"))
        .help("compare it with something, or leave it out")
}

/// `one` and `other` are both asked for, and never hold together.
pub fn never_together(one: &str, other: &str, at: Span, and: Span) -> Diag {
    Diag::new(&CODE, format!("the condition never holds: `{one}` and `{other}` exclude each other"))
        .label(at, "this")
        .label(and, "and this")
        .help("write `||` between them, or leave one out")
}

/// Text stands around the `${{ }}` of a condition; only blanks if `blank`.
pub fn text_around(blank: bool, at: Span) -> Diag {
    let what = if blank { "a blank or a newline" } else { "text" };
    Diag::new(&CODE, format!("the condition always holds, because {what} stands beside its `${{{{ }}}}`"))
        .label(at, "makes one text of it all")
        .help("put the whole condition inside one `${{ }}`, or write it without")
}

/// `part` holds only where something went wrong, and `success()`, which is implied, only where nothing did.
pub fn never_after_success(part: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("the condition never holds: `success()` is implied, and excludes `{part}`"))
        .label(at, "never holds after a success")
        .help(format!("ask for a status too: `always() && {part}`, or `failure()`"))
}

/// The condition asks for a branch or tag that no run is of which `triggers` start.
pub fn never_in_on(triggers: &[Trigger], at: Span) -> Diag {
    let mut events: Vec<String> = triggers.iter().map(|trigger| format!("`{}`", trigger.event)).collect();
    events.dedup();
    Diag::new(&CODE, format!("the condition never holds: no run of {} is of such a branch or tag", events.join(", ")))
        .label(at, "never holds in this workflow")
        .help("let it start such runs, as `on push { branches: [main], tags: [v*] }` does, or ask for what starts it")
}

/// `job` needs jobs whose conditions exclude its own, or two that exclude each other.
pub fn never_behind(job: &str, needs: &[&str], at: Span) -> Diag {
    let which = needs.first().copied().unwrap_or_default();
    let what = match needs.get(1) {
        Some(other) => format!("`{which}` and `{other}`, whose conditions exclude each other"),
        None => format!("`{which}`, which is skipped whenever this condition holds"),
    };
    Diag::new(&CODE, format!("`{job}` never runs: it needs {what}"))
        .label(at, "is skipped with what it needs")
        .help(format!("let `{which}` run then, too, or do not need it; with `!cancelled() && …` a job runs behind a skipped one"))
}
