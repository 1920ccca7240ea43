//! The source of a job: the tracked files that it is about.

use super::{EdgeKind, Plan};
use crate::hir::Job;
use crate::map::IndexMap;
use crate::pattern::{Pattern, select};
use crate::text::Text;

impl Plan {
    /// The files of `tracked` that a work reads, and that its toolchains do, in the order of `tracked`. None where it names no source, and so depends on the whole
    /// repository: also if it reads what another job writes. A writer takes no source away: a file that git tracks and a job writes is both.
    pub fn source<'t>(&self, work: &str, tracked: &'t [String]) -> Option<Vec<&'t str>> {
        let job = &*self.works.get(work)?.job;
        if read(job, tracked).iter().all(|found| !found) {
            return None;
        }
        Some(
            tracked
                .iter()
                .zip(read_with_tools(job, tracked))
                .filter(|(_, found)| *found)
                .map(|(path, _)| path.as_str())
                .collect(),
        )
    }

    /// How many of some changes, each the paths that it is of, touch each work: something that it or its toolchains read, or a work whose files it reads.
    /// Who names no source is touched by all.
    pub fn touched(&self, tracked: &[String], changes: &[Vec<String>]) -> IndexMap<String, usize> {
        // What a change took away is no longer tracked.
        let mut paths: Vec<String> = changes.iter().flatten().cloned().collect();
        paths.sort_unstable();
        paths.dedup();
        let mut touched: IndexMap<&str, Vec<bool>> = IndexMap::default();
        for (id, work) in &self.works {
            let mut own = vec![true; changes.len()];
            if self.source(id, tracked).is_some() {
                let found = read_with_tools(&work.job, &paths);
                let is_read = |path: &String| paths.binary_search(path).is_ok_and(|place| found[place]);
                own = changes.iter().map(|change| change.iter().any(is_read)).collect();
                let makers = self.edges.iter().filter(|edge| edge.to == *id && matches!(edge.kind, EdgeKind::Data { .. }));
                for maker in makers.filter_map(|edge| touched.get(edge.from.as_str())) {
                    own.iter_mut().zip(maker).for_each(|(own, maker)| *own |= maker);
                }
            }
            touched.insert(id, own);
        }
        touched.into_iter().map(|(id, own)| (id.to_owned(), own.into_iter().filter(|touched| *touched).count())).collect()
    }
}

/// For each path, whether a job reads it, in all rows or in some.
fn read(job: &Job, paths: &[String]) -> Vec<bool> {
    files(with_rows(job).map(|job| job.reads.iter()), paths)
}

/// The same, and whether one of its toolchains does.
fn read_with_tools(job: &Job, paths: &[String]) -> Vec<bool> {
    let mut found = read(job, paths);
    let toolchains = with_rows(job).flat_map(|job| job.toolchains.values()).map(|toolchain| toolchain.reads.iter());
    found.iter_mut().zip(files(toolchains, paths)).for_each(|(found, tool)| *found |= tool);
    found
}

/// A job, and its rows with statements of their own.
fn with_rows(job: &Job) -> impl Iterator<Item = &Job> {
    let (_, rows) = job.written_rows();
    std::iter::once(job).chain(rows.iter().map(|row| &row.job))
}

/// For each path, whether one of the lists takes it; in a list, `!…` takes away what comes before it.
fn files<'a>(lists: impl Iterator<Item = impl Iterator<Item = &'a Text>>, paths: &[String]) -> Vec<bool> {
    let mut found = vec![false; paths.len()];
    for list in lists {
        let patterns: Vec<Pattern> = list.map(|text| Pattern::new(text)).collect();
        // In order, as the paths are.
        let mut chosen = select(&patterns, paths).into_iter().peekable();
        for (path, found) in paths.iter().zip(&mut found) {
            *found |= chosen.next_if(|chosen| chosen == path).is_some();
        }
    }
    found
}
