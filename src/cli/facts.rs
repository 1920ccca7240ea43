//! What the compiler is told of the repository.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::e0742_unreadable_lock::unreadable_lock;
use pipelay::facts::Facts;
use pipelay::pins::github;
use pipelay::pins::lock::PATH as LOCK;
use pipelay::profile::Profile;
use pipelay::{Spec, imports, is_spec, locals};

use super::git;
use super::input::{Text, read_any};
use super::session::Session;
use super::specs::Target;

/// The facts for a spec, and what is wrong with the bytes of each file it imports. An error is a lock file that cannot be read: without it
/// the output would have other pins.
pub(crate) fn facts(target: &Target, spec: &Spec, session: &mut Session) -> Result<(Facts, Vec<(String, Diag)>), Diag> {
    let tracked = tracked(target, session);
    let (texts, mut faults) = texts(target, spec, session);
    let lock = if target.has(LOCK) { Some(target.text(LOCK)?) } else { None };
    let lock = lock.map(|lock| {
        faults.extend(lock.faults.map(|fault| (LOCK.to_owned(), fault)));
        lock.text
    });
    let github = target.bytes(github::PATH).map(|bytes| String::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned()));
    let onboarded = match github.map(|text| github::onboarded(&text?, &target.output())) {
        Some(Err(why)) => return Err(unreadable_lock(&why)),
        Some(Ok(onboarded)) => onboarded,
        None => None,
    };
    let profile = profile(target)?;
    let profile = profile.map(|profile| {
        faults.extend(profile.faults.map(|fault| (Profile::path(&target.path), fault)));
        profile.text
    });
    Ok((Facts { tracked, texts, lock, profile, committed: committed(target), onboarded }, faults))
}

/// The lock file of a repository, where it has one.
pub(crate) fn lock(root: &Path) -> Result<Option<Text>, Diag> {
    let file = root.join(LOCK);
    if file.exists() { read_any(&file, LOCK).map(Some) } else { Ok(None) }
}

/// The profile of a spec, where it has one.
pub(crate) fn profile(target: &Target) -> Result<Option<Text>, Diag> {
    let path = Profile::path(&target.path);
    if let Some(revision) = &target.at {
        return revision.has(&path).then(|| revision.text(&path)).transpose();
    }
    let file = target.file.with_extension("profile.json");
    if !target.stdin && file.exists() { read_any(&file, &path).map(Some) } else { Ok(None) }
}

/// The output of a spec as it is there. What cannot be read has no pins to take over, and is for the verb to complain of.
fn committed(target: &Target) -> Option<String> {
    let bytes = target.bytes(&target.output())?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The files that git tracks, sorted; none without git or a repository. Git is asked once for all targets of a repository.
pub(crate) fn tracked(target: &Target, session: &mut Session) -> Option<Vec<String>> {
    if let Some(revision) = &target.at {
        return Some(revision.files.clone());
    }
    if let Some(known) = session.tracked.get(&target.root) {
        return known.clone();
    }
    let tracked = if target.git { listed(&target.root, &[]) } else { None };
    let root = target.root.display();
    match &tracked {
        Some(files) => session.detail("Read", &format!("what git tracks in `{root}`: files: {}", files.len())),
        None => session.detail("Note", &format!("git names no files of `{root}`: patterns are not compared with them")),
    }
    session.tracked.insert(target.root.clone(), tracked.clone());
    tracked
}

/// What `git ls-files` with these arguments lists, sorted; none where git fails.
pub(crate) fn listed(root: &Path, arguments: &[&str]) -> Option<Vec<String>> {
    let all: Vec<&str> = ["--literal-pathspecs", "ls-files", "-z"].iter().chain(arguments).copied().collect();
    let mut files = git::names(root, &all)?;
    files.sort_unstable();
    // A file in conflict is listed once for each side, and one that is asked for in two ways for each.
    files.dedup();
    Some(files)
}

/// Everything that a spec imports, and what that imports, each file once; then what all of them use of the repository, as far as it is there.
/// What cannot be read is left out: the compiler says so where it is asked for.
fn texts(target: &Target, spec: &Spec, session: &Session) -> (BTreeMap<String, String>, Vec<(String, Diag)>) {
    let (mut texts, mut faults, mut used) = (BTreeMap::new(), Vec::new(), locals(spec));
    let mut open = imports(spec);
    while let Some(path) = open.pop() {
        if let Some(imported) = new(target, &path, spec, &texts) {
            session.detail("Read", &format!("`{path}`, which is imported"));
            faults.extend(imported.faults.map(|fault| (path.clone(), fault)));
            let imported = Spec { path: path.clone(), text: imported.text };
            open.extend(imports(&imported));
            used.extend(locals(&imported));
            texts.insert(path, imported.text);
        }
    }
    while let Some(path) = used.pop() {
        // A file with faults is for those who compile it to complain of.
        if let Some(found) = new(target, &path, spec, &texts).filter(|found| found.faults.is_none()) {
            session.detail("Read", &format!("`{path}`, which is used"));
            let found = Spec { path: path.clone(), text: found.text };
            if is_spec(&path) {
                used.extend(imports(&found));
            }
            texts.insert(path, found.text);
        }
    }
    (texts, faults)
}

/// A file that was not read before. Nothing outside the repository is read, whatever a spec says.
fn new(target: &Target, path: &str, spec: &Spec, known: &BTreeMap<String, String>) -> Option<Text> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if inside && path != spec.path && !known.contains_key(path) { target.text(path).ok() } else { None }
}
