//! Statement that may not stand here.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;
use crate::syntax::symbols::{self, Keyword, Place, Symbol};
use crate::syntax::yaml;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0113",
    title: "statement that may not stand here",
    page: r"
Every statement has its places: `on` stands at the file level, `run` in a job or a step, `secrets` among the inputs of a called workflow.
This one stands elsewhere. In data (`env`, `with`-like inputs, `outputs`) there are only entries, `key: value`.

## Bad
```pipe
job test {
  on push
  run npm test
}
```

## Good
```pipe
on push

job test: npm test
```
",
};

/// The statement at `word` may not stand in `place`.
pub fn misplaced_statement(keyword: Keyword, place: Place, word: Span) -> Diag {
    let symbol = keyword.symbol();
    let help = symbol.instead_of_in(place);
    let message = format!("`{}` may not stand {}", keyword.word(), place.within());
    Diag::new(&CODE, message).label(word, "not here").help(help)
}

/// The statement at `word` may not stand in a block of steps, which `opener` opens.
pub fn misplaced_among_steps(keyword: Keyword, opener: Keyword, word: Span) -> Diag {
    let symbol = keyword.symbol();
    let help = if symbol.places.contains(&Place::Job) && opener != Keyword::Setup {
        "move it into the job itself, outside of the block".to_owned()
    } else {
        format!("it stands {}", symbol.within())
    };
    let message = format!("`{}` may not stand among the steps of `{}`", keyword.word(), opener.word());
    Diag::new(&CODE, message).label(word, "not here").help(help)
}

/// A definition or an import at `word` stands in a block of compile time.
pub fn nested_definition(keyword: Keyword, word: Span) -> Diag {
    Diag::new(&CODE, format!("`{}` may not stand in `if`, `for` or a template", keyword.word()))
        .label(word, "not here")
        .help("move it to the file level, outside of all blocks; an `if` may stand inside of it")
}

/// An entry stands where statements are wanted; `keyword` is the statement of that name, `instead` what becomes of a key of YAML.
pub fn entry_among_statements(
    key: &str,
    keyword: Option<&Symbol>,
    instead: Option<&str>,
    near: Option<&str>,
    place: Place,
    at: Span,
) -> Diag {
    let of_others = yaml::of_others(key).filter(|_| matches!(place, Place::File | Place::Job | Place::Step));
    let elsewhere = symbols::by_word(key).next();
    let help = match (keyword, instead, near) {
        (Some(symbol), ..) => format!("a statement has no colon: `{}`", symbol.usage),
        (_, Some(instead), _) => yaml::where_else(instead, place),
        _ if of_others.is_some() => of_others.map_or_else(String::new, |help| yaml::where_else(help, place)),
        _ if elsewhere.is_some() => elsewhere.map_or_else(String::new, |symbol| symbol.instead_of_in(place)),
        (_, _, Some(near)) => format!("write `{near}`, without a colon"),
        _ if place == Place::File && key.starts_with(|char: char| char.is_ascii_alphabetic()) => {
            format!("write `job {key}: COMMAND` for a job, `let {key} = VALUE` for a name of a value")
        }
        _ => "a key of GitHub's that the language does not know goes into `raw { … }`".to_owned(),
    };
    Diag::new(&CODE, format!("`{key}:` is data, and {} takes statements", place.name())).label(at, "an entry").help(help)
}

/// Something other than an entry stands in data.
pub fn statement_in_data(at: Span) -> Diag {
    Diag::new(&CODE, "data holds only entries").label(at, "not an entry").help("write `key: value`")
}
