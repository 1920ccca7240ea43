//! Short questions to git.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// What git prints, asked in a directory; none where there is no git, or it refuses.
pub(crate) fn ask(directory: &Path, args: &[impl AsRef<OsStr>]) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(directory).args(args).stdin(Stdio::null());
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

/// Names that git prints with a NUL behind each.
pub(crate) fn names(directory: &Path, args: &[&str]) -> Option<Vec<String>> {
    let printed = ask(directory, args)?;
    Some(printed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}
