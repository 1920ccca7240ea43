//! Text in place of what a name stands for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0214",
    title: "text in place of what a name stands for",
    page: r"
A word is the text itself. What a `let`, a parameter or the variable of a loop stands for is written `%{name}`, with neither `$` nor braces
alone. In the condition of an `if` a word would always be true, and two texts always equal or always different; an argument, an axis, a machine
or a directory would be the word. A text that happens to be called like a name stands in quotes.

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

/// A bare word stands where what it names is meant.
pub fn text_like_a_name(word: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` is a text here, and not what `%{{{word}}}` stands for"))
        .label(at, "the word itself")
        .help(format!("write `%{{{word}}}`, or `\"{word}\"` where the text is meant"))
}

/// `written`, `${name}` or `{name}`, stands in `whole`, which no shell reads.
pub fn braces_like_a_name(written: &str, name: &str, whole: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is a text here, and not what `%{{{name}}}` stands for"))
        .label(at, "stays as it is")
        .help(format!("write `%{{{name}}}`, or `'{whole}'` where the text is meant"))
}

/// Two texts are compared.
pub fn two_texts(left: &str, right: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{left}` and `{right}` are texts, and to compare them asks nothing"))
        .label(at, "always the same answer")
        .help("write what a name stands for as `%{NAME}`")
}
