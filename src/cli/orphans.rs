//! Workflows that pipelay wrote for a spec that is not there any more: it was deleted, or renamed and compiles to another file.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::{e0804_cannot_write, e0805_orphan};
use pipelay::workflow::header;

use super::input::why;
use super::session::Session;
use super::specs::{Target, WORKFLOWS, repository, targets};
use super::{Misuse, git};

/// How much of a file is read to find its header.
const HEAD: u64 = 64 << 10;

/// Such a workflow.
#[derive(Debug)]
pub(crate) struct Orphan {
    /// Its path from the root of the repository.
    pub(crate) path: String,
    /// The spec that it names.
    pub(crate) spec: String,
    file: PathBuf,
    head: String,
}

/// The specs that were named; where none was, all of the repository, and with them the workflows whose spec is gone.
pub(crate) fn with_orphans(named: &[PathBuf]) -> Result<(Vec<Target>, Vec<Orphan>), Misuse> {
    match targets(named) {
        Ok(targets) if named.is_empty() => {
            let orphans = orphans(&repository(), &targets);
            Ok((targets, orphans))
        }
        Ok(targets) => Ok((targets, Vec::new())),
        // The last spec may be gone, and its output not.
        Err(misuse) => match orphans(&repository(), &[]) {
            orphans if orphans.is_empty() => Err(misuse),
            orphans => Ok((Vec::new(), orphans)),
        },
    }
}

/// The workflows whose spec is gone, by name. What a spec compiles to is none of them, even if it was another spec's before.
fn orphans(root: &Path, targets: &[Target]) -> Vec<Orphan> {
    let entries = fs::read_dir(root.join(WORKFLOWS)).into_iter().flatten().flatten();
    // A link is somebody's own work, whatever it points to.
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|it| it.is_file())).map(|entry| entry.path());
    let workflows = files.filter(|path| path.extension().is_some_and(|end| end == "yml" || end == "yaml"));
    let mut orphans: Vec<Orphan> = workflows.filter_map(|file| orphan(root, file)).collect();
    orphans.retain(|orphan| targets.iter().all(|target| target.output() != orphan.path));
    orphans.sort_by(|one, other| one.path.cmp(&other.path));
    orphans
}

fn orphan(root: &Path, file: PathBuf) -> Option<Orphan> {
    let mut head = Vec::new();
    File::open(&file).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head).into_owned();
    // What was compiled from standard input names no spec that could be gone.
    let gone = |spec: &str| pipelay::is_spec(spec) && !root.join(spec).exists();
    let spec = header::is_ours(&head).filter(|_| header::specs(&head).all(gone))?.to_owned();
    let path = format!("{WORKFLOWS}/{}", file.file_name()?.to_string_lossy());
    Some(Orphan { path, spec, file, head })
}

impl Orphan {
    /// Says that it should not be there.
    pub(crate) fn report(self, session: &mut Session) {
        let line = self.head.lines().position(|line| header::is_ours(line).is_some()).unwrap_or_default();
        session.say_at(&self.path, self.head, line, |at| e0805_orphan::orphan(&self.path, &self.spec, at));
    }

    /// Removes it; the name by which git has what it held.
    ///
    /// Nothing tells whether somebody edited it: a checksum in the header would, and would conflict in every merge. So it is not asked. Git is given a
    /// copy, as `git add` gives it one, and keeps it, committed or not, for some weeks at least. Where there is no git, the file stays,
    /// unless `force` says that nothing in it is needed.
    pub(crate) fn remove(&self, root: &Path, force: bool) -> Result<Option<String>, Diag> {
        let copy = keep(root, &self.file);
        if copy.is_none() && !force {
            return Err(e0804_cannot_write::cannot_keep(&self.path));
        }
        let refused = |error: std::io::Error| e0804_cannot_write::cannot_remove(&self.path, &why(error.kind(), &error));
        fs::remove_file(&self.file).map_err(refused)?;
        Ok(copy)
    }
}

/// Puts a copy of a file into git's store; the name that it has there.
fn keep(root: &Path, file: &Path) -> Option<String> {
    git::ask(root, &["hash-object".as_ref(), "-w".as_ref(), "--no-filters".as_ref(), "--".as_ref(), file.as_os_str()])
}
