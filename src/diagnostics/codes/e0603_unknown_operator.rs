//! An operator that the expression language does not have.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0603",
    title: "unknown operator",
    page: r"
GitHub's expressions have `!`, `&&`, `||`, `==`, `!=`, `<`, `<=`, `>`, `>=` and nothing else: no words such as `and`, no assignment, no
arithmetic. For `condition ? a : b` there is `case(condition, a, b)`.

## Bad
```pipe
job test {
  when github.event_name = 'push' and github.actor != 'dependabot[bot]'
  run npm test
}
```

## Good
```pipe
job test {
  when github.event_name == 'push' && github.actor != 'dependabot[bot]'
  run npm test
}
```
",
};

/// `word` stands where an operator would at `at`.
pub fn unknown_operator(word: &str, at: Span) -> Diag {
    let help = match meant_by(word) {
        Some(meant) if meant.contains(' ') => meant.to_owned(),
        Some(meant) => format!("write `{meant}`"),
        None => "the operators are `!`, `&&`, `||`, `==`, `!=`, `<`, `<=`, `>` and `>=`".to_owned(),
    };
    Diag::new(&CODE, format!("`{word}` is no operator of the expression language")).label(at, "no operator").help(help)
}

/// What is written for an operator of other languages.
pub fn meant_by(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "=" | "===" | "is" | "eq" | "equals" => "==",
        "!==" | "<>" | "=!" | "ne" => "!=",
        "&" | "and" | "&&&" => "&&",
        "|" | "or" | "??" | "|||" => "||",
        "not" | "~" => "!",
        "=<" | "le" => "<=",
        "=>" | "ge" => ">=",
        "in" | "contains" | "=~" | "~=" | "matches" | "like" => {
            "`contains`, `startsWith` and `endsWith` look into a text or a list"
        }
        "?" | "?:" | ":" | "if" | "else" | "then" => "`case(condition, a, b)` chooses between values",
        "+" | "-" | "*" | "/" | "%" | "++" | "--" | "**" | "//" => {
            "the expression language has no arithmetic; `format` joins texts"
        }
        _ => return None,
    })
}
