//! A name that is no context.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0608",
    title: "unknown context",
    page: r"
A bare name in an expression is a context: `github`, `env`, `vars`, `job`, `jobs`, `steps`, `runner`, `secrets`, `strategy`, `matrix`, `needs`
or `inputs`. A text stands in single quotes; `true`, `false` and `null` are written in lower case.

## Bad
```pipe
job test {
  when github.ref_name == main
  run npm test
}
```

## Good
```pipe
job test {
  when github.ref_name == 'main'
  run npm test
}
```
",
};

/// What a name that is no context was meant as.
pub enum Meant<'a> {
    /// The context of that name.
    Context(&'a str),
    /// A call of a function.
    Call(String),
    /// A comparison that is a question of its own.
    Question(String),
    /// A constant of compile time.
    Constant,
    /// A property of a context that is called so.
    Property(String),
    /// A condition that is nothing but a name.
    Condition(String),
    /// A text without its quotes, as far as it goes.
    Text(String),
}

/// `name` at `at` is no context.
pub fn unknown_context(name: &str, meant: &Meant<'_>, at: Span) -> Diag {
    let help = match (name.to_lowercase().as_str(), meant) {
        (word @ ("true" | "false" | "null"), _) => format!("write `{word}`, in lower case"),
        (_, Meant::Context(near)) => format!("write `{near}`"),
        (_, Meant::Call(call)) => format!("call it: `{call}`"),
        (_, Meant::Question(question)) => format!("write `{question}`"),
        (_, Meant::Constant) => format!("a constant of compile time is written `%{{{name}}}`"),
        (_, Meant::Property(property)) => format!("write `{property}`"),
        (_, Meant::Condition(question)) => format!("a condition asks for something: `{question}`"),
        (_, Meant::Text(text)) => format!("as a text it is written `'{text}'`"),
    };
    Diag::new(&CODE, format!("no context is named `{name}`")).label(at, "not a context").help(help)
}
