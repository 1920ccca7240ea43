//! `%{…}` that names nothing.

use crate::catalog::contexts::CONTEXTS;
use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0201",
    title: "`%{…}` that names nothing",
    page: r"
`%{name}` is filled in at compile time, from `let`, from parameters of templates and from variables of loops, anywhere, also in commands.
A name that none of them defines is an error, since the text would be silently wrong. Where the text means the characters themselves, as in
`curl -w`, the percent sign is doubled.

## Bad
```pipe
job ping: curl -sw '%{http_code}' https://example.com
```

## Good
```pipe
let site = https://example.com

job ping: curl -sw '%%{http_code}' %{site}
```
",
};

/// Nothing of that name is known at `at`.
pub fn unknown_parameter(name: &str, near: Option<&str>, at: Span) -> Diag {
    let diag = Diag::new(&CODE, format!("`%{{{name}}}` names nothing")).label(at, "nothing of that name is known here");
    // Of run time, not of compile time.
    let context = name.split_once('.').map(|(context, _)| context).filter(|context| CONTEXTS.contains(context));
    match near {
        _ if context.is_some() => diag.help(format!("a run knows it: write `${{{{ {name} }}}}`")),
        Some(near) => diag.help(format!("write `%{{{near}}}`")),
        None => diag.help("define it with `let`, or double the percent sign where the characters themselves are meant: `%%{`"),
    }
}

/// A `let` at `defined` is called so, and does not hold at `at`.
pub fn not_yet_known(name: &str, at: Span, defined: Span) -> Diag {
    Diag::new(&CODE, format!("`%{{{name}}}` names nothing"))
        .label(at, "not known here")
        .label(defined, "what defines it does not hold there")
        .help("move the `let` out of its block, before what asks for it; two cannot ask for each other")
}

/// `base` is known, is `noun`, and has no `part`; it has `keys`, of which `near` was perhaps meant.
pub fn no_such_key(base: &str, part: &str, noun: &str, keys: &[&str], near: Option<&str>, at: Span) -> Diag {
    let help = match near {
        Some(near) => format!("write `%{{{base}.{near}}}`"),
        None if keys.is_empty() => format!("write `%{{{base}}}`, which is all that there is"),
        None => {
            let quoted: Vec<String> = keys.iter().take(8).map(|key| format!("`{key}`")).collect();
            format!("it has {}", quoted.join(", "))
        }
    };
    Diag::new(&CODE, format!("`%{{{base}}}` is {noun}, and has no `{part}`")).label(at, "not a part of it").help(help)
}

/// What it stands for is a text with expressions in it, and cannot be a part of one.
pub fn not_an_expression(at: Span) -> Diag {
    Diag::new(&CODE, "a text with `${{ }}` in it cannot be filled into an expression")
        .label(at, "filled in here")
        .help("let it stand for one `${{ }}` alone; `format` joins texts")
}

/// What it stands for cannot be written into a text.
pub fn not_text(noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("{noun} cannot be filled into a text"))
        .label(at, "filled in here")
        .help("name one of its values: `%{name.key}`")
}
