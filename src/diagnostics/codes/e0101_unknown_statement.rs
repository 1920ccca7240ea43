//! A line that begins with a word that is no statement.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0101",
    title: "unknown statement",
    page: r"
Every statement begins with its word, and this word begins none. Most often it is a typing slip, or a command without `run` before it.

## Bad
```pipe
job test {
  npm test
}
```

## Good
```pipe
job test {
  run npm test
}
```
",
};

/// `word` at `at` begins no statement; `near` is the one that was perhaps meant.
pub fn unknown_statement(word: &str, near: Option<&str>, at: Span) -> Diag {
    // Garbage has no blanks, and one word may be all of it.
    let shown: String = word.chars().take(60).collect();
    let diag = Diag::new(&CODE, format!("`{shown}` begins no statement")).label(at, "not a statement");
    match near {
        Some(near) => diag.help(format!("write `{near}`")),
        None => diag.help("a command needs `run` before it: `run …`"),
    }
}

/// The `marks` of a merge that did not come out even stand in the text.
pub fn conflict(marks: &[Span]) -> Diag {
    let diag = Diag::new(&CODE, "the conflict of a merge is not resolved");
    let diag = marks.iter().fold(diag, |diag, &mark| diag.label(mark, "a mark of the merge"));
    diag.help("keep one of the two versions, and remove the lines with the marks")
}

/// Lines begin with the `marks` of a diff.
pub fn lines_of_a_diff(marks: &[Span]) -> Diag {
    let diag = Diag::new(&CODE, "a line of a diff is no statement");
    let diag = marks.iter().fold(diag, |diag, &mark| diag.label(mark, "a mark of the diff"));
    diag.help("remove each `+`, and the lines that begin with another mark")
}

/// A line that is a command of the shell, with `word` at `at` as its first word.
pub fn command(word: &str, line: &str, at: Span) -> Diag {
    unknown_statement(word, None, at).help(format!("a command needs `run` before it: `run {line}`"))
}
