//! Matrix that makes no rows, or not those that it seems to.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0304",
    title: "malformed matrix",
    page: r"
In `matrix { … }` an axis has a list in brackets with at least one value, or one expression for the list. `include` and `exclude` hold maps. `shards`
makes an axis called `shard` of its own, beside axes that are known when the spec is compiled.

## Bad
```pipe
job test {
  matrix { os: ubuntu-latest }
  runner ${{ matrix.os }}
  run npm test
}
```

## Good
```pipe
job test {
  matrix { os: [ubuntu-latest, windows-latest] }
  runner ${{ matrix.os }}
  run npm test
}
```
",
};

/// The axis has `noun`.
pub fn bad_axis(axis: &str, noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("axis `{axis}` has {noun} where a list is wanted"))
        .label(at, "not a list")
        .help(format!("write `{axis}: [a, b]`"))
}

/// The axis has an empty list.
pub fn empty_axis(axis: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("axis `{axis}` has no values, so the job has no rows"))
        .label(at, "an empty list")
        .help("give it a value, or remove the axis")
}

/// `exclude` leaves no row.
pub fn no_row(at: Span) -> Diag {
    Diag::new(&CODE, "`exclude` takes every row away").label(at, "no row is left").help("exclude less")
}

/// `include` or `exclude` holds something that is no map.
pub fn not_a_row(word: &str, noun: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{word}` has {noun} where maps are wanted"))
        .label(at, "no row")
        .help(format!("write `{word} {{ AXIS: VALUE }}`"))
}

/// `shards` beside a matrix of which nothing is known.
pub fn shards_of_unknown_rows(shards: Span, matrix: Span) -> Diag {
    Diag::new(&CODE, "`shards` cannot split rows that only run time knows")
        .label(shards, "an axis more")
        .label(matrix, "unknown rows")
        .help("let the expression give the axis `shard` too, and set `SHARD` and `SHARDS` in `env`")
}

/// `shards` beside an axis `shard`.
pub fn second_shard_axis(shards: Span, axis: Span) -> Diag {
    Diag::new(&CODE, "`shards` makes an axis `shard`, and one is written")
        .label(shards, "makes one")
        .label(axis, "and here is one")
        .help("give the written axis another name")
}

/// `shards` beside a variable that it sets itself.
pub fn variable_of_shards(name: &str, shards: Span, at: Span) -> Diag {
    Diag::new(&CODE, format!("`shards` sets `{name}`, and `env` does too"))
        .label(shards, "sets it")
        .label(at, "and here it is set")
        .help("give the variable another name")
}
