//! A machine that has less than a job asks for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0348",
    title: "machine that is too small",
    page: r"
`resources` says what a job needs of its machine. The one that it names has less, or, with `runner auto`, none of those that it may run on has as much:
GitHub's standard machines, and those that the spec names in `runners` with a known price.

GitHub's larger machines have labels that each organisation chooses, and cost money in public repositories too: so none is taken that is not named. In a
public repository the standard ones are larger than in a private one, which is said by `optimize { public on }`.

## Bad
```pipe
on push

job simulate {
  runner auto
  resources { cpu: 16, memory: 64GB }
  run make simulate
}
```

## Good
```pipe
on push

runners { large: { label: our-16-cores, cores: 16 } }

job simulate {
  takes 30m
  runner auto
  resources { cpu: 16, memory: 64GB }
  run make simulate
}
```
",
};

/// What there is that is larger.
pub enum Larger {
    /// The same machine in a public repository.
    InPublic,
    /// A larger machine of GitHub's with so many processors.
    Cores(u32),
    /// None that is known.
    None,
}

impl Larger {
    fn help(&self) -> String {
        match self {
            Self::InPublic => {
                "ask for less, or say `optimize { public on }` where the repository is public: it has more there".to_owned()
            }
            Self::Cores(cores) => {
                format!(
                    "ask for less, or name a larger machine that you have: `runners {{ large: {{ label: LABEL, cores: {cores} }} }}`"
                )
            }
            Self::None => "ask for less, or name a machine of your own in `runners` that has it, with its `price`".to_owned(),
        }
    }
}

/// `job` runs on `machine`, named at `runner`, which has the first of `has` and not the second.
pub fn too_small(job: &str, machine: &str, (has, asked): (&str, &str), larger: &Larger, at: Span, runner: Span) -> Diag {
    Diag::new(&CODE, format!("`{job}` needs {asked}, and `{machine}` has {has}"))
        .label(at, "what it needs")
        .label(runner, "the machine")
        .help(larger.help())
}

/// `job` may run on no machine that has what it asks for; `machine` is the largest, and has the first of `has` and not the second.
pub fn no_machine(job: &str, machine: &str, (has, asked): (&str, &str), larger: &Larger, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{job}` needs {asked}, and no machine that it may run on has that"))
        .label(at, format!("the largest is `{machine}` with {has}"))
        .help(larger.help())
}
