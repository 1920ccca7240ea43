//! Arguments that do not fit the parameters.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0203",
    title: "arguments that do not fit the parameters",
    page: r#"
A template, toolchain or service is used with other arguments than its definition has parameters. Parameters without a default must be
given; arguments are given in order or by name.

## Bad
```pipe
template greet(name) {
  run echo "hello %{name}"
}

job hello {
  greet()
}
```

## Good
```pipe
template greet(name) {
  run echo "hello %{name}"
}

job hello {
  greet(world)
}
```
"#,
};

/// A parameter without a default is not given.
pub fn missing_argument(noun: &str, name: &str, parameter: &str, at: Span, defined: Span) -> Diag {
    Diag::new(&CODE, format!("{noun} `{name}` needs `{parameter}`"))
        .label(at, format!("used without `{parameter}`"))
        .label(defined, "it has no default here")
        .help("give it, or give the parameter a default in the definition")
}

/// An argument by the name of a parameter, with `=` in place of a colon.
pub fn equals_in_an_argument(template: &str, written: &str, name: &str, value: &str, at: Span, defined: Span) -> Diag {
    Diag::new(&CODE, format!("`{written}` is one text, and `{name}` a parameter of template `{template}`"))
        .label(at, "the text itself")
        .label(defined, "defined here")
        .help(format!("an argument by name has a colon: `{name}: {value}`; a text that holds `=` stands in quotes"))
}

/// More arguments than parameters.
pub fn too_many_arguments(noun: &str, name: &str, count: usize, at: Span, defined: Span) -> Diag {
    let takes = if count == 1 { "one argument".to_owned() } else { format!("{count} arguments") };
    Diag::new(&CODE, format!("{noun} `{name}` takes {takes}"))
        .label(at, "one too many")
        .label(defined, "defined here")
        .help("remove it")
}

/// An argument by a name that no parameter has; `all` are the parameters.
pub fn unknown_argument(
    noun: &str,
    name: &str,
    argument: &str,
    near: Option<&str>,
    all: &[&str],
    at: Span,
    defined: Span,
) -> Diag {
    let list: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None if list.is_empty() => "it has none".to_owned(),
        None => format!("it has {}", list.join(", ")),
    };
    Diag::new(&CODE, format!("{noun} `{name}` has no parameter `{argument}`"))
        .label(at, "not a parameter")
        .label(defined, "defined here")
        .help(help)
}

/// One parameter is given twice.
pub fn twice_given(noun: &str, name: &str, parameter: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("{noun} `{name}` is given `{parameter}` twice"))
        .label(at, "given again here")
        .help("remove one of the two")
}
