//! A toolchain or a shell on machines of a system that it is not for.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0746",
    title: "toolchain or shell of another system",
    page: r"
`apt` is there on Debian and Ubuntu alone, and Homebrew on macOS and Linux. Where some rows of a job run on such a system, the steps are for those; here none
does, and they fail. What the file says of all jobs is left out in a job of another system. The shells `cmd` and `powershell` are Windows' own; `pwsh` is there on all of GitHub's machines.

## Bad
```pipe
job test {
  runner windows-2025
  toolchain apt { packages: [jq] }
  run jq . data.json
}
```

## Good
```pipe
job test {
  runner windows-2025
  run choco install jq
  run jq . data.json
}
```
",
};

/// The toolchain `name` at `at` is for `systems`, and the job runs on `other`.
pub fn toolchain_of_another_system(name: &str, systems: &[&str], other: &str, at: Span) -> Diag {
    Diag::new(&CODE, format!("`{name}` is for {}, and the job runs on {other}", systems.join(" and ")))
        .label(at, "its steps fail there")
        .help(format!("leave it out, or run the job on a machine with {}", systems.first().copied().unwrap_or_default()))
}

/// The `shell` at `at` is Windows' own, and the job runs on `other`.
pub fn shell_of_another_system(shell: &str, other: &str, at: Span) -> Diag {
    let help = if shell == "powershell" {
        "write `shell pwsh`, which is there, too"
    } else {
        "run it on a machine with Windows, or for another shell"
    };
    Diag::new(&CODE, format!("`{shell}` is a shell of Windows, and the job runs on {other}"))
        .label(at, "the step fails there")
        .help(help)
}
