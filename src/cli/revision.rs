//! The files of a repository as one of its revisions has them: what the compiler is told of the past.

use std::path::{Path, PathBuf};

use pipelay::diagnostics::codes::{e0108_cannot_read, e0821_no_such_past as no_past};
use pipelay::diagnostics::{Diag, nearest};

use super::git::{self, Refusal};
use super::input::{Text, read_from};
use super::specs::Target;

/// A commit of a repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Revision {
    root: PathBuf,
    commit: String,
    /// What it tracks, sorted.
    pub(crate) files: Vec<String>,
    /// The commits of its submodules, by their folder.
    modules: Vec<(String, String)>,
}

impl Revision {
    /// The commit that git calls so, in the repository of a spec.
    pub(crate) fn find(target: &Target, name: &str) -> Result<Self, Diag> {
        let root = &target.root;
        if !target.git {
            return Err(no_past::no_repository(&root.display().to_string()));
        }
        let commit = if name.starts_with('-') { None } else { commit(root, name)? };
        let Some(commit) = commit else { return Err(unknown(root, name)) };
        let list = ["ls-tree", "-r", "-z", "--full-tree", &commit];
        let printed = git::names(root, &list).ok_or_else(|| unknown(root, name))?;
        let (mut files, mut modules) = (Vec::new(), Vec::new());
        // `100644 blob OID<TAB>PATH`
        for (what, path) in printed.iter().filter_map(|line| line.split_once('\t')) {
            let mut words = what.split(' ').skip(1);
            if let (Some("commit"), Some(oid)) = (words.next(), words.next()) {
                modules.push((path.to_owned(), oid.to_owned()));
            }
            files.push(path.to_owned());
        }
        files.sort_unstable();
        Ok(Self { root: root.clone(), commit, files, modules })
    }

    /// Whether there is a file of that path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok()
    }

    /// A file, byte for byte; a link leads to what it names, as long as that is tracked.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        for (folder, commit) in &self.modules {
            if let Some(rest) = path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/')) {
                return file(&self.root.join(folder), commit, rest);
            }
        }
        file(&self.root, &self.commit, path)
    }

    /// A file as text.
    pub(crate) fn text(&self, path: &str) -> Result<Text, Diag> {
        let bytes = self.bytes(path).ok_or_else(|| e0108_cannot_read::missing(path, None))?;
        read_from(bytes.as_slice(), path)
    }
}

fn commit(root: &Path, name: &str) -> Result<Option<String>, Diag> {
    match git::answer(root, &["rev-parse", "--verify", &format!("{name}^{{commit}}")], "") {
        Ok(commit) => Ok(Some(String::from_utf8_lossy(&commit).trim().to_owned())),
        Err(Refusal::NotThere) => Err(no_past::no_git()),
        // A repository that git does not open has no revisions at all.
        Err(Refusal::Says(_)) => match git::answer(root, &["rev-parse", "--git-dir"], "") {
            Err(Refusal::Says(why)) => Err(no_past::refused(&root.display().to_string(), &why)),
            _ => Ok(None),
        },
    }
}

/// Git knows no revision of that name: the branch or tag that is meant, or where older commits are.
fn unknown(root: &Path, name: &str) -> Diag {
    let list = ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"];
    let printed = git::ask(root, &list).unwrap_or_default();
    // The branch of a server is known as `origin/main` where it was never checked out.
    let of_a_server = printed.lines().find(|line| line.split_once('/').is_some_and(|(_, branch)| branch == name));
    let near = of_a_server.or_else(|| nearest(name, printed.lines()));
    let shallow = git::ask(root, &["rev-parse", "--is-shallow-repository"]).as_deref() == Some("true");
    no_past::unknown(name, near, shallow)
}

/// What `cat-file` prints is a line, `OID blob SIZE`, then the file; of a file that is not there it is the line alone.
fn file(repository: &Path, commit: &str, path: &str) -> Option<Vec<u8>> {
    let asked = format!("{commit}:{path}\n");
    let printed = git::answer(repository, &["cat-file", "--batch", "--follow-symlinks"], &asked).ok()?;
    let end = printed.iter().position(|&byte| byte == b'\n')?;
    let head = String::from_utf8_lossy(&printed[..end]).into_owned();
    let size = head.split_once(" blob ")?.1.parse().ok()?;
    printed.get(end + 1..)?.get(..size).map(<[u8]>::to_vec)
}
