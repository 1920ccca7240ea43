//! Puts an output where it belongs: as a whole or not at all, only where it changed, and never over what somebody else wrote.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::{e0801_foreign_file, e0802_shared_output, e0804_cannot_write};
use pipelay::workflow::header;

use super::input::why;
use super::specs::{LEADS_OUT, leads_out};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is new.
    Created,
    /// It was replaced.
    Changed,
    /// It said the same already, and was not touched.
    Unchanged,
}

/// An output to write.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    /// The root of the repository of the spec.
    pub(crate) root: &'a Path,
    /// The path of the spec from there.
    pub(crate) spec: &'a str,
    /// Where to write.
    pub(crate) file: &'a Path,
    /// What messages call that.
    pub(crate) shown: &'a str,
    /// What to write.
    pub(crate) text: &'a str,
}

/// Writes an output. Without `force`, a file that pipelay did not write, or wrote for another spec that is still there, is left alone.
pub(crate) fn write_output(output: &Output<'_>, force: bool) -> Result<Written, Diag> {
    let refused = |error: io::Error| e0804_cannot_write::cannot_write(output.shown, &why(error.kind(), &error));
    if fs::metadata(output.file).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        // A device or a pipe: there is nothing to compare with, and it must not become a file.
        let mut device = fs::OpenOptions::new().write(true).open(output.file).map_err(refused)?;
        return device.write_all(output.text.as_bytes()).map(|()| Written::Changed).map_err(refused);
    }
    sweep(directory(output.file));
    let old = match fs::read(output.file) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(refused(error)),
    };
    if let Some(old) = &old {
        if same(old, output.text) {
            return Ok(Written::Unchanged);
        }
        if !force {
            may_replace(old, output)?;
        }
    }
    replace(output.file, output.text).map_err(refused)?;
    Ok(if old.is_some() { Written::Changed } else { Written::Created })
}

/// Whether two texts differ in nothing but how their lines end: git may check files out with CRLF.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || one.contains('\r') && one.replace("\r\n", "\n") == other
}

/// Whether `old`, which stands where the output should go, may go.
pub(crate) fn may_replace(old: &str, output: &Output<'_>) -> Result<(), Diag> {
    match header::is_ours(old) {
        None if old.trim().is_empty() => Ok(()),
        None => Err(e0801_foreign_file::foreign_file(output.shown, output.spec)),
        // A spec that was moved leaves its output behind, and that is to be taken over.
        Some(_) if header::specs(old).any(|spec| spec == output.spec) => Ok(()),
        Some(_) => match header::specs(old).find(|spec| output.root.join(spec).is_file()) {
            Some(spec) => Err(e0802_shared_output::shared_output(output.shown, spec, output.spec)),
            None => Ok(()),
        },
    }
}

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = (".pipelay-", ".tmp");

/// Replaces a file as a whole: whoever reads it, or kills us, finds the old text or the new one. A link in a repository may be of a pull request: where it leads out
/// of that, nothing is written.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    // A link stays one: what it points to is replaced, or made.
    let linked = || fs::read_link(file).map(|to| directory(file).join(to));
    let real = file.canonicalize().or_else(|_| linked()).unwrap_or_else(|_| file.to_owned());
    if leads_out(file, &real) {
        return Err(io::Error::other(LEADS_OUT));
    }
    let file = real;
    let mut temporary = temporary_in(directory(&file))?;
    temporary.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&file) {
        fs::set_permissions(temporary.path(), old.permissions())?;
    }
    temporary.persist(&file).map_err(|error| error.error)?;
    Ok(())
}

/// The directory of a file.
fn directory(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file in a directory, which is made. It is locked, and the system unlocks it when its process ends, however that ends: so
/// [`sweep`] knows what nobody uses any more.
fn temporary_in(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    fs::create_dir_all(directory)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Those of a new file, less the umask; a temporary file is else for its owner alone.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    loop {
        let temporary = builder.tempfile_in(directory)?;
        // A file system without locks has none for `sweep` either.
        let _ = temporary.as_file().lock();
        // Another process may have swept it away before it was locked.
        if temporary.path().exists() {
            return Ok(temporary);
        }
    }
}

/// Removes the temporary files that processes left in a directory when they were killed.
fn sweep(directory: &Path) {
    let ours = |name: &str| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| ours(&entry.file_name().to_string_lossy())) {
        // The lock is held until the file is gone, for `temporary_in` to wait.
        let file = File::open(entry.path());
        if file.as_ref().is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
