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

/// The block that `brace` opens is not closed: its `}` ends a command, before `last`, perhaps on a line that `\` has `joined` to it.
pub fn closer_in_command(brace: Span, last: Span, joined: bool) -> Diag {
    Diag::new(&CODE, "this block is never closed")
        .label(brace, "opened here")
        .label(last, "the `}` before is part of the command")
        .help(if joined {
            "remove the `\\` at the end of the line before, with which the command goes on"
        } else {
            "write that `}` on the next line: a command takes all of its own line"
        })
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

/// The block that `brace` opens lies within a line that does not close it; it ends at `last`.
pub fn unclosed_short_block(brace: Span, last: Span) -> Diag {
    Diag::new(&CODE, "this block is never closed")
        .label(brace, "opened here")
        .label(last, "its line ends here")
        .help("close it on its line with ` }`, or begin a new line behind the `{`")
}

/// The block that `brace` opens lies within a line, and `taken`, which was meant to close it, belongs to the command before it; `glued` where no
/// blank stands before it, `ended` where a `;` is all that follows.
pub fn closer_in_short_command(brace: Span, taken: Span, glued: bool, ended: bool) -> Diag {
    let help = if ended {
        "remove the `;` behind the `}`: a block needs none, and a command takes all of its line but for braces at its end"
    } else if glued {
        "write a blank before the `}`: a command takes all of its line but for free-standing braces at its end"
    } else {
        "write the block over several lines, one statement a line: a command takes the rest of its line"
    };
    Diag::new(&CODE, "this block is never closed")
        .label(brace, "opened here")
        .label(taken, "this `}` is part of the command")
        .help(help)
}

/// The block that `brace` opens goes on over lines, and its first statement stands `behind` the brace.
pub fn text_behind_opener(brace: Span, behind: Span) -> Diag {
    Diag::new(&CODE, "a `{` that opens a block of lines ends its line")
        .label(brace, "not closed on its line")
        .label(behind, "belongs to the next line")
        .help("begin a new line behind the `{`, or close the block on its line")
}

/// The `brace` stands where no statement is that could have a block.
pub fn block_of_nothing(brace: Span) -> Diag {
    Diag::new(&CODE, "this `{` belongs to no statement")
        .label(brace, "nothing before it")
        .help("write the statement whose block this is before the `{`: `job NAME {`")
}
