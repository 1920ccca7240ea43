//! Patterns of what is read and written: none is longer than a path can be, none stands for too many others.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0204_endless_expansion::too_large;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::hir::{Origin, Pipeline};
use crate::pattern::{Excess, MAX_ALTERNATIVES, MAX_LENGTH, Pattern};
use crate::text::Text;

/// Looks at the patterns of every job and row.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        for each in job.written_rows().1.iter().map(|row| &row.job).chain([&**job]) {
            let patterns = each.reads.iter().chain(each.writes.iter().map(|writes| &writes.pattern));
            patterns.for_each(|pattern| one(pattern, &each.origin, diags));
        }
    }
}

fn one(pattern: &Text, origin: &Origin, diags: &mut Vec<Diag>) {
    let at = pattern.span();
    let diag = match Pattern::new(pattern).excess {
        Some(Excess::Length(length)) => {
            let wanted = format!("a path of at most {MAX_LENGTH} bytes");
            bad_value(&format!("a text of {length} bytes"), &wanted, "reads src/**", at)
        }
        Some(Excess::Alternatives) => {
            too_large("patterns", MAX_ALTERNATIVES, at).help("write fewer alternatives, or a wider pattern")
        }
        None => return,
    };
    diags.push(origin.explain(diag));
}
