//! `hashFiles` of what git does not track: its answer is the empty text, and a key made of it never changes.

use super::Lowering;
use crate::catalog::library;
use crate::diagnostics::codes::w0215_nothing_found::nothing_hashed;
use crate::expr::text::holes;
use crate::hir::expand::near_pattern;
use crate::hir::hashed::{hashed, patterns_of};
use crate::hir::visit::{self, Asks};
use crate::hir::{Job, Pipeline, StepKind};
use crate::pattern::{Pattern, any};
use crate::source::Span;

impl Lowering<'_> {
    /// Warns of such calls. What a job or an install writes may be there by then, but not when caches are restored; the files of another repository
    /// may be there even then.
    pub(super) fn hashes(&self, pipeline: &Pipeline) {
        let Some(tracked) = self.x.facts.tracked.as_deref() else { return };
        let jobs = || pipeline.jobs.values();
        let written = jobs().flat_map(|job| job.writes.iter().map(|writes| &writes.pattern));
        let installed = jobs().flat_map(|job| job.toolchains.values()).flat_map(|toolchain| &toolchain.writes);
        let made: Vec<Pattern> = written.chain(installed).map(|text| Pattern::new(text)).collect();
        for job in jobs().filter(|job| !fetches_itself(job)) {
            visit::job(job, &mut |site| {
                let (Asks::Text(text) | Asks::Whole(text)) = site.asks else { return };
                if !text.contains("hashFiles(") || library::holds(text.span()) || of_a_toolchain(job, text.span()) {
                    return;
                }
                let is_key = job.caches.iter().any(|cache| cache.key.span() == text.span());
                for (_, expr) in holes(text) {
                    for (patterns, call) in hashed(&expr) {
                        let all = patterns_of(&patterns);
                        let elsewhere = |text: &&str| text.starts_with(['~', '/', '$']);
                        if any(&all, tracked)
                            || patterns.iter().any(elsewhere)
                            || !is_key && made.iter().any(|made| all.iter().any(|pattern| pattern.meets(made, [])))
                        {
                            continue;
                        }
                        let near = if let [one] = patterns.as_slice() { near_hash(one, tracked) } else { None };
                        let at = text.source(call.span.start as usize..call.span.end as usize);
                        self.x.report_at(site.origin, nothing_hashed(&patterns.join(", "), near.as_deref(), is_key, at));
                    }
                }
            });
        }
    }
}

/// A pattern near to this one that something matches: the same file in a folder, or one that is called nearly so.
fn near_hash(pattern: &str, tracked: &[String]) -> Option<String> {
    let deeper = |path: &String| path.strip_suffix(pattern).is_some_and(|folder| folder.ends_with('/'));
    if tracked.iter().any(deeper) { Some(format!("**/{pattern}")) } else { near_pattern(pattern, tracked) }
}

/// Whether a text stands in the definition of a toolchain: it is meant for other repositories, too.
fn of_a_toolchain(job: &Job, at: Span) -> bool {
    let texts = job.toolchains.values().flat_map(|toolchain| toolchain.caches.iter().map(|cache| cache.key.span()));
    texts.into_iter().any(|key| key == at)
}

/// Whether a job says itself what it fetches, and where to.
fn fetches_itself(job: &Job) -> bool {
    job.steps.iter().any(|step| match &step.kind {
        StepKind::Checkout(with) => with.contains_key("repository") || with.contains_key("path"),
        StepKind::Uses { action, .. } => action.starts_with("actions/checkout@"),
        _ => false,
    })
}
