//! Condition of compile time that asks nothing.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0214",
    title: "`if` that asks nothing",
    page: r"
In the condition of an `if`, a word is the text itself. What a `let`, a parameter or the variable of a loop stands for is written `%{name}`; a
word alone would always be true, and two texts always equal or always different. A text that happens to be called like a constant stands in quotes.

## Bad
```pipe
let os = linux

if os == linux {
  job test: make test
}
```

## Good
```pipe
let os = linux

if %{os} == linux {
  job test: make test
}
```
",
};

/// A text alone is a condition; `known` where something is called so.
pub fn text_alone(word: &str, known: bool, at: Span) -> Diag {
    let help = if known {
        format!("write `%{{{word}}}`")
    } else {
        "ask for something: `%{NAME}`, `%{NAME} == VALUE` or `exists(\"FILE\")`".to_owned()
    };
    Diag::new(&CODE, format!("`{word}` is a text, and as a condition always true")).label(at, "asks nothing").help(help)
}

/// A bare word is compared, and something is called so.
pub fn text_like_a_name(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` is a text here, and not what `%{{{word}}}` stands for"))
        .label(at, "the word itself")
        .help(format!("write `%{{{word}}}`, or `\"{word}\"` where the text is meant"))
}

/// Two texts are compared.
pub fn two_texts(left: &str, right: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{left}` and `{right}` are texts, and to compare them asks nothing"))
        .label(at, "always the same answer")
        .help("write what a name stands for as `%{NAME}`")
}
