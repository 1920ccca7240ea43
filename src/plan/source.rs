//! The source of a job: the tracked files that it is about.

use super::Plan;
use crate::pattern::{Pattern, select};
use crate::text::Text;

impl Plan {
    /// The files of `tracked` that a work reads, and that its toolchains do, in the order of `tracked`. None where it names no source, and so depends on the whole
    /// repository: also if it reads what another job writes. A writer takes no source away: a file that git tracks and a job writes is both.
    pub fn source<'t>(&self, work: &str, tracked: &'t [String]) -> Option<Vec<&'t str>> {
        let job = &*self.works.get(work)?.job;
        let (_, rows) = job.written_rows();
        let jobs = || std::iter::once(job).chain(rows.iter().map(|row| &row.job));
        let mut found = files(jobs().map(|job| job.reads.iter()), tracked);
        if found.iter().all(|found| !found) {
            return None;
        }
        let toolchains = jobs().flat_map(|job| job.toolchains.values()).map(|toolchain| toolchain.reads.iter());
        let of_tools = files(toolchains, tracked);
        found.iter_mut().zip(of_tools).for_each(|(found, tool)| *found |= tool);
        Some(tracked.iter().zip(found).filter(|(_, found)| *found).map(|(path, _)| path.as_str()).collect())
    }
}

/// For each tracked file, whether one of the lists takes it; in a list, `!…` takes away what comes before it.
fn files<'a>(lists: impl Iterator<Item = impl Iterator<Item = &'a Text>>, tracked: &[String]) -> Vec<bool> {
    let mut found = vec![false; tracked.len()];
    for list in lists {
        let patterns: Vec<Pattern> = list.map(|text| Pattern::new(text)).collect();
        // In order, as `tracked` is.
        let mut chosen = select(&patterns, tracked).into_iter().peekable();
        for (path, found) in tracked.iter().zip(&mut found) {
            *found |= chosen.next_if(|chosen| chosen == path).is_some();
        }
    }
    found
}
