//! Brings the messages of all phases into the order in which they are read.
//!
//! A fault in a loop or a template is found once for each use, and a name that nothing defines once for each place that names it. Saying
//! it twenty times hides the next fault: messages in the same words become one with all their places, where they speak of one place or
//! of one name. Two blocks that are never closed stay two messages.

use std::collections::{HashMap, HashSet};

use super::codes::e0110_too_many_errors::too_many_errors;
use super::{Diag, Severity};
use crate::source::Span;

/// Messages about a name: the same name at several places is one fault.
const ABOUT_A_NAME: &[&str] =
    &["E0201", "E0202", "E0208", "E0401", "E0608", "E0609", "E0610", "E0611", "E0612", "W0206", "W0323", "W0656", "W0701"];

/// How many places one message shows.
pub(super) const MAX_LABELS: usize = 8;

/// The messages by position; those of the same code and wording made one, with the labels of all: first the places of the first,
/// then those that the others add, at most `MAX_LABELS`, with the number of the rest said at the last.
pub fn merge(mut diags: Vec<Diag>) -> Vec<Diag> {
    // Without a place means about the whole file: first.
    diags.sort_by_key(|diag| (!diag.labels.is_empty(), diag.span(), diag.code.id));
    let mut merged: Vec<Diag> = Vec::with_capacity(diags.len());
    let mut known: HashMap<(&'static str, String, Option<Span>), usize> = HashMap::new();
    for diag in diags {
        let place = (!ABOUT_A_NAME.contains(&diag.code.id)).then(|| diag.span());
        let key = (diag.code.id, diag.message.clone(), place);
        if let Some(&index) = known.get(&key) {
            let first = &mut merged[index];
            first.labels.extend(diag.labels);
            first.help = first.help.take().or(diag.help);
        } else {
            known.insert(key, merged.len());
            merged.push(diag);
        }
    }
    merged.iter_mut().for_each(trim);
    merged
}

/// More errors than this help nobody: a generated file may have one in each of its thousands of jobs.
const MAX_ERRORS: usize = 500;

/// The messages up to the last error that is shown, and how many errors follow.
pub fn cap(mut diags: Vec<Diag>) -> Vec<Diag> {
    let mut errors = diags.iter().enumerate().filter(|(_, diag)| diag.severity() == Severity::Error);
    if let Some((at, span)) = errors.nth(MAX_ERRORS).map(|(at, diag)| (at, diag.span())) {
        diags.truncate(at);
        diags.push(too_many_errors(MAX_ERRORS, span));
    }
    diags
}

/// Every place once, and not too many.
fn trim(diag: &mut Diag) {
    let mut seen = HashSet::new();
    diag.labels.retain(|label| seen.insert((label.span, label.text.clone())));
    let more = diag.labels.len().saturating_sub(MAX_LABELS);
    diag.labels.truncate(MAX_LABELS);
    if let Some(last) = diag.labels.last_mut() {
        and_more(&mut last.text, more);
    }
}

/// Says at a label how many places beside it are not shown.
pub(super) fn and_more(text: &mut String, more: usize) {
    if more > 0 {
        let places = if more == 1 { "place" } else { "places" };
        let and = if text.is_empty() { "and" } else { ", and" };
        *text = format!("{text}{and} {more} more {places}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::e0610_unknown_property::CODE as A;
    use crate::diagnostics::codes::w0701_not_acted_on::CODE as B;
    use crate::source::Span;

    fn at(start: u32) -> Span {
        Span::new(start, start + 1)
    }

    #[test]
    fn the_same_message_is_said_once_with_all_its_places() {
        let diags = vec![
            Diag::new(&A, "x").label(at(9), "here").label(at(2), "defined here"),
            Diag::new(&A, "y").label(at(4), "here"),
            Diag::new(&A, "x").label(at(3), "here").label(at(2), "defined here").help("do"),
            Diag::new(&B, "x").label(at(3), "here"),
        ];
        let merged = merge(diags);
        let shown: Vec<_> =
            merged.iter().map(|diag| (diag.code.id, diag.labels.iter().map(|it| it.span.start).collect())).collect();
        assert_eq!(shown, [("E0610", vec![3, 2, 9]), ("W0701", vec![3]), ("E0610", vec![4])]);
        assert_eq!(merged[0].help.as_deref(), Some("do"));
        assert_eq!(merge(merged.clone()), merged);
    }

    #[test]
    fn many_places_are_counted_not_shown() {
        let merged = merge((0..20).map(|n| Diag::new(&A, "x").label(at(n), "here")).collect());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].labels.len(), MAX_LABELS);
        assert_eq!(merged[0].labels[MAX_LABELS - 1].text, "here, and 12 more places");
    }
}
