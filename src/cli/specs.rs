//! Which specs a command is about, and where their output goes.
//!
//! A spec is known by its path from the root of its repository, found upwards by `.git`, so that messages and output are the same from
//! whichever directory the command is given. Where there is no repository, the current directory takes its place.

use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use pipelay::diagnostics::Diag;

use super::Misuse;
use super::import::workflows_in;
use super::input::{Text, read_any};
use super::revision::Revision;

/// Where GitHub looks for workflows, and where specs live.
pub(crate) const WORKFLOWS: &str = ".github/workflows";

/// A spec on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The root of its repository.
    pub(crate) root: PathBuf,
    /// Whether that is a repository.
    pub(crate) git: bool,
    /// Its path from there, with `/`.
    pub(crate) path: String,
    /// The file.
    pub(crate) file: PathBuf,
    /// It is read from standard input: there is no such file.
    pub(crate) stdin: bool,
    /// The revision that it and all around it are read from, where they are not read from disk.
    pub(crate) at: Option<Rc<Revision>>,
}

impl Target {
    /// The file it compiles to, from the root: beside it in `.github/workflows`, else there under its name. It ends with `.yml`, or with `.yaml`
    /// where there is such a file.
    pub(crate) fn output(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let stem = name.strip_suffix(".pipe").unwrap_or(name);
        let [short, long] = ["yml", "yaml"].map(|end| format!("{WORKFLOWS}/{stem}.{end}"));
        // A workflow that was imported keeps the name that badges and callers know.
        if self.has(&long) && !self.has(&short) { long } else { short }
    }

    /// Whether its repository has a file of that path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.at.as_ref().map_or_else(|| self.root.join(path).exists(), |revision| revision.has(path))
    }

    /// A file of its repository, byte for byte.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(revision) = &self.at {
            return revision.bytes(path);
        }
        let file = self.root.join(path);
        if leads_out(&file, &file) { None } else { std::fs::read(file).ok() }
    }

    /// A file of its repository, as text.
    pub(crate) fn text(&self, path: &str) -> Result<Text, Diag> {
        match &self.at {
            Some(revision) => revision.text(path),
            None => read_any(&self.root.join(path), path),
        }
    }

    /// The same spec as that revision has it.
    pub(crate) fn at(&self, revision: &Rc<Revision>) -> Self {
        Self { at: Some(Rc::clone(revision)), ..self.clone() }
    }

    /// A spec of that path, there or not.
    pub(crate) fn new(named: &Path) -> Self {
        let absolute = std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
        // Links on the way are resolved, so that the way to a file does not matter; a file that is itself a link keeps its name.
        let parent =
            absolute.parent().map(|parent| parent.canonicalize().unwrap_or_else(|_| parent.to_owned())).unwrap_or_default();
        let file = absolute.file_name().map_or_else(|| parent.clone(), |name| parent.join(name));
        let root = root_of(&parent);
        let (root, git) = root.map_or_else(|| (current(), false), |root| (root, true));
        let path = file.strip_prefix(&root).unwrap_or_else(|_| file.file_name().map_or(&file, Path::new));
        let path = Some(slashed(path)).filter(|path| !path.is_empty()).unwrap_or_else(|| ".".to_owned());
        Self { path, root, git, file, stdin: false, at: None }
    }

    /// Standard input, as if it were a file of the current directory: what it imports is found from there.
    pub(crate) fn stdin() -> Self {
        Self { stdin: true, ..Self::new(Path::new("<stdin>")) }
    }

    /// Whether a path is that of the spec, by whatever way.
    pub(crate) fn is(&self, path: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        !self.stdin && real(path).is_some_and(|path| real(&self.file) == Some(path))
    }
}

/// The specs that were named, each once; where none was, all of the repository that the command stands in.
pub(crate) fn targets(named: &[PathBuf]) -> Result<Vec<Target>, Misuse> {
    let mut targets: Vec<Target> = Vec::new();
    for target in named.iter().map(|path| Target::new(path)) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    if named.is_empty() {
        let root = repository();
        targets = specs_in(&root.join(WORKFLOWS)).iter().map(|path| Target::new(path)).collect();
        if targets.is_empty() {
            let help = if !root.join(".git").exists() {
                "name a file, or go to a git repository: there, `pipelay init` writes a first spec"
            } else if workflows_in(&root.join(WORKFLOWS)).is_empty() {
                "`pipelay init` writes a first one; a spec elsewhere is named"
            } else {
                "`pipelay import` makes specs of the workflows that are there, `pipelay init` writes a new one"
            };
            return Err(Misuse::new(format!("no file was named, and there is no `{WORKFLOWS}/*.pipe` in `{}`", root.display()))
                .help(help));
        }
    }
    Ok(targets)
}

/// The `.pipe` files of a directory, by name.
pub(crate) fn specs_in(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut specs: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "pipe") && !path.is_dir()).collect();
    specs.sort();
    specs
}

/// The root of the repository that the command stands in.
pub(crate) fn repository() -> PathBuf {
    let current = current();
    root_of(&current).unwrap_or(current)
}

/// The root of the repository that a directory lies in, where it lies in one.
fn root_of(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find(|root| root.join(".git").exists()).map(Path::to_owned)
}

/// Whether a file of a repository is a link to something outside of it, `real`. It may be of a pull request: what is read is shown, and what is written is run.
pub(crate) fn leads_out(file: &Path, real: &Path) -> bool {
    let root = std::path::absolute(file).ok().and_then(|file| root_of(file.parent()?));
    // Of a link to what is not there, the folder decides.
    let real = || real.canonicalize().ok().or_else(|| real.parent()?.canonicalize().ok());
    root.and_then(|root| root.canonicalize().ok()).zip(real()).is_some_and(|(root, real)| !real.starts_with(root))
}

/// Why such a file is neither read nor written.
pub(crate) const LEADS_OUT: &str = "it is a link that leads out of the repository";

/// The directory that the command is given in.
pub(crate) fn current() -> PathBuf {
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    current.canonicalize().unwrap_or(current)
}

/// A relative path with `/`, on Windows too.
fn slashed(path: &Path) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(path: &str) -> String {
        Target { root: PathBuf::new(), git: true, path: path.into(), file: PathBuf::new(), stdin: false, at: None }.output()
    }

    #[test]
    fn output_lies_where_github_looks() {
        assert_eq!(output(".github/workflows/ci.pipe"), ".github/workflows/ci.yml");
        assert_eq!(output("tools/release.v2.pipe"), ".github/workflows/release.v2.yml");
        // GitHub does not look into folders there.
        assert_eq!(output(".github/workflows/more/ci.pipe"), ".github/workflows/ci.yml");
    }
}
