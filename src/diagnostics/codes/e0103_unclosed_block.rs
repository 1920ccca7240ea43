//! A block that lacks one of its braces.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0103",
    title: "block without its other brace",
    page: r"
A `{` at the end of a line opens a block, and a `}` at the start of a later line closes it. One of the two is missing here; where it
belongs was told by the indentation.

## Bad
```pipe
job a {
  run npm test

job b: npm run lint
```

## Good
```pipe
job a {
  run npm test
}

job b: npm run lint
```
",
};

/// The block that `brace` opens is not closed; by its indentation it ends at `last`.
pub fn unclosed_block(brace: Span, last: Span) -> Diag {
    Diag::new(&CODE, "this block is never closed")
        .label(brace, "opened here")
        .label(last, "by the indentation it ends here")
        .help("write `}` on a line of its own, under the line that opens the block")
}

/// The block that `brace` opens is not closed: its `}` ends a command, before `last`.
pub fn closer_in_command(brace: Span, last: Span) -> Diag {
    Diag::new(&CODE, "this block is never closed")
        .label(brace, "opened here")
        .label(last, "the `}` before is part of the command")
        .help("write that `}` on the next line: a command takes all of its own line")
}

/// The lines after `end` are indented as a block, which nothing opens.
pub fn missing_opener(end: Span) -> Diag {
    Diag::new(&CODE, "a block follows, and no `{` opens it").label(end, "expected `{`").help("end the line with ` {`")
}

/// The `brace` of a block stands on a line of its own, and not at `end`, where the statement before ends.
pub fn opener_alone(brace: Span, end: Span) -> Diag {
    Diag::new(&CODE, "a `{` on a line of its own opens no block")
        .label(brace, "belongs to the line before")
        .label(end, "here")
        .help("end the line before with ` {`")
}
