//! Names of artifacts, each its own within the workflow, and their paths as `actions/upload-artifact` takes them.

use std::collections::{HashMap, HashSet};

use super::archive::with_stand_ins;
use super::handover::all_writes;
use crate::hir::{Job, Keep};
use crate::pattern;
use crate::plan::Plan;

/// So much of a path is in a name: a file may be called by no more than 255 bytes, and a number tells names apart that begin alike.
const LONGEST: usize = 50;

/// What artifacts are called.
pub(super) struct Names {
    /// In lower case.
    taken: HashSet<String>,
    /// By job and written path.
    paths: HashMap<(String, String), String>,
}

impl Names {
    /// None given yet, but for those that the author gives.
    pub(super) fn of(plan: &Plan) -> Self {
        let kept = plan.works.values().flat_map(|work| &work.job.keeps).filter_map(|keep| keep.name.as_ref());
        Self { taken: kept.map(|name| name.to_lowercase()).collect(), paths: HashMap::new() }
    }

    /// The name of what a job hands over: the job's, with the path behind a point where it writes several. No id has a point in it.
    pub(super) fn of_path(&mut self, job: &Job, path: &str) -> String {
        let key = (job.id.clone(), path.to_owned());
        if let Some(known) = self.paths.get(&key) {
            return known.clone();
        }
        let all = all_writes(job).into_iter().flatten().filter(|writes| !writes.pattern.starts_with('!'));
        let several = all.count() > 1;
        let short = |path: String| path.chars().take(LONGEST).collect::<String>();
        let name = if several { format!("{}.{}", job.id, short(plain(path, &['_', '-']))) } else { job.id.clone() };
        let name = self.take(name);
        self.paths.insert(key, name.clone());
        name
    }

    /// The name of what a job keeps: as written, else the job's with the last part of the first path.
    pub(super) fn of_keep(&mut self, keep: &Keep, job: &Job) -> String {
        if let Some(name) = &keep.name {
            return name.as_str().to_owned();
        }
        let first = keep.paths.first().map(|path| path.trim_matches('/').rsplit('/').next().unwrap_or_default());
        let last =
            first.filter(|last| !last.contains("${{")).map(|last| plain(last, &['_', '-', '.'])).filter(|last| !last.is_empty());
        self.take(format!("{}-{}", job.id, last.as_deref().unwrap_or("files")))
    }

    /// The name, or the first free one with a number.
    fn take(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !self.taken.contains(&name.to_lowercase()));
        let free = free.unwrap_or(name);
        self.taken.insert(free.to_lowercase());
        free
    }
}

/// A path as part of a name: with dashes for all but letters, digits and what is `kept`.
fn plain(path: &str, kept: &[char]) -> String {
    let path = path.replace("${{", "").replace("}}", "");
    let words = path.split(|char: char| !(char.is_alphanumeric() || kept.contains(&char)));
    words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// The paths that a pattern stands for: `{a,b}` is none of those that artifacts know. `${{ }}` is left as it is.
pub(super) fn expand(path: &str) -> Vec<String> {
    if !path.replace("${{", "").contains('{') {
        return vec![path.to_owned()];
    }
    // So that the commas and braces of expressions are not taken for alternatives.
    let (plain, holes) = with_stand_ins(path);
    let filled = |path: String| holes.iter().fold(path, |path, (stand_in, hole)| path.replace(*stand_in, hole));
    pattern::alternatives(&plain).into_iter().map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::{expand, plain};

    #[test]
    fn braces_become_paths_and_expressions_stay() {
        assert_eq!(expand("dist/"), ["dist/"]);
        assert_eq!(
            expand("{a,b}/${{ format('{0},{1}', matrix.a, 1) }}/*.{js,css}"),
            [
                "a/${{ format('{0},{1}', matrix.a, 1) }}/*.js",
                "a/${{ format('{0},{1}', matrix.a, 1) }}/*.css",
                "b/${{ format('{0},{1}', matrix.a, 1) }}/*.js",
                "b/${{ format('{0},{1}', matrix.a, 1) }}/*.css",
            ]
        );
    }

    #[test]
    fn paths_become_parts_of_names() {
        assert_eq!(plain("bin/${{ matrix.arch }}/", &[]), "bin-matrix-arch");
        assert_eq!(plain("a*b.txt", &['.']), "a-b.txt");
    }
}
