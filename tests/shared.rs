//! Where tests find their inputs.

use std::path::{Path, PathBuf};

use pipelay::Spec;
use pipelay::facts::Facts;

/// The files of a folder below the project's root that end in `extension`, by name.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    list(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extension)
}

/// The same for a folder of `../shared` (or of `$PIPELAY_SHARED`), which a plain clone does not have: then none, and stderr says so.
pub(crate) fn shared_files(folder: &str, extension: &str) -> Vec<PathBuf> {
    shared(folder).map(|path| list(&path, extension)).unwrap_or_default()
}

/// A path in `../shared`, where it exists.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("PIPELAY_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(path);
    if !path.exists() {
        eprintln!("note: {} is not here: not tested with it", path.display());
        return None;
    }
    Some(path)
}

fn list(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    let mut found: Vec<_> =
        entries.unwrap_or_default().into_iter().filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    found.sort();
    found
}

/// A spec, as if it lay in `.github/workflows` of a repository that tracks the files which its `# Files: a, b` names.
pub(crate) fn spec(path: &Path) -> (Spec, Facts) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    let facts = facts(&text);
    (Spec { path: format!(".github/workflows/{name}"), text }, facts)
}

/// What is known of the repository of a spec: the files that its `# Files: a, b` names. Without one, nothing.
pub(crate) fn facts(text: &str) -> Facts {
    let mut tracked: Vec<String> = remark(text, "Files").into_iter().map(str::to_owned).collect();
    tracked.sort();
    Facts { tracked: (!tracked.is_empty()).then_some(tracked), ..Facts::default() }
}

/// The items of a comment `# NAME: a, b` among the first lines of a spec.
pub(crate) fn remark<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let line = text.lines().take_while(|line| line.starts_with('#')).find_map(|line| line.strip_prefix(&format!("# {name}: ")));
    line.into_iter().flat_map(|line| line.split(", ")).collect()
}

/// The folder of the installed validators, as `../shared/judge/setup` or `.ci/run` makes it.
pub(crate) fn oracle() -> PathBuf {
    std::env::var_os("ORACLE_HOME").map_or_else(|| PathBuf::from("/tmp/oracle"), PathBuf::from)
}

/// A tool that `.ci/run` installs, by its path in the folder of the validators. Elsewhere it may be missing, and stderr says so; there a test
/// that did not run would be one that cannot fail.
pub(crate) fn tool(path: &str) -> Option<PathBuf> {
    let tool = oracle().join(path);
    if tool.exists() {
        return Some(tool);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing, and .ci/run installs it", tool.display());
    eprintln!("skipped: {} is not here", tool.display());
    None
}
