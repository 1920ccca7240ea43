//! Short questions to git.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Why git has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no git.
    NotThere,
    /// It says so itself.
    Says(String),
}

/// What git prints, asked in a directory; none where there is no git, or it refuses.
pub(crate) fn ask(directory: &Path, args: &[impl AsRef<OsStr>]) -> Option<String> {
    let printed = answer(directory, args, "").ok()?;
    Some(String::from_utf8_lossy(&printed).trim_end_matches('\n').to_owned())
}

/// What git prints, byte for byte, when it is asked in a directory and reads that.
pub(crate) fn answer(directory: &Path, args: &[impl AsRef<OsStr>], input: &str) -> Result<Vec<u8>, Refusal> {
    let mut git = Command::new("git");
    git.arg("-C").arg(directory).args(args);
    let input_from = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
    let mut child = git.stdin(input_from).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|_| Refusal::NotThere)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Who does not read it has his reason, which he says.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|_| Refusal::NotThere)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
    Err(Refusal::Says(said.strip_prefix("fatal: ").unwrap_or(&said).to_owned()))
}

/// Names that git prints with a NUL behind each.
pub(crate) fn names(directory: &Path, args: &[&str]) -> Option<Vec<String>> {
    let printed = ask(directory, args)?;
    Some(printed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}
