//! Name that cannot be an id.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0212",
    title: "name that cannot be an id",
    page: r"
Names of jobs and steps become ids, which GitHub takes only from letters, digits, `-` and `_`, beginning with a letter or `_`, and shorter than
a hundred characters. A name that is filled in at compile time may turn out otherwise.

## Bad
```pipe
for version in [3.12, 3.13] {
  job test-%{version}: tox -e py
}
```

## Good
```pipe
for version in [312, 313] {
  job test-%{version}: tox -e py
}
```
",
};

/// `id` is none.
pub fn bad_id(noun: &str, id: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{id}` cannot be the id of a {noun}")).label(at, "not an id").help(if looks_like_a_path(id) {
        "fill in a part of the path: `%{NAME.name}` is its last part, `%{NAME.stem}` that without its extension"
    } else {
        "use letters, digits, `-` and `_`, beginning with a letter, fewer than a hundred"
    })
}

/// Whether a path was most likely filled in: it has folders, or an extension.
fn looks_like_a_path(id: &str) -> bool {
    let extension = id.rsplit_once('.').map(|(_, end)| end);
    id.contains('/') || extension.is_some_and(|end| end.starts_with(|char: char| char.is_ascii_alphabetic()))
}
